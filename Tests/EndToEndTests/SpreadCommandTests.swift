import Foundation
import Testing

/// `rs-debias spread`: a model whose picks are spread, and what `rs-eval` makes of it.
@Suite(.serialized) struct SpreadCommandTests {
  /// The words of a spread of a few seconds at most.
  static func spread(_ sample: Sample) -> [String] {
    [
      "spread", sample.model, "--benchmark", "mmlu", "--margin", ".2", "--pools", "3,5", "--families",
      "temperature",
    ]
  }

  @Test func spreadModelPicksByItsRules() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    let run = try Tool("rs-debias", Self.spread(sample) + ["--output", scratch["model"], "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let pools = try #require(try run.json()["pools"] as? [[String: Any]])
    #expect(pools.count == 6)
    #expect(pools.contains { $0["family"] as? String == "temperature" })
    let routed = try Tool(
      "rs-eval",
      [
        "--data", sample.data, "--benchmarks", "mmlu", "--pools", "3,5", "--resamples", "50", "--routers",
        "plain=model:\(sample.model),spread=model:\(scratch["model"])", "--json",
      ])
    #expect(routed.status == 0, "\(routed.errors)")
    let cells = try #require(try routed.json()["cells"] as? [[String: Any]])
    for pool in pools {
      let cell = try #require(
        cells.first {
          $0["m"] as? Int == pool["m"] as? Int && $0["group"] as? String == pool["group"] as? String
        })
      let routers = try #require(cell["routers"] as? [[String: Any]])
      for (name, side) in [("plain", "before"), ("spread", "after")] {
        let router = try #require(routers.first { $0["name"] as? String == name })
        let mu = (router["mu"] as? [String: Any])?["value"] as? Double
        let other = (pool[side] as? [String: Any])?["mu"] as? Double
        #expect(abs((mu ?? 0) - (other ?? 1)) < 1e-9)
      }
    }
    // Trained again without each fold, it chooses on train queries.
    let folds = try Tool("rs-debias", Self.spread(sample) + ["--folds", "2", "--json"])
    #expect(folds.status == 0, "\(folds.errors)")
    let first = try #require((try folds.json()["pools"] as? [[String: Any]])?.first)
    #expect((first["choosing_queries"] as? Int ?? 0) > 4 * (first["test_queries"] as? Int ?? 0))
  }

  @Test func tooFewQueriesAreNamed() throws {
    let run = try Tool("rs-debias", Self.spread(try Sample.shared()).map { $0 == ".2" ? ".001" : $0 })
    #expect(run.status == 0 && run.errors.contains("queries can't show a loss of less than 0.10 points"))
    #expect(run.output.contains("as it was"))
  }
}
