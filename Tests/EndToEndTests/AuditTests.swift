import Foundation
import Testing

/// `rs-data audit` on a synthetic and on a real dataset.
@Suite struct AuditTests {
  @Test func aSyntheticDatasetIsClean() throws {
    let data = try Sample.shared().data
    let run = try Tool("rs-data", "audit", "--strict", data)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.output)\(run.errors)")
    #expect(run.output.contains("LLMs that agree in at least 99.5%"))
    let one = try Tool("rs-data", "audit", "--json", "--threads", "1", "--agreement", "0.8", data)
    let two = try Tool("rs-data", "audit", "--json", "--threads", "2", "--agreement", "0.8", data)
    #expect(one.output == two.output)
    let report = try one.json()
    #expect((report["llms"] as? [Any])?.count == 12)
  }

  @Test(.enabled(if: RealData.isThere)) func mmluProHasTwins() throws {
    let scratch = try Scratch()
    let files = [
      "--scores", RealData["leaderboard_score/leaderboard_mmlu_pro.pkl"],
      "--prompts", RealData["leaderboard_prompt/leaderboard_mmlu_pro_prompt.pkl"],
      "--router-dataset", RealData["router_dataset/mmlu_pro_router_dataset.pkl"],
    ]
    #expect(try Tool("rs-data", ["import", "routereval", "--output", scratch["data"]] + files).status == 0)
    let run = try Tool("rs-data", "audit", "--json", scratch["data"])
    #expect(run.status == 0)
    let finding = try #require((try run.json()["prompts"] as? [[String: Any]])?.first)
    #expect(finding["pairs"] as? Int == 159)
    #expect(finding["test_in_train"] as? Int == 25)
    let strict = try Tool("rs-data", "audit", "--strict", scratch["data"])
    #expect(strict.status == 1)
    #expect(strict.output.contains("mmlu_pro"))
    #expect(strict.errors.hasSuffix(" findings\n"))
  }
}
