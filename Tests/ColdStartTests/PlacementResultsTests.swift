import FileFormats
import Foundation
import RoutingData
import TestSupport
import Testing

@testable import ColdStart

/// Estimates of some LLMs whose error falls with the answers, made up.
enum MadeUp {
  /// Estimates that are off by 0.2/√answers, on both sides.
  static func estimates(
    benchmark: String = "b", anchors: [String] = ["random", "adaptive"], counts: [Int] = [4, 16, 64],
    llms: Int = 4
  ) -> [PlacedLLM] {
    anchors.flatMap { anchors in
      counts.flatMap { count in
        EstimatorName.allCases.flatMap { estimator in
          (0..<llms).map { llm in
            let truth = 0.3 + 0.05 * Double(llm)
            let off = 0.2 / Double(count).squareRoot() * (llm % 2 == 0 ? 1 : -1)
            let own = estimator == .mean ? 2 * off : off
            return PlacedLLM(
              benchmark: benchmark, fold: "f, \"1\"", llm: "llm\(llm)", anchors: anchors,
              estimator: estimator,
              answers: count, truth: truth, estimate: truth + own, low: max(truth + own - 0.06, 0),
              high: truth + own + 0.06)
          }
        }
      }
    }
  }

  static func configuration(
    holdOut: HoldOut = .family, answers: [Int] = [4, 16, 64], dataset: String? = "d", seed: UInt64 = 0
  ) -> PlacementConfiguration {
    PlacementConfiguration(
      version: "1", datasetHash: dataset, benchmarks: ["b"], holdOut: holdOut, answers: answers,
      policies: [.adaptive, .fixed(.random)], factors: 2, llms: 9, seed: seed)
  }
}

@Suite struct PlacementResultsTests {
  @Test func answersNeededLieOnTheLine() throws {
    let needed = AnswersNeeded.of(PlacementSummary.of(MadeUp.estimates()), targets: [0.05, 0.2, 0.01])
    let own = needed.filter { $0.anchors == "adaptive" && $0.estimator == .stack }.map(\.answers)
    // 0.2/√n is 0.05 at 16 and 0.2 before 4, the smallest; at 64 it is 0.025.
    let exact = try #require(own[0])
    #expect(abs(exact - 16) < 1e-6 && own[1] == 4 && own[2] == nil)
    let mean = try #require(needed.first { $0.estimator == .mean && $0.target == 0.05 }?.answers)
    #expect(abs(mean - 64) < 1e-6)
  }

