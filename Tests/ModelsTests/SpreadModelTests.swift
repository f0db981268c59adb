import Factorization
import FileFormats
import Foundation
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Models

/// A model folder keeps the policy that was chosen for the model.
@Suite struct SpreadModelTests {
  private let table: TableBenchmark
  private let stored: StoredModel
  private let policy: SpreadPolicy

  init() throws {
    table = try TableBenchmark.checkerboard()
    let trained = try TrainingSample.train(
      TrainingSample.dataset(table), LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 10))
    policy = SpreadPolicy([
      SpreadPolicy.PoolRule(
        llms: table.llmNames,
        rule: SpreadRule(.temperature, strength: 3, unit: 0.5, shares: [0.5, 0.25, 0.25, 0])),
      SpreadPolicy.PoolRule(
        llms: ["llm1", "llm0"],
        rule: SpreadRule(.adjustment, strength: 0.1, unit: 2, shares: [1.0 / 3, 2.0 / 3])),
    ])
    var router = trained.router
    router.identity.policy = policy
    stored = StoredModel(router, record: trained.record)
  }

  @Test func isReadBackAndPicks() throws {
    let folder = try TemporaryFolder()
    try ModelFolder.write(stored, into: folder.path)
    let router = try ModelFolder.read(folder.path).router
    #expect(router.identity.policy == policy && router.identity == stored.router.identity)
    let candidates = table.candidates()
    let scores = try router.scores(for: table.batch(), among: candidates)
    let picks = try #require(router.policy).picks(scores, among: candidates)
    #expect(picks == policy.picks(scores, among: candidates))
    #expect(picks != HighestScore().picks(scores, among: candidates))
  }

  @Test func withoutOneThereIsNone() throws {
    let folder = try TemporaryFolder()
    var plain = stored
    plain.router.identity.policy = nil
    try ModelFolder.write(plain, into: folder.path)
    #expect(try ModelFolder.read(folder.path).router.policy == nil)
  }

  @Test(arguments: [
    ("temperature", "heat"), ("0.25", "1.25"), ("policy/units", "policy/unit"), ("policy/llms", "policy/llm"),
  ])
  func damagedPoliciesAreRefused(what: String, by: String) throws {
    let folder = try TemporaryFolder()
    try ModelFolder.write(stored, into: folder.path)
    let text = try String(contentsOfFile: folder["config.json"], encoding: .utf8)
    let other = text.replacingOccurrences(of: what, with: by)
    #expect(other != text)
    try AtomicFile.write(other, to: folder["config.json"])
    #expect(throws: FileError.self) { try ModelFolder.read(folder.path) }
  }
}
