import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

@Suite("Check of logs") struct LogCheckTests {
  /// Five LLMs whose answers depend on a two-dimensional feature and on something hidden, both of which a logger may follow.
  private struct World {
    let benchmark: Benchmark
    let embeddings: Matrix
    let hidden: [Float]

    init(queries: Int, seed: UInt64) throws {
      var generator = SeededGenerator(seed: seed, stream: "check-world")
      var embeddings = Matrix(rows: queries, columns: 2)
      var hidden: [Float] = []
      var table: [[Float?]] = []
      for query in 0..<queries {
        (embeddings[query, 0], embeddings[query, 1]) = (generator.normal(), generator.normal())
        hidden.append(generator.normal())
        table.append(
          (0..<5).map { llm in
            let z = embeddings[query, 0] * (llm % 2 == 0 ? 1 : -1) + hidden[query] + Float(llm) / 5
            return generator.uniform() < 1 / (1 + Float(exp(Double(-z)))) ? 1 : 0
          })
      }
      benchmark = try TableBenchmark(table, parts: Array(repeating: .train, count: queries)).benchmark
      self.embeddings = embeddings
      self.hidden = hidden
    }

    /// A log whose logger follows the feature, or what is hidden.
    func log(rows: Int, follows: Float, hidden strength: Float, seed: UInt64) throws -> Log {
      let picks = (0..<rows).map { row in
        var generator = SeededGenerator(seed: seed, stream: "check-log", row)
        let query = generator.below(benchmark.queries.count)
        let weights = (0..<5).map { llm in
          exp(Double((follows * embeddings[query, 0] + strength * hidden[query]) * (Float(llm) - 2) / 2))
        }
        let shares = weights.map { 0.75 * $0 / weights.reduce(0, +) + 0.05 }
        var left = generator.uniformDouble()
        let llm = shares.firstIndex { share in
          left -= share
          return left < 0
        }
        let pick = llm ?? 4
        return LoggedPick(
          query: query, llm: pick, response: benchmark.responses[query, pick], propensity: shares[pick])
      }
      return try Log(name: "log", of: benchmark, llms: Array(0..<5), picks: picks)
    }

    func check(_ log: Log, seed: UInt64 = 0) throws -> LogCheck {
      try LogCheck(
        log, names: (0..<5).map { "llm\($0)" }, embeddings: embeddings,
        targets: [.uniform, .bestSingle, .softmax(temperature: 0.1)], seed: seed)
    }
  }

  // What the fits of weights and of responses miss alike once moved z by 1.7 between the first and the last LLM, and 17% were
  // rejected at 5%.
  @Test func aLoggerThatFollowsFeaturesPasses() throws {
    var (rejected, tilt) = (0, 0.0)
    let seeds = 24
    for seed in 0..<UInt64(seeds) {
      let world = try World(queries: 400, seed: seed)
      let log = try world.log(rows: 900, follows: 1, hidden: 0, seed: seed)
      let test = try #require(try world.check(log).hidden)
      if let p = test.p, p < 0.05 { rejected += 1 }
      tilt += ((test.z[0] ?? 0) - (test.z[4] ?? 0)) / Double(seeds)
    }
    // Of 24 at a rate of 5% there are more than 4 in one of 1,000.
    #expect(rejected <= 4, "\(rejected) of \(seeds) rejected")
    #expect(abs(tilt) < 0.6, "\(tilt)")
  }

  @Test func aLoggerThatFollowsSomethingHiddenIsFound() throws {
    for seed in 0..<4 as Range<UInt64> {
      let world = try World(queries: 400, seed: seed)
      let p = try world.check(world.log(rows: 900, follows: 0, hidden: 1, seed: seed)).hidden?.p
      #expect((p ?? 1) < 0.01)
    }
  }

  @Test func equalWeightsTellNothing() throws {
    let world = try World(queries: 300, seed: 1)
    let check = try world.check(world.log(rows: 600, follows: 0, hidden: 0, seed: 2))
    #expect(check.hidden?.p == nil)
    #expect(check.targets.first { $0.target == "uniform" }.map { abs($0.effectiveSize - 600) < 1e-6 } == true)
  }