  @Test func aCurveThatComesBackNeedsMore() throws {
    let crossing = try #require(
      AnswersNeeded.crossing([(5, 0.03), (10, 0.01), (20, 0.04), (80, 0.01)], 0.02))
    #expect(abs(crossing - 40) < 1e-9)
    #expect(AnswersNeeded.crossing([(5, 0.03), (10, 0)], 0.02).map { $0 > 5 && $0 < 10 } == true)
    #expect(AnswersNeeded.crossing([], 0.02) == nil)
  }

  @Test func estimatesComeBackAsTheyWere() throws {
    let scratch = try TemporaryFolder()
    let estimates = MadeUp.estimates()
    try AtomicFile.write(EstimateTable.csv(estimates), to: scratch["e.csv"])
    #expect(try EstimateTable.read(scratch["e.csv"]) == estimates)
    let header = EstimateTable.csv([])
    for (line, reason) in [
      ("b,f,l,random,mode,5,0,0,0,0", "estimator 'mode'"), ("b,f,l,best,mean,5,0,0,0,0", "anchors 'best'"),
      ("../b,f,l,random,mean,5,0,0,0,0", "'../b' is no benchmark"),
      ("b,f,l,random,mean,-1,0,0,0,0", "number of answers"),
      ("b,f,l,random,mean,5,0,1.5,0,0", "'1.5'"), ("b,f,l,random,mean,5,0,nan,0,0", "'nan'"),
    ] {
      try AtomicFile.write(header + line + "\n", to: scratch["bad.csv"])
      let error = #expect(throws: FileError.self) { try EstimateTable.read(scratch["bad.csv"]) }
      #expect(error?.description.contains("line 2") == true && error?.description.contains(reason) == true)
    }
    try AtomicFile.write("benchmark,llm\n", to: scratch["bad.csv"])
    #expect(throws: FileError.self) { try EstimateTable.read(scratch["bad.csv"]) }
  }

  /// A mixture of ones may come to a little more than one, which no share is.
  @Test func whatIsWrittenCanBeRead() throws {
    let scratch = try TemporaryFolder()
    let over = PlacedLLM(
      benchmark: "b", fold: "f", llm: "l", anchors: "random", estimator: .stack, answers: 5, truth: 1,
      estimate: 1.0000000000000002, low: -1e-17, high: 1)
    try AtomicFile.write(EstimateTable.csv([over.bounded]), to: scratch["e.csv"])
    let read = try EstimateTable.read(scratch["e.csv"])
    #expect(read.map(\.estimate) == [1] && read.map(\.low) == [0])
  }

  @Test func aConfigurationIsTheSameHoweverItIsSaid() throws {
    let scratch = try TemporaryFolder()
    let one = MadeUp.configuration()
    let other = PlacementConfiguration(
      version: "1", datasetHash: "d", benchmarks: ["b"], holdOut: .family, answers: [64, 4, 16, 4],
      policies: [.fixed(.random), .adaptive, .adaptive], factors: 2, llms: 9, seed: 0)
    #expect(one == other && one.policies == [.fixed(.random), .adaptive])
    try JSONFile.write(one, to: scratch["run.json"])
    let read = try JSONFile.read(PlacementConfiguration.self, path: scratch["run.json"])
    #expect(read == one && one.differences(from: read).isEmpty)
    #expect(one.differences(from: MadeUp.configuration(holdOut: .llm, seed: 1)) == ["hold_out", "seed"])
  }

  @Test func aFolderIsOfOneRun() throws {
    let scratch = try TemporaryFolder()
    let configuration = MadeUp.configuration()
    let estimates = MadeUp.estimates()
    do {
      let folder = try PlacementFolder(scratch["run"], configuration: configuration)
      #expect(try folder.estimates(benchmark: "b", fold: 0) == nil)
      try folder.save(estimates, benchmark: "b", fold: 0)
      let unfinished = #expect(throws: FileError.self) { try FinishedPlacements(scratch["run"]) }
      #expect(unfinished?.reason.contains("is not finished") == true)
    }
    let again = try PlacementFolder(scratch["run"], configuration: configuration)
    #expect(try again.estimates(benchmark: "b", fold: 0) == estimates)
    let skipped = [SkippedBenchmark(benchmark: "c", reason: "too small")]
    try again.finish(PlacementResult(estimates, skipped: skipped))
    let finished = try FinishedPlacements(scratch["run"])
    #expect(finished.configuration == configuration && finished.result.estimates == estimates)
    #expect(finished.result.skipped == skipped)
    #expect(
      throws: FileError(scratch["run"], "holds another run: hold_out differ; choose another folder")
    ) { try PlacementFolder(scratch["run"], configuration: MadeUp.configuration(holdOut: .frontier)) }
    let file = "\(scratch["run"])/folds/b/0.csv"
    try AtomicFile.write(EstimateTable.csv(MadeUp.estimates(benchmark: "x")), to: file)
    #expect(throws: FileError(file, "holds results on another benchmark; remove it")) {
      try again.estimates(benchmark: "b", fold: 0)
    }
    try FileManager.default.createDirectory(atPath: scratch["other"], withIntermediateDirectories: true)
    try AtomicFile.write("{\"routers\": []}", to: "\(scratch["other"])/run.json")
    let foreign = #expect(throws: FileError.self) {
      try PlacementFolder(scratch["other"], configuration: configuration)
    }
    #expect(foreign?.reason.contains("no run of rs-coldstart evaluate; choose another") == true)
  }
}
