import FileFormats
import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import RoutingData

@Suite struct LeakAuditTests {
  /// A benchmark of some prompts, split and divided into sub-scenarios as told.
  private func benchmark(
    _ name: String, _ prompts: [String], subscenarios: [Int]? = nil, parts: [SplitPart]? = nil,
    embeddings: [[Float]]? = nil, responses: [[Float]]? = nil
  ) throws -> Benchmark {
    let subscenarios = subscenarios ?? Array(repeating: 0, count: prompts.count)
    let rows = responses ?? Array(repeating: [1, 0], count: prompts.count)
    return try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: ["one", "two", "three"], subscenarios: subscenarios,
        ids: prompts.indices.map { "\(name)-\($0)" },
        embeddings: embeddings.map { ["e": NDArray(matrix: Matrix($0))] } ?? [:]),
      llms: Array(rows[0].indices), responses: SmallDataset.responses(rows),
      split: Split(parts: parts ?? Array(repeating: .train, count: prompts.count)), prompts: .memory(prompts))
  }

  private func dataset(_ benchmarks: [Benchmark], llms: Int = 2) throws -> Dataset {
    try Dataset(catalog: LLMCatalog(names: (0..<llms).map { "llm \($0)" }), benchmarks: benchmarks)
  }

  @Test func promptsInTwoSplits() throws {
    let data = try benchmark(
      "a", ["x y", "other", " x\n\ty ", "x y", "third", "other", "x  y"],
      parts: [.train, .validation, .test, .train, .test, .test, .test])
    let audit = try LeakAudit(dataset([data]))
    let finding = try #require(audit.prompts.first)
    // x y is in rows 0, 2, 3 and 6, other in 1 and 5.
    #expect(finding.pairs == 7)
    #expect(finding.pairsAcrossSplits == 5)
    #expect(finding.testInTrain == 2)
    #expect(finding.testInValidation == 1)
    #expect(finding.pairsAcrossSubscenarios == 0)
    let names = finding.examples.map { [$0.first.row, $0.second.row] }
    #expect(names == [[0, 2], [2, 3], [0, 6], [3, 6], [1, 5]])
    #expect(finding.examples[0].first.id == "a-0" && finding.examples[0].second.split == "test")
    #expect(audit.findings == 5)
  }

  @Test func promptsInTwoSubscenariosAndTwoBenchmarks() throws {
    // As GPQA's diamond is in main, and main in extended.
    let nested = try benchmark(
      "nested", ["p", "p", "q", "p", "q", "r"], subscenarios: [0, 1, 1, 2, 2, 2])
    let other = try benchmark("other", ["s", "r", "r"])
    let audit = try LeakAudit(dataset([nested, other]))
    #expect(audit.prompts[0].pairsAcrossSubscenarios == 4)
    let overlaps = audit.subscenarioOverlaps.map {
      "\($0.first) \($0.second) \($0.firstQueries) \($0.secondQueries)"
    }
    #expect(
      overlaps == ["nested/one nested/two 1 1", "nested/one nested/three 1 1", "nested/two nested/three 2 2"])
    let overlap = try #require(audit.benchmarkOverlaps.first)
    #expect(audit.benchmarkOverlaps.count == 1)
    #expect([overlap.first, overlap.second] == ["nested", "other"])
    #expect(overlap.firstQueries == 1 && overlap.secondQueries == 2)
    #expect(overlap.example.first.id == "nested-5" && overlap.example.second.id == "other-1")
  }

  @Test func nothingIsFoundWhereNothingIs() throws {
    let audit = try LeakAudit(
      dataset([benchmark("a", ["x", "y"], parts: [.train, .test]), benchmark("b", ["X", "xy"])]))
    #expect(audit.findings == 0)
    let without = try Benchmark(
      name: "w", queries: QuerySet(subscenarioNames: ["w"], subscenarios: [0, 0]), llms: [0, 1],
      responses: SmallDataset.responses([[1, 0], [0, 1]]), split: Split(parts: [.train, .test]))
    #expect(try LeakAudit(dataset([without])).prompts.first?.hasPrompts == false)
  }

  @Test func equalEmbeddings() throws {
    let data = try benchmark(
      "a", ["1", "2", "3", "4", "5"], parts: [.train, .test, .test, .validation, .train],
      embeddings: [[1, 0], [1, 0], [1, 0], [0, 1], [0.5, 0]])
    let finding = try #require(try LeakAudit(dataset([data])).embeddings.first)
    #expect(finding.pairsAcrossSplits == 2)
    #expect(finding.testInTrain == 2)
  }

  @Test func nearDuplicateLLMs() throws {
    // LLM 1 differs from LLM 0 in one query of 400, LLM 2 in every third; LLM 3 is always right.
    let rows: [[Float]] = (0..<400).map { query in
      let answer: Float = query % 2 == 0 ? 1 : 0
      return [answer, query == 7 ? 1 - answer : answer, query % 3 == 0 ? 1 - answer : answer, 1]
    }
    let data = try benchmark("a", rows.indices.map { "\($0)" }, responses: rows)
    let audit = try LeakAudit(dataset([data], llms: 4))
    let finding = try #require(audit.llms.first)
    #expect(finding.pairs == 1 && finding.llmsInPairs == 2 && finding.uniformLLMs == 1)
    #expect(
      finding.top == [.init(first: "llm 0", second: "llm 1", agreement: 1 - 1.0 / 400, commonQueries: 400)])
    var options = LeakAudit.Options()
    options.agreement = 0.998
    #expect(try LeakAudit(dataset([data], llms: 4), options: options).llms.first?.pairs == 0)
  }

  @Test func spacesDontMatterAndLettersDo() {
    #expect(RepeatedPrompts.normalized(" a\t\nb\r\n c  ") == Array("a b c".utf8))
    #expect(RepeatedPrompts.normalized(" \n ").isEmpty)
    #expect(RepeatedPrompts.normalized("ab") != RepeatedPrompts.normalized("a b"))
  }

  @Test(.enabled(if: RealData.isPresent)) func mmluProHasTheTwinsThatItsREADMENames() throws {
    let files = RouterEvalFiles(
      scores: RealData.file("leaderboard_score/leaderboard_mmlu_pro.pkl"),
      prompts: RealData.file("leaderboard_prompt/leaderboard_mmlu_pro_prompt.pkl"),
      routerDatasets: [RealData.file("router_dataset/mmlu_pro_router_dataset.pkl")])
    let finding = try #require(try LeakAudit(RouterEvalImporter.load(files).dataset).prompts.first)
    #expect(finding.pairs == 159)
    #expect(finding.testInTrain == 25)
  }
}
