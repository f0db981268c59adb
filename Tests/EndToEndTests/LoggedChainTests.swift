import Foundation
import Testing

/// A log's way: a router that a biased log taught serves a policy, whose own log says what routers are worth.
@Suite struct LoggedChainTests {
  private static let (queries, llms, pool) = (2_000, 10, 4)

  /// Answers to queries of two kinds, which the embeddings tell, and of an ease that they lack; the first four LLMs are the
  /// pool, of which m2 is best at one kind and m3 at the other.
  private func tables() -> (all: String, pool: String, embeddings: String, means: Double) {
    var state: UInt64 = 11
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    var embeddings = "query,e0,e1\n"
    let header = "benchmark,query,llm,score\n"
    var (all, pool, right) = (header, header, 0)
    for query in 0..<Self.queries {
      let side = query % 2 == 0 ? 1.0 : -1
      embeddings += "q\(query),\(side + 0.2 * uniform()),\(uniform())\n"
      let ease = 8 * uniform() - 4
      for llm in 0..<Self.llms {
        let isOffered = llm < Self.pool
        let logOdds = ease + (isOffered ? 0.3 * Double(llm) : 0) + (llm % 2 == 0 ? side : -side)
        let answer = uniform() < 1 / (1 + exp(-logOdds)) ? 1 : 0
        let row = "mine,q\(query),m\(llm),\(answer)\n"
        all += row
        guard isOffered else { continue }
        pool += row
        right += answer
      }
    }
    return (all, pool, embeddings, Double(right) / Double(Self.queries * Self.pool))
  }

  private func run(_ program: String, _ words: String...) throws -> Tool {
    let tool = try Tool(program, words)
    try #require(tool.status == 0, "\(words): \(tool.errors)")
    return tool
  }

  private func routers(in tool: Tool, cell: Bool) throws -> [String: [String: Any]] {
    let json = try tool.json()
    let place = cell ? (json["cells"] as? [[String: Any]])?.first : json
    let routers = try #require(place?["routers"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: routers.map { ($0["name"] as? String ?? "", $0) })
  }

  // Hard queries went to strong LLMs, so plain answers rank the LLMs upside down; the served policy picks right answers more often
  // than chance does, so the plain mean of its log is far from what random picks earn. Either goes wrong without propensities.
  @Test func fromALogToARouterToItsOwnLog() throws {
    let scratch = try Scratch()
    let made = tables()
    let vectors = try scratch.write("vectors.csv", made.embeddings)
    for (name, table) in [("all", made.all), ("pool", made.pool)] {
      _ = try run(
        "rs-data", "import", "csv", try scratch.write("\(name).csv", table), "--embeddings", vectors,
        "--output", scratch[name])
    }
    _ = try run(
      "rs-debias", "simulate", scratch["all"], "--llms", "m0,m1,m2,m3", "--policy", "difficulty", "--floor",
      ".05", "--rows", "4000", "--output", scratch["log"])
    for method in ["auto", "none"] {
      _ = try run(
        "rs-train", "--log", scratch["log"], "--model", "ridge", "--debias", method, "--output",
        scratch[method])
    }
    _ = try run(
      "rs-debias", "simulate", scratch["pool"], "--policy", "epsilon:0.4", "--router", scratch["auto"],
      "--parts", "test", "--rows", "4000", "--seed", "1", "--output", scratch["served"])
    let names = ["auto", "none", "random"]
    let suite = "auto=model:\(scratch["auto"]),none=model:\(scratch["none"]),random"
    let estimating = try run("rs-eval", "--log", scratch["served"], "--routers", suite, "--json")
    let estimated = try routers(in: estimating, cell: false)
    let known = try routers(
      in: try run(
        "rs-eval", "--data", scratch["pool"], "--pools", "4", "--groups", "all_strong", "--routers", suite,
        "--resamples", "10", "--json"), cell: true)
    var truths: [String: Double] = [:]
    for name in names {
      let mu = try #require(known[name]?["mu"] as? [String: Any])
      let truth = try #require(mu["value"] as? Double)
      truths[name] = truth
      let estimate = try #require((estimated[name]?["estimates"] as? [[String: Any]])?.first)
      let (low, high) = (estimate["low"] as? Double ?? 1, estimate["high"] as? Double ?? 0)
      #expect(low <= truth && truth <= high, "\(name): \(truth) in [\(low), \(high)]")
      #expect(abs((estimate["value"] as? Double ?? 0) - truth) < 0.05, "\(name): \(estimate), truth \(truth)")
    }
    let (auto, plain, random) = (truths["auto"] ?? 0, truths["none"] ?? 0, truths["random"] ?? 0)
    #expect(auto > plain + 0.05 && auto > random + 0.1, "\(truths)")
    #expect(abs(random - made.means) < 0.06, "\(truths)")
    #expect(!estimating.output.contains("mean weight is not 1"))
  }
}
