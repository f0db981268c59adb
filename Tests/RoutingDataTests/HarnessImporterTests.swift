import FileFormats
import Foundation
import Testing

@testable import RoutingData

/// Samples files in the layouts that lm-evaluation-harness writes.
@Suite struct HarnessImporterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static let time = "2024-06-01T12-34-56.789012"

  private func write(_ llm: String, _ task: String, _ lines: [String], time: String = time) throws -> String {
    try FileManager.default.createDirectory(
      atPath: scratch.file("runs/\(llm)"), withIntermediateDirectories: true)
    return try scratch.write(lines.map { $0 + "\n" }.joined(), "runs/\(llm)/samples_\(task)_\(time).jsonl")
  }

  /// A line as version 0.4.8 writes it.
  private func line(
    _ document: Int, filter: String = "none", _ metrics: [(String, String)], hash: String? = nil
  ) -> String {
    let names = metrics.map { "\"\($0.0)\"" }.joined(separator: ", ")
    let values = metrics.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
    return
      "{\"doc_id\": \(document), \"doc\": {\"question\": \"Q\(document)?\", \"answer\": [1]}, \"target\": \"1\", "
      + "\"arguments\": {\"gen_args_0\": {\"arg_0\": \"Question: Q\(document)?\", \"arg_1\": {\"until\": []}}}, "
      + "\"resps\": [[\"1\"]], \"filtered_resps\": [\"1\"], \"filter\": \"\(filter)\", \"metrics\": [\(names)], "
      + "\"doc_hash\": \"\(hash ?? "h\(document)")\", \"prompt_hash\": \"p\", \"target_hash\": \"t\", \(values)}"
  }

  private func load(_ choices: HarnessChoices = HarnessChoices(), benchmark: String? = nil) throws
    -> ImportResult
  {
    try HarnessImporter.load(
      [scratch.file("runs")], choices: choices, options: ImportOptions(benchmark: benchmark))
  }

  private func message(_ choices: HarnessChoices = HarnessChoices()) -> String? {
    failure { _ = try load(choices) }?.replacing(scratch.path + "/", with: "")
  }

  @Test func aTaskIsABenchmark() throws {
    for llm in ["org__a", "org__b"] {
      _ = try write(llm, "arc_easy", (0..<3).map { line($0, [("acc", $0 == 1 ? "1.0" : "0")]) })
      _ = try write(llm, "gsm8k", (0..<2).map { line($0, [("exact_match", llm == "org__a" ? "true" : "0")]) })
    }
    let result = try load()
    let parts = try result.dataset.benchmarks.map { try BenchmarkContents($0, in: result.dataset) }
    #expect(
      parts.map(\.name) == ["arc_easy", "gsm8k"] && result.dataset.catalog.names == ["org__a", "org__b"])
    #expect(parts[0].responses == [[0, 0], [1, 1], [0, 0]] && parts[1].responses == [[1, 0], [1, 0]])
    #expect(parts[1].ids == ["gsm8k/0", "gsm8k/1"] && parts[1].prompts == ["Q0?", "Q1?"])
    #expect(
      result.notes == [
        "task arc_easy: metric acc, filter none", "task gsm8k: metric exact_match, filter none",
      ])
    let one = try load(benchmark: "all").dataset
    #expect(
      one.benchmarks.map(\.name) == ["all"]
        && one.benchmarks[0].queries.subscenarioNames == ["arc_easy", "gsm8k"])
  }

  /// The lines of one filter stand behind all those of the other.
  @Test(arguments: ["strict", "flexible"]) func promptsAreThoseOfTheChosenFilter(filter: String) throws {
    for llm in ["a", "b"] {
      _ = try write(
        llm, "gsm8k",
        ["strict", "flexible"].flatMap { filter in
          (0..<2).map { line($0, filter: filter, [("exact_match", "1")]) }
        })
    }
    let result = try load(HarnessChoices(filters: [filter])).dataset
    #expect(try BenchmarkContents(result.benchmarks[0], in: result).prompts == ["Q0?", "Q1?"])
  }

  /// Files of version 0.4.0 have lists as arguments, and neither filter, metrics nor hashes.
  @Test func oldFiles() throws {
    _ = try write(
      "a", "boolq",
      [
        "{\"doc_id\": 7, \"doc\": {}, \"target\": \"no\", \"arguments\": [[\"Is it?\", \" no\"]], \"resps\": [], "
          + "\"filtered_resps\": [], \"acc\": 1.0, \"likelihoods\": [1, 2]}"
      ])
    let result = try load()
    let contents = try BenchmarkContents(result.dataset.benchmarks[0], in: result.dataset)
    #expect(contents.responses == [[1]] && contents.prompts == ["Is it?"] && contents.ids == ["boolq/7"])
    #expect(result.notes == ["task boolq: metric acc"])
  }

  @Test func severalFiltersAndMetricsAreTheUsersToChoose() throws {
    let lines = ["strict-match", "flexible-extract"].flatMap { filter in
      (0..<2).map {
        line($0, filter: filter, [("exact_match", filter == "strict-match" ? "0" : "1"), ("f1", "0.5")])
      }
    }
    _ = try write("a", "gsm8k", lines)
    #expect(
      message()?.hasSuffix(
        "task gsm8k has several filters (flexible-extract, strict-match): choose one with --filter") == true)
    #expect(
      message(HarnessChoices(filters: ["none"]))?.hasSuffix("choose one with --filter; it has no none")
        == true)
    #expect(
      message(HarnessChoices(filters: ["strict-match"]))?.hasSuffix(
        "task gsm8k has several metrics (exact_match, f1): choose one with --metric") == true)
    let choices = HarnessChoices(filters: ["none", "flexible-extract"], metrics: ["acc", "exact_match"])
    #expect(try load(choices).dataset.benchmarks[0].responses.llmMeans() == [1])
    let half = HarnessChoices(filters: ["strict-match"], metrics: ["f1"])
    #expect(try load(half).dataset.benchmarks[0].responses.llmMeans() == [0.5])
  }

  @Test func documentsMustBeTheSame() throws {
    _ = try write("a", "arc", [line(0, [("acc", "1")]), line(1, [("acc", "1")])])
    _ = try write("b", "arc", [line(0, [("acc", "1")]), line(1, [("acc", "1")], hash: "other")])
    #expect(
      message()?.contains("line 2: document 1 of task arc is another one than in runs/a/samples_arc_") == true
    )
  }

  @Test func theNewestRunCounts() throws {
    _ = try write("a", "arc", [line(0, [("acc", "0")])])
    _ = try write("a", "arc", [line(0, [("acc", "1")])], time: "2025-01-01T00-00-00.000000")
    let result = try load()
    #expect(result.dataset.benchmarks[0].responses.llmMeans() == [1])
    #expect(
      result.notes[0].hasSuffix(
        "_\(Self.time).jsonl: not used: a newer run of the same LLM and task is there"))
  }

  @Test func badInput() throws {
    #expect(failure { _ = try HarnessImporter.load(["none"]) } == "none: is not there")
    let other = try scratch.write("x", "answers.csv")
    #expect(failure { _ = try HarnessImporter.load([other]) }?.contains("is not called samples_") == true)
    #expect(
      failure { _ = try HarnessImporter.load([scratch.path]) }?.contains(
        "holds no samples_<task>_<time>.jsonl") == true)
    let empty = try write("a", "arc", [])
    #expect(failure { _ = try HarnessImporter.load([empty]) }?.hasSuffix("has no lines") == true)
    for (text, expected) in [
      ("{\"doc\": 1}", "line 1: \"doc_id\" is missing"),
      ("{\"doc_id\": 0.5}", "line 1: \"doc_id\": 0.5 is not a whole"),
      ("{\"doc_id\": 0, \"bleu\": [1]}", "line 1: has no metric that is a number; it has bleu"),
      (
        "{\"doc_id\": 0, \"acc\": 50}",
        "line 1: score '50.0' is not a number in [0, 1]: if 100 is the best score"
      ),
      ("PAR1", "is Parquet, expected JSON Lines"), ("[]", "line 1: "),
    ] {
      let path = try write("a", "arc", [text])
      let found = failure { _ = try HarnessImporter.load([path]) }
      #expect(found?.hasPrefix("\(path): \(expected)") == true, "\(found ?? "")")
    }
    _ = try write("a", "arc", [line(0, [("acc", "1")])])
    _ = try write("b", "arc", [line(0, [("acc", "1")])])
    #expect(
      message(HarnessChoices(llm: "x"))?.hasSuffix(
        "--llm x names one LLM, and there are the folders of 2: a, b") == true)
  }

  /// The name's parts: a task may have underscores, and a file may have lost its time.
  @Test(arguments: [
    ("samples_arc_2024-06-01T12-34-56.789012.jsonl", "arc", "2024-06-01T12-34-56.789012"),
    ("samples_mmlu_pro_2024-06-01T12-34-56.789012.jsonl.gz", "mmlu_pro", "2024-06-01T12-34-56.789012"),
    ("samples_mmlu_pro.jsonl", "mmlu_pro", ""),
  ])
  func names(name: String, task: String, time: String) throws {
    let file = try #require(HarnessFile("x/org__m/\(name)", llm: nil))
    #expect(file.task == task && file.time == time && file.llm == "org__m")
    #expect(HarnessFile("x/\(name)x", llm: nil) == nil && HarnessFile("samples_.jsonl", llm: nil) == nil)
  }
}
