import FileFormats
import Foundation
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

/// The tables of an experiment with logs, what they sum up to, and the folder that keeps them.
@Suite struct DebiasingResultTests {
  static func kind(_ policy: String = "difficulty", rows: Int = 1_000, grading: String = "all") -> LogKind {
    LogKind(
      benchmark: "b", size: 3, group: .allStrong, policy: policy, grading: grading, rows: rows)
  }

  private let learned = [
    LearnedRouter(kind("uniform"), log: 0, method: "none", mu: 0.68, fullMu: 0.7),
    LearnedRouter(kind("uniform"), log: 1, method: "none", mu: 0.66, fullMu: 0.7),
    LearnedRouter(kind(), log: 0, method: "none", mu: 0.62, fullMu: 0.7),
    LearnedRouter(kind(), log: 1, method: "none", mu: 0.58, fullMu: 0.7),
    LearnedRouter(kind(), log: 0, method: "stack", mu: 0.66, fullMu: 0.7),
    LearnedRouter(kind(), log: 1, method: "stack", mu: 0.64, fullMu: 0.7),
  ]

  private func estimate(
    _ log: Int, _ router: String, truth: Double, _ estimate: Double?, half: Double = 0.05, ess: Double = 30
  ) -> EstimatedRouter {
    EstimatedRouter(
      Self.kind(), log: log, router: router, estimator: "snips", truth: truth, estimate: estimate,
      low: max(0, (estimate ?? 0.5) - half), high: min(1, max(0, (estimate ?? 0.5) + half)),
      effectiveSampleSize: ess)
  }

  @Test func whatOnlyChoosesHasNoWorth() throws {
    let estimates = ["a", "b"].map {
      EstimatedRouter(
        Self.kind(), log: 0, router: $0, estimator: EstimatedRouter.shrunkName, truth: 0.6, estimate: 0.7,
        low: 0.5, high: 0.9, effectiveSampleSize: 30)
    }
    let summary = try #require(EstimatorSummary.of(estimates).first)
    #expect(summary.bias == nil && summary.coverage == nil && summary.effectiveSampleSize == 30)
    #expect(CoverageSummary.of(estimates).isEmpty)
    #expect(SelectionSummary.of(estimates).count == 1)
  }

  @Test func lossesGainsAndWhatIsWonBack() throws {
    let summaries = LossSummary.of(learned)
    #expect(summaries.map(\.method) == ["none", "none", "stack"])
    let (uniform, naive, stack) = (summaries[0], summaries[1], summaries[2])
    #expect(abs(uniform.loss - 0.03) < 1e-12 && uniform.recovered == nil)
    #expect(abs(naive.loss - 0.1) < 1e-12 && naive.recovered == 0 && naive.gain == 0)
    #expect(abs(stack.loss - 0.05) < 1e-12)
    #expect(abs((stack.gain ?? 0) - 0.05) < 1e-12)
    // Gains of 0.04 and 0.06: paired, half of what two independent errors would be.
    #expect(abs((stack.gainError ?? 0) - 0.01) < 1e-12)
    #expect(abs((stack.recovered ?? 0) - 5.0 / 7) < 1e-9)
    // Uniform logs that differ by as much leave nothing of which a share could be told.
    let noisy = [0.7, 0.6].enumerated().map {
      LearnedRouter(Self.kind("uniform"), log: $0, method: "none", mu: $1, fullMu: 0.7)
    }
    #expect(LossSummary.of(noisy + learned.dropFirst(2)).allSatisfy { $0.recovered == nil })
  }

  @Test func biasCoverageAndRegret() throws {
    let estimates = [
      estimate(0, "a", truth: 0.6, 0.62), estimate(0, "b", truth: 0.5, 0.7),
      estimate(1, "a", truth: 0.6, 0.58), estimate(1, "b", truth: 0.5, nil),
    ]
    let summary = try #require(EstimatorSummary.of(estimates).first)
    #expect(summary.estimates == 3 && summary.logs == 2)
    // Log 0: (0.02 + 0.2)/2, log 1: −0.02.
    #expect(abs((summary.bias ?? 0) - 0.045) < 1e-12)
    #expect(abs((summary.coverage ?? 0) - 0.75) < 1e-12)
    let choice = try #require(SelectionSummary.of(estimates).first)
    #expect(abs(choice.regret - 0.05) < 1e-12 && choice.isBest == 0.5 && choice.routers == 2)
    #expect(abs(choice.regretByLot - 0.05) < 1e-12)
    let ranges = CoverageSummary.of(estimates + [estimate(2, "a", truth: 0.6, 0.6, ess: 20)])
    #expect(ranges.map(\.from) == [20] && ranges.map(\.estimates) == [4])
    #expect(abs((ranges.first?.coverage ?? 0) - 0.75) < 1e-12)
  }

