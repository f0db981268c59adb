import Foundation
import Testing

/// A new LLM's way, as docs/cold-start.md walks it: a plan, its answers, a model that knows it, a pool that routes to it.
@Suite struct NewLLMChainTests {
  private static let (queries, llms, new) = (400, 14, "m13")

  /// Answers of LLMs of rising ability to queries of two kinds, which the embeddings tell, and the embeddings.
  private func tables() -> (answers: [[Int]], embeddings: String) {
    var state: UInt64 = 11
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    var embeddings = "query" + (0..<3).map { ",e\($0)" }.joined() + "\n"
    let answers = (0..<Self.queries).map { query -> [Int] in
      let side = query % 2 == 0 ? 1.0 : -1
      embeddings += "q\(query),\(side + 0.2 * uniform()),\(uniform()),\(uniform())\n"
      let ease = 2 * uniform() - 1
      return (0..<Self.llms).map { llm in
        let logOdds = 0.12 * Double(llm) - 0.4 + ease + (llm % 2 == 0 ? side : -side)
        return uniform() < 1 / (1 + exp(-logOdds)) ? 1 : 0
      }
    }
    return (answers, embeddings)
  }

  @Test func fromAPlanToAPool() throws {
    let scratch = try Scratch()
    let (answers, embeddings) = tables()
    func table(_ llms: Range<Int>) -> String {
      "benchmark,query,llm,score\n"
        + answers.enumerated().map { query, row in
          llms.map { "mine,q\(query),m\($0),\(row[$0])\n" }.joined()
        }.joined()
    }
    func run(_ program: String, _ words: String...) throws -> Tool {
      let tool = try Tool(program, words)
      try #require(tool.status == 0, "\(words[0]): \(tool.errors)")
      return tool
    }
    let vectors = try scratch.write("vectors.csv", embeddings)
    for (name, llms) in [("known", 0..<Self.llms - 1), ("whole", 0..<Self.llms)] {
      _ = try run(
        "rs-data", "import", "csv", try scratch.write("\(name).csv", table(llms)), "--embeddings", vectors,
        "--output", scratch[name])
    }
    _ = try run(
      "rs-train", "--data", scratch["known"], "--model", "mirt", "--factors", "2", "--output",
      scratch["model"])
    let plan = try run(
      "rs-coldstart", "plan", "--model", scratch["model"], "--anchors", "40", "--output", scratch["plan.csv"])
    #expect(plan.output.contains("fill in the column score"))
    // Graded as a user does it: the empty column filled in, all else as it was.
    let lines = try String(contentsOfFile: scratch["plan.csv"], encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 41)
    let filled = try lines.enumerated().map { number, line -> String in
      guard number > 0 else { return String(line) }
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let query = try #require(Int(fields[1].dropFirst()))
      fields[2] = "\(answers[query][Self.llms - 1])"
      return fields.joined(separator: ",")
    }
    let graded = try scratch.write("filled.csv", filled.joined(separator: "\n") + "\n")
    let placed = try run(
      "rs-coldstart", "place", "--model", scratch["model"], "--answers", graded, "--name", Self.new,
      "--output",
      scratch["with-it"], "--json")
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(placed.output.utf8)) as? [[String: Any]])
    let accuracy = try #require((entries.first?["accuracies"] as? [[String: Any]])?.first)
    let truth = Double(answers.reduce(0) { $0 + $1[Self.llms - 1] }) / Double(Self.queries)
    let (low, high) = (accuracy["low"] as? Double ?? 1, accuracy["high"] as? Double ?? 0)
    #expect(low <= truth + 0.05 && truth - 0.05 <= high, "\(truth) in [\(low), \(high)]")
    #expect(accuracy["answered"] as? Int == 40)
    // The pool of all LLMs, the new one among them, routes better than it does by one LLM for all.
    let routed = try run(
      "rs-eval", "--data", scratch["whole"], "--model", scratch["with-it"], "--pools", "10", "--groups",
      "all_strong", "--routers", "best-single", "--resamples", "10", "--json")
    #expect(routed.errors.contains("trained on another dataset"))
    let cells = try #require(try routed.json()["cells"] as? [[String: Any]])
    #expect(cells.count == 1 && routed.output.contains("with-it"))
  }
}
