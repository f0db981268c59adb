import Foundation
import Testing

/// `rs-train --pool`: a router of one pool that is trained once and stored.
@Suite struct PoolTrainingTests {
  private func routers(_ run: Tool) throws -> [String: [String: Any]] {
    let cells = try #require(try run.json()["cells"] as? [[String: Any]])
    #expect(cells.count == 1)
    let routers = try #require(cells.first?["routers"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: routers.map { ($0["name"] as? String ?? "", $0) })
  }

  private func llms(_ run: Tool) throws -> [String] {
    let cells = try #require(try run.json()["cells"] as? [[String: Any]])
    return try #require(cells.first?["llms"] as? [String])
  }

  /// The stored router and the one that `rs-eval` trains on the fly stand for the same pool.
  @Test(arguments: [["all"], ["train"]]) func aStoredRouterIsEvaluatedBesideOneOnTheFly(_ from: [String])
    throws
  {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    let trained = try Tool(
      "rs-train", "--data", data, "--model", "mlp", "--epochs", "3", "--pool", "arc/3/all_strong",
      "--pools-from", from[0], "--output", scratch["model"], "--json")
    try #require(trained.status == 0 && trained.errors.isEmpty, "\(trained.errors)")
    #expect(try trained.json()["algorithm"] as? String == "mlp")
    let config = try #require(
      JSONSerialization.jsonObject(with: bytes("\(scratch["model"])/config.json")) as? [String: Any])
    let words = [
      "--data", data, "--benchmarks", "arc", "--pools", "3", "--groups", "all_strong", "--pools-from",
      from[0],
      "--resamples", "100",
    ]
    let both = "model:\(scratch["model"]),mine=model:\(scratch["model"]),mlp"
    let run = try Tool(
      "rs-eval", ["benchmark"] + words + ["--routers", both, "--output", scratch["run"], "--json"])
    try #require(run.status == 0, "\(run.errors)")
    let found = try routers(run)
    #expect(found.keys.sorted() == ["mine", "mlp", "model"])
    for (router, result) in found {
      #expect((result["pick_shares"] as? [Any])?.count == 3, "\(router): \(result.keys.sorted())")
      let mu = try #require((result["mu"] as? [String: Any])?["value"] as? Double)
      #expect((0...1).contains(mu))
    }
    #expect(try config["llms"] as? [String] == llms(run))
    let csv = try Tool("rs-eval", words + ["--routers", both, "--csv"])
    #expect(
      csv.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[4] } == [
        "model", "mine", "mlp",
      ])
    // Two of one name are refused before anything is written.
    let equal = try Tool(
      "rs-eval",
      ["benchmark"] + words + [
        "--routers", "mlp=model:\(scratch["model"]),mlp", "--output", scratch["equal"],
      ])
    #expect(
      equal.status == 2 && equal.errors.contains("are both named 'mlp'; name one of them, as in 'mine="))
    // Other pools than its own are refused before anything is written, whatever is done first.
    let pools = [
      "--data", data, "--benchmarks", "arc", "--pools", "3", "--pools-from", from[0], "--resamples", "100",
    ]
    try Refusal.expect(
      "rs-eval",
      ["benchmark"] + pools + [
        "--routers", "oracle,model:\(scratch["model"])", "--output", scratch["other"],
      ],
      names: ["router 'model'", "not among the 3 that it was trained on"], in: scratch)
    // What it was not trained for, it refuses by name.
    let other = try Tool(
      "rs-eval", "--data", data, "--model", scratch["model"], "--benchmarks", "arc", "--pools", "3",
      "--groups",
      "all_weak", "--resamples", "100")
    #expect(other.status == 1 && other.errors.contains("not among the 3 that it was trained on"))
  }

  @Test func poolsThatThereAreNotAreRefused() throws {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    let words = ["--data", data, "--model", "mlp", "--output", scratch["model"]]
    for (pool, names) in [
      ("nothing/3/all_strong", ["unknown benchmark 'nothing'", "arc"]),
      ("arc/1000/all_strong", ["benchmark 'arc'", "a pool of 1000 needs"]),
    ] { try Refusal.expect("rs-train", words + ["--pool", pool], names: names, in: scratch) }
    for wrong in [
      ["--pool", "arc/3/strongest"], ["--pool", "arc/0/all_weak"], ["--pool", "arc"],
      ["--pool", "arc/3/all_strong", "--benchmarks", "arc"],
    ] {
      let run = try Tool("rs-train", words + wrong)
      #expect(run.status == 2 && run.errors.contains("'--pool'") && run.output.isEmpty, "\(run.errors)")
    }
    #expect(scratch.entries == [])
  }
}
