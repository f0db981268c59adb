import Foundation
import Testing

/// `rs-predict`: the same numbers as `rs-eval`, and the way from a served pick to a router learned from its log.
@Suite struct PredictTests {
  private static let embeddings = "embeddings/synthetic/gsm8k.npy"

  /// The rows of a CSV by their columns' names; no field of these tests holds a comma or a quote.
  private func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(zip(lines[0], $0), uniquingKeysWith: { first, _ in first }) }
  }

  @Test func picksAreThoseOfAnEvaluation() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let evaluated = try Tool(
      "rs-eval", "--data", sample.data, "--model", sample.model, "--benchmarks", "mmlu", "--pools", "10",
      "--groups", "all_strong", "--routers", "best-single", "--picks", scratch["picks.csv"])
    try #require(evaluated.status == 0, "\(evaluated.errors)")
    let all = rows(try String(contentsOfFile: scratch["picks.csv"], encoding: .utf8))
    let name = URL(fileURLWithPath: sample.model).lastPathComponent
    let picks = all.filter { $0["router"] == name }
    try #require(picks.count > 5)
    // Every LLM that a router picked, and the best one: a part of the pool is a pool too.
    let llms = Set(all.compactMap { $0["llm"] }).sorted()
    try #require(llms.count > 1)
    let predicted = try Tool(
      "rs-predict", "--model", sample.model, "--embeddings", "\(sample.data)/embeddings/synthetic/mmlu.npy",
      "--benchmark", "mmlu", "--llms", llms.joined(separator: ","))
    try #require(predicted.status == 0, "\(predicted.errors)")
    let found = Dictionary(
      rows(predicted.output).map { ($0["query"], $0["llm"]) }, uniquingKeysWith: { first, _ in first })
    for pick in picks { #expect(found[pick["query"]] == pick["llm"], "\(pick)") }
  }

  @Test func aLineAloneIsTheSameAsInAFile() throws {
    let sample = try Sample.shared()
    let words = ["--model", sample.model, "--all", "--embeddings"]
    let whole = try Tool("rs-predict", words + ["\(sample.data)/\(Self.embeddings)"])
    try #require(whole.status == 0, "\(whole.errors)")
    let numbers = try npyRows("\(sample.data)/\(Self.embeddings)")
    let piped = try Tool(
      "rs-predict", words + ["-"],
      input: numbers.map { row in row.map { "\($0)" }.joined(separator: " ") + "\n" }.joined())
    #expect(piped.status == 0 && piped.output == whole.output)
  }

  @Test func arraysHoldTheBitsOfTheRows() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let words = ["--model", sample.model, "--embeddings", "\(sample.data)/\(Self.embeddings)"]
    let printed = try Tool("rs-predict", words + ["--all"])
    let lines = rows(printed.output)
    for format in ["csv", "npy"] {
      let written = try Tool(
        "rs-predict", words + ["--output", scratch["p.\(format)"]] + (format == "csv" ? ["--all"] : []))
      try #require(written.status == 0 && written.output.isEmpty, "\(written.errors)")
    }
    #expect(try String(contentsOfFile: scratch["p.csv"], encoding: .utf8) == printed.output)
    let numbers = try npyRows(scratch["p.npy"]).flatMap { $0 }
    #expect(numbers == lines.compactMap { $0["probability"].flatMap(Float.init) })
    #expect(numbers.count == lines.count && numbers.count % Sample.llms == 0 && numbers.count > 0)
  }

  @Test(.enabled(if: Python.isThere, Python.reason)) func numpyReadsTheArchive() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let words = [
      "--model", sample.model, "--embeddings", "\(sample.data)/\(Self.embeddings)", "--policy",
      "epsilon:0.5", "--costs", try scratch.write("c.csv", costs(sample)),
    ]
    let printed = try Tool("rs-predict", words + ["--all"])
    try #require(printed.status == 0, "\(printed.errors)")
    let written = try Tool("rs-predict", words + ["--format", "npz", "--output", scratch["p"]])
    try #require(written.status == 0, "\(written.errors)")
    try Python.check(
      """
      z = np.load(sys.argv[1])
      rows = list(csv.DictReader(open(sys.argv[2], newline='')))
      n, m = z['probabilities'].shape
      column = lambda name: np.array([np.float32(row[name]) for row in rows]).reshape(n, m)
      assert [row['query'] for row in rows[::m]] == z['queries'].tolist()
      assert [row['llm'] for row in rows[:m]] == z['llms'].tolist()
      assert (column('probability') == z['probabilities']).all()
      assert (column('standard_error') == z['standard_errors']).all()
      assert (column('picked').argmax(1) == z['picks']).all() and len(set(z['picks'])) > 3
      assert (column('propensity')[np.arange(n), z['picks']] == z['propensities']).all()
      assert (column('cost')[0] == z['costs']).all()
      """, scratch["p"], try scratch.write("p.csv", printed.output))
  }

  /// A table of costs of all LLMs of the sample.
  private func costs(_ sample: Sample) throws -> String {
    let configuration = try JSONSerialization.jsonObject(with: bytes("\(sample.model)/config.json"))
    let llms = (configuration as? [String: Any])?["llms"] as? [String] ?? []
    return "llm,cost\n" + llms.enumerated().map { "\($1),\(Double($0 % 5) / 4)\n" }.joined()
  }

  /// The numbers of a float32 array of two dimensions.
  private func npyRows(_ path: String) throws -> [[Float]] {
    let data = try bytes(path)
    let header = Int(data[8]) + Int(data[9]) << 8
    let text = String(decoding: data[10..<10 + header], as: UTF8.self)
    let shape = text.components(separatedBy: "'shape': (")[1].prefix { $0 != ")" }
      .split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    try #require(text.contains("'<f4'"))
    let body = [UInt8](data[(10 + header)...])
    return (0..<shape[0]).map { row in
      (0..<shape[1]).map { column in
        let at = 4 * (row * shape[1] + column)
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(body[at + $1]) << (8 * UInt32($1)) }
        return Float(bitPattern: bits)
      }
    }
  }

  @Test(.enabled(if: Python.isThere, Python.reason)) func sixLinesOfNumpySayTheSame() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let predicted = try Tool(
      "rs-predict", "--model", sample.model, "--all", "--embeddings", "\(sample.data)/\(Self.embeddings)")
    try #require(predicted.status == 0)
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/model-format.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let code = text.components(separatedBy: "```python\n")[1].components(separatedBy: "```")[0]
      .replacingOccurrences(of: "\"model/", with: "sys.argv[1] + \"/")
    #expect(code.split(separator: "\n").count == 6)
    try Python.check(
      """
      from safetensors.numpy import load_file
      embeddings = np.load(sys.argv[2])
      \(code)
      rows = list(csv.DictReader(open(sys.argv[3], newline='')))
      ours = np.array([float(row['probability']) for row in rows]).reshape(p.shape)
      assert np.abs(ours - p).max() < 1e-6, np.abs(ours - p).max()
      assert len(set(row['standard_error'] for row in rows)) > 10
      """, sample.model, "\(sample.data)/\(Self.embeddings)", try scratch.write("p.csv", predicted.output))
  }

  /// Serve, log, grade, learn from the log, and evaluate off-policy.
  @Test func theCircleCloses() throws {
    let scratch = try Scratch()
    // LLM a is right where the first number is positive, b where it is not, c never.
    var (answers, embeddings) = ("query,llm,score\n", "query,x,y\n")
    var truth: [String: String] = [:]
    let queries = (0..<300).map { number -> (id: String, x: Double, y: Double) in
      let x = Double((number * 37) % 101) / 50 - 1
      return ("q\(number)", x, Double((number * 53) % 97) / 97)
    }
    for query in queries {
      for (llm, isRight) in [("a", query.x > 0), ("b", query.x <= 0), ("c", false)] {
        answers += "\(query.id),\(llm),\(isRight ? 1 : 0)\n"
        truth["\(query.id),\(llm)"] = isRight ? "1" : "0"
      }
      embeddings += "\(query.id),\(query.x),\(query.y)\n"
    }
    func run(_ words: String..., input: String = "") throws -> String {
      let tool = try Tool(words[0], Array(words.dropFirst()), input: input)
      try #require(tool.status == 0, "\(words): \(tool.errors)")
      return tool.output
    }
    _ = try run(
      "rs-data", "import", "csv", scratch.write("answers.csv", answers), "--embeddings",
      scratch.write("embeddings.csv", embeddings), "--output", scratch["data"])
    _ = try run("rs-train", "--data", scratch["data"], "--model", "ridge", "--output", scratch["model"])
    let lines = queries.map { #"{"id": "\#($0.id)", "embedding": [\#($0.x), \#($0.y)]}"# + "\n" }.joined()
    let served = try run(
      "rs-predict", "--model", scratch["model"], "--serve", "--policy", "epsilon:0.6", "--log",
      scratch["picks.csv"],
      input: lines)
    #expect(served.split(separator: "\n").count == 300 && !served.contains("error"))
    let log = try String(contentsOfFile: scratch["picks.csv"], encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(log.count == 301)
    let graded = log.enumerated().map { number, line -> String in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if number > 0 { fields[2] = truth["\(fields[0]),\(fields[1])"] ?? "" }
      return fields.joined(separator: ",") + "\n"
    }.joined()
    _ = try run(
      "rs-debias", "import", scratch.write("graded.csv", graded), "--data", scratch["data"], "--output",
      scratch["log"])
    _ = try run("rs-train", "--log", scratch["log"], "--model", "ridge", "--output", scratch["again"])
    let report = try run("rs-eval", "--log", scratch["log"], "--routers", "best-single,random", "--json")
    #expect(report.contains("best-single"))
    let again = rows(
      try run(
        "rs-predict", "--model", scratch["again"], "--embeddings", scratch["embeddings.csv"]))
    let right = again.count { truth["\($0["query"] ?? ""),\($0["llm"] ?? "")"] == "1" }
    #expect(
      again.count == 300 && right > 240, "\(right) of 300 picks of the router learned from the log are right")
  }

  @Test func whatIsWrongIsOneLine() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let file = "\(sample.data)/\(Self.embeddings)"
    func expect(_ words: [String], status: Int32 = 1, _ names: String, input: String = "") throws {
      let run = try Tool("rs-predict", ["--model", sample.model] + words, input: input)
      #expect(run.status == status && run.output.isEmpty, "\(words): \(run.errors)")
      #expect(run.errors.contains(names), "\(run.errors)")
    }
    try expect([], status: 2, "missing queries: give '--embeddings'")
    try expect(["--embeddings", file, "--text", "x"], status: 2, "both say where queries come from")
    try expect(["--embeddings", file, "--format", "npz"], status: 2, "name a file with '--output FILE'")
    try expect(["--embeddings", file, "--output", scratch["p.npy"], "--all"], status: 2, "are for rows")
    try expect(["--embeddings", file, "--overwrite"], status: 2, "'--overwrite' goes with '--output'")
    try expect(["--serve", "--output", scratch["p.npz"]], status: 2, "are not for '--serve'")
    try expect(
      ["--embeddings", file, "--output", "\(sample.model)/p.npz"], "can't be written inside the input")
    try expect(["--embeddings", "-", "--output", scratch["p.csv"]], "no query came")
    try expect(["--embeddings", "-", "--output", scratch["p.npz"]], "no query came")
    #expect(scratch.entries.isEmpty)
    try expect(["--embeddings", file, "--log", scratch["l"]], status: 2, "'--log' goes with '--serve'")
    try expect(["--embeddings", file, "--policy", "best"], status: 2, "policy 'best'")
    try expect(["--embeddings", file, "--benchmark", "none"], status: 2, "not on 'none'")
    try expect(["--embeddings", file, "--price", "nan"], status: 2, "'--price' needs a finite number")
    try expect(["--embeddings", file, "--llms", "nobody"], "unknown LLM 'nobody'")
    try expect(["--embeddings", file, "--price", "1"], "needs costs")
    try expect(["--embeddings", scratch["none.npy"]], "none.npy")
    try expect(["--embeddings", "-"], "no query came")
    try expect(["--embeddings", "-"], "line 2: 'a b' is no embedding", input: "\na b\n")
    try expect(["--embeddings", "-"], "dimensions", input: "1 2 3\n")
    try expect(["--text", "x"], "no text featurizer")
    try expect(["--text", "x", "--encoder-command", "exit 3"], "ended with status 3")
    try expect(
      ["--text", "x", "--encoder-command", "sleep 60", "--encoder-timeout", "0.2"],
      "'sleep 60': no answer within 0.2 s")
    try expect(["--text", "x", "--encoder-timeout", "5"], status: 2, "go with '--encoder-command'")
    try expect(["--text", "x", "--any-encoder"], status: 2, "go with '--encoder-command'")
    try expect(
      ["--embeddings", file, "--costs", scratch.write("c.csv", "llm,cost\nx,-1\n"), "--price", "1"],
      "line 2: cost '-1'")
  }

  @Test func aTextOfAMegabyteIsAnswered() throws {
    let sample = try Sample.shared()
    let script =
      #"while IFS= read -r line; do echo \#(Array(repeating: "0.1", count: 16).joined(separator: " ")); done"#
    let run = try Tool(
      "rs-predict", ["--model", sample.model, "--texts", "-", "--encoder-command", script],
      input: String(repeating: "word ", count: 200_000) + "\nshort\n")
    #expect(run.status == 0 && run.output.split(separator: "\n").count == 3, "\(run.errors)")
  }

  /// A line that ends the encoder, or makes it hang, is answered with its error, and later ones with their picks.
  @Test func aServiceOutlivesItsEncoder() throws {
    let sample = try Sample.shared()
    let script = """
      while IFS= read -r line; do
      case "$line" in die) exit 7;; hang) sleep 60;; esac
      echo \(Array(repeating: "0.1", count: 16).joined(separator: " ")); done
      """
    let texts = ["one", "die", "two", "hang", "three"]
    let run = try Tool(
      "rs-predict",
      ["--model", sample.model, "--serve", "--encoder-timeout", "2", "--encoder-command", script],
      input: texts.map { #"{"id": "\#($0)", "text": "\#($0)", "top": 1}"# + "\n" }.joined())
    #expect(run.status == 0, "\(run.errors)")
    let answers = run.output.split(separator: "\n")
    try #require(answers.count == 5)
    for (answer, text) in zip(answers, texts) {
      let reason = ["die": "ended with status 7", "hang": "no answer within 2.0 s"][text]
      #expect(answer.contains(reason ?? #""pick""#) && answer.contains(#""id":"\#(text)""#), "\(answer)")
    }
  }
}