  @Test func truePropensitiesAreCalibratedAndOthersAreNot() throws {
    let world = try World(queries: 500, seed: 3)
    let log = try world.log(rows: 4_000, follows: 1.5, hidden: 0, seed: 4)
    let check = try world.check(log)
    #expect((check.calibration?.p ?? 0) > 0.005)
    for llm in check.llms { #expect(abs(llm.meanWeight - 1) < 4.5 * llm.standardError) }
    // Recorded as if every LLM had been picked with the same probability.
    let wrong = try Log(
      name: "log", of: world.benchmark, llms: log.llms,
      picks: log.picks.map { pick in
        var pick = pick
        pick.propensity = 0.2
        return pick
      })
    #expect((try world.check(wrong).calibration?.p ?? 1) < 0.01)
  }

  @Test func effectiveSizesAreThoseOfTheFormula() throws {
    let world = try World(queries: 200, seed: 5)
    let log = try world.log(rows: 1_000, follows: 1, hidden: 0, seed: 6)
    let check = try world.check(log)
    for llm in 0..<5 {
      let weights = log.picks.filter { $0.llm == llm }.map { 1 / ($0.propensity ?? 1) }
      let (sum, squares) = (weights.reduce(0, +), weights.reduce(0) { $0 + $1 * $1 })
      #expect(abs(check.llms[llm].effectiveSize - sum * sum / squares) < 1e-6)
      #expect(check.llms[llm].smallestPropensity == weights.max().map { 1 / $0 })
    }
    #expect(check.smallestPropensity >= 0.05)
  }

  @Test func logsWithoutOverlapAreRefusedWithTheReason() throws {
    let world = try World(queries: 50, seed: 7)
    func log(_ propensities: [Double?]) throws -> Log {
      try Log(
        name: "log", of: world.benchmark, llms: [0, 1],
        picks: propensities.enumerated().map {
          LoggedPick(query: $0.offset, llm: $0.offset % 2, response: 1, propensity: $0.element)
        })
    }
    let argmax = #expect(throws: DataError.self) { try log([1, 1, 1]).requireOverlap() }
    #expect(argmax?.description.contains("every propensity is 1") == true)
    let missing = #expect(throws: DataError.self) { try log([0.5, nil, nil]).requireOverlap() }
    #expect(missing?.description.contains("row 2 and 1 others") == true)
    try log([0.5, 0.5]).requireOverlap()
  }

  @Test func estimatedPropensitiesComeNearWhereFeaturesDecide() throws {
    let world = try World(queries: 600, seed: 8)
    let log = try world.log(rows: 4_000, follows: 1, hidden: 0, seed: 9)
    let estimated = try EstimatedPropensities.replacing(
      in: log, of: world.benchmark, embeddings: world.embeddings, seed: 0)
    let errors = zip(log.picks, estimated.picks).map { abs(($0.propensity ?? 0) - ($1.propensity ?? 0)) }
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.05)
    // What the features lack stays unknown: weights vary less than the true ones.
    let hidden = try world.log(rows: 4_000, follows: 0, hidden: 1.5, seed: 10)
    let guessed = try EstimatedPropensities.replacing(
      in: hidden, of: world.benchmark, embeddings: world.embeddings, seed: 0)
    let far = zip(hidden.picks, guessed.picks).map { abs(($0.propensity ?? 0) - ($1.propensity ?? 0)) }
    #expect(far.reduce(0, +) / Double(far.count) > 0.08)
  }

  @Test func chiSquareIsThatOfTables() {
    #expect(abs(ChiSquare.upperTail(11.0705, freedom: 5) - 0.05) < 1e-5)
    #expect(abs(ChiSquare.upperTail(3.84146, freedom: 1) - 0.05) < 1e-5)
    #expect(abs(ChiSquare.upperTail(1.145476, freedom: 5) - 0.95) < 1e-5)
    #expect(abs(ChiSquare.upperTail(124.342, freedom: 100) - 0.05) < 1e-5)
    #expect(ChiSquare.upperTail(0, freedom: 3) == 1)
  }
}
