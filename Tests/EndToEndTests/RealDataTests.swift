import Foundation
import Testing

/// RouterEval's layout with real data: gsm8k with its published pools and split.
///
/// `ROUTEREC_DATA` names the folder of the files; without it `../shared/data` beside the project.
@Suite(.enabled(if: RealData.isThere, "no real data: set ROUTEREC_DATA"))
struct RealDataTests {
  @Test func gsm8kFromPicklesToReferenceMetrics() throws {
    let scratch = try Scratch()
    let (data, model) = (scratch["gsm8k"], scratch["model"])
    let scenarios = try scratch.write("scenarios.json", #"{"gsm8k": ["harness_gsm8k_5"]}"#)
    try run(
      "rs-data",
      [
        "import", "routereval", "--scores", RealData["leaderboard_score/leaderboard_gsm8k.pkl"],
        "--embeddings", RealData["leaderboard_embed/leaderboard_gsm8k_embed/sentence_bert_result.pkl"],
        "--prompts", RealData["leaderboard_prompt/leaderboard_gsm8k_prompt.pkl"], "--router-dataset",
        RealData["router_dataset/gsm8k_router_dataset.pkl"], "--scenarios", scenarios, "--output", data,
      ])
    let info = try run("rs-data", ["info", "--json", data]).json()
    let entry = try #require((info["benchmarks"] as? [[String: Any]])?.first)
    #expect(entry["benchmark"] as? String == "gsm8k")
    #expect(entry["queries"] as? Int == 1_319)
    #expect(entry["llms"] as? Int == 43)
    #expect(["train", "validation", "test"].map { entry[$0] as? Int } == [1_055, 132, 132])
    #expect(entry["published_pools"] as? Int == 9)
    try run("rs-data", ["verify", data])
    try run("rs-train", ["--data", data, "--factors", "4", "--l2", "10", "--output", model])
    let result = try run(
      "rs-eval", ["--data", data, "--model", model, "--ties", "first", "--resamples", "200", "--json"]
    ).json()
    let cells = try #require(result["cells"] as? [[String: Any]])
    #expect(cells.count == 9)
    let shared = try run("rs-eval", ["--data", data, "--resamples", "200", "--json"]).json()
    try compare(shared["cells"] as? [[String: Any]] ?? [])
  }

  /// The same pools arrive when the router dataset is all there is.
  @Test func gsm8kFromTheRouterDatasetAlone() throws {
    let scratch = try Scratch()
    let file = RealData["router_dataset/gsm8k_router_dataset.pkl"]
    try run("rs-data", ["import", "routereval", "--router-dataset", file, "--output", scratch["data"]])
    try run("rs-data", ["verify", scratch["data"]])
    let result = try run("rs-eval", ["--data", scratch["data"], "--resamples", "200", "--json"]).json()
    try compare(result["cells"] as? [[String: Any]] ?? [])
  }

  @discardableResult
  private func run(_ name: String, _ words: [String]) throws -> Tool {
    let run = try Tool(name, words)
    try #require(run.status == 0, "\(name): \(run.errors)")
    return run
  }

  /// The oracle's μ, V_B and E_p in every cell are those of `reference_metrics.csv`.
  private func compare(_ cells: [[String: Any]]) throws {
    let reference = try RealData.reference("gsm8k", router: "oracle")
    #expect(cells.count == reference.count)
    for cell in cells {
      let key = "\(cell["m"] ?? "") \(cell["group"] ?? "")"
      #expect(cell["pools"] as? String == "published")
      let expected = try #require(reference[key])
      let routers = try #require(cell["routers"] as? [[String: Any]])
      let oracle = try #require(routers.first { $0["name"] as? String == "oracle" })
      for metric in ["mu", "vb", "ep"] {
        let value = try #require((oracle[metric] as? [String: Any])?["value"] as? Double)
        let wanted = try #require(expected[metric])
        // Six digits are published.
        #expect(abs(value - wanted) <= 1e-6, "\(key) \(metric): \(value), published \(wanted)")
      }
    }
  }
}