  @Test func tablesReadBackToTheBit() throws {
    let folder = try TemporaryFolder()
    let odd = LearnedRouter(Self.kind("softmax:0.1"), log: 3, method: "none", mu: 0.1 + 0.2, fullMu: 1.0 / 3)
    try AtomicFile.write(LearnedTable.csv(learned + [odd]), to: "\(folder.path)/l.csv")
    #expect(try LearnedTable.read("\(folder.path)/l.csv") == learned + [odd])
    let estimates = [
      estimate(0, "a,b", truth: 1.0 / 3, -0.2), estimate(1, "b", truth: 0.5, nil, ess: 0),
    ]
    try AtomicFile.write(EstimatedTable.csv(estimates), to: "\(folder.path)/e.csv")
    #expect(try EstimatedTable.read("\(folder.path)/e.csv") == estimates)
  }

  @Test(arguments: [
    ("0.68", "1.68"), ("0.68", "nan"), ("difficulty,all,1000", "difficulty,all,-1"),
    ("all_strong", "strongest"), ("none", ""), ("b,3", "../b,3"), ("full_mu", "other"),
  ])
  func damagedTablesAreRefused(what: String, by: String) throws {
    let folder = try TemporaryFolder()
    let text = LearnedTable.csv(learned).replacingOccurrences(of: what, with: by)
    try AtomicFile.write(text, to: "\(folder.path)/l.csv")
    if by.isEmpty {
      #expect(try LearnedTable.read("\(folder.path)/l.csv").count == learned.count)
    } else {
      #expect(throws: FileError.self) { try LearnedTable.read("\(folder.path)/l.csv") }
    }
  }

  static func configuration(seed: UInt64 = 0) -> DebiasingConfiguration {
    DebiasingConfiguration(
      version: "1", datasetHash: nil, benchmarks: ["b"], encoder: "e", sizes: [3], groups: [.allStrong],
      poolQueries: .train, policies: ["difficulty"], gradings: ["all"], methods: ["stack"],
      estimators: ["snips"], rows: [1_000], logs: 2, floor: 0.05, seed: seed)
  }

  @Test func folderKeepsPartsAndFinishes() throws {
    let scratch = try TemporaryFolder()
    let path = "\(scratch.path)/run"
    let estimates = [estimate(0, "a", truth: 0.6, 0.62)]
    do {
      let folder = try DebiasingFolder(path, configuration: Self.configuration())
      #expect(try folder.part(of: Self.kind()) == nil)
      let own = learned.filter { $0.kind == Self.kind() }
      try folder.save(DebiasingFolder.Part(learned: own, estimated: estimates), of: Self.kind())
      #expect(try folder.part(of: Self.kind())?.learned == own)
      #expect(try folder.part(of: Self.kind(rows: 5_000)) == nil)
      #expect(throws: FileError.self) { try FinishedDebiasing(path) }
    }
    #expect(throws: FileError.self) { try DebiasingFolder(path, configuration: Self.configuration(seed: 1)) }
    do {
      let folder = try DebiasingFolder(path, configuration: Self.configuration())
      try folder.finish(DebiasingResult(learned: learned, estimated: estimates, skipped: []))
    }
    let finished = try FinishedDebiasing(path)
    #expect(finished.configuration == Self.configuration())
    #expect(finished.configuration.policies == ["uniform", "difficulty"])
    #expect(finished.configuration.methods == ["none", "stack"])
    #expect(finished.result.learned == learned && finished.result.estimated == estimates)
    #expect(finished.result.losses == LossSummary.of(learned))
    let losses = try String(contentsOfFile: "\(path)/losses.csv", encoding: .utf8)
    #expect(losses.split(separator: "\n").count == 4)
    #expect(
      losses.hasPrefix(
        "benchmark,m,group,policy,grading,rows,method,logs,loss,loss_se,gain,gain_se,recovered\n"))
  }
}
