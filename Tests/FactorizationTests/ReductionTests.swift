import Foundation
import NumericKernels
import Synchronization
import Testing

@testable import Factorization
import Learning

/// Two solvers that hold some of the blocks each and sum over all of them: what other machines will do.
@Suite(.serialized) struct ReductionTests {
  typealias Shape = FactorizationSample.Shape

  /// LLMs of one, two and three blocks, and one of none.
  static let shapes = [
    Shape(queries: [5, 3, 14], llms: [[0, 1], [2, 3], [3, 1, 0, 2]], llmCount: 5, factors: 2, seed: 9),
    Shape(missing: 0.3, isGraded: true, isWeighted: true, seed: 20),
    Shape(
      queries: [300, 40, 280], llms: [Array(0..<120), Array(30..<90), Array(0..<120)], llmCount: 120,
      missing: 0.4, seed: 21),
  ]

  /// What a rank has to give at each meeting, and what all gave.
  final class Meeting: Sendable {
    private struct State {
      var given: [[any Sendable]?] = [nil, nil]
      var round = 0
      var all: [any Sendable] = []
    }
    private let state = Mutex(State())

    func gather(_ own: [any Sendable], rank: Int) throws(NumericalError) -> [any Sendable] {
      let round = state.withLock { state in
        let round = state.round
        state.given[rank] = own
        if let first = state.given[0], let second = state.given[1] {
          state.all = first + second
          state.given = [nil, nil]
          state.round += 1
        }
        return round
      }
      for _ in 0..<200_000 {
        // The next round can't end before both have this one's result.
        if let all = state.withLock({ $0.round > round ? $0.all : nil }) { return all }
        Thread.sleep(forTimeInterval: 1e-4)
      }
      throw .noConvergence(operation: "a meeting that one rank stayed away from")
    }
  }

  struct Rank: Reduction {
    let rank: Int
    let meeting: Meeting

    func sum(_ blocks: some Sequence<Matrix>, onto start: Matrix) throws(NumericalError) -> Matrix {
      let all = try meeting.gather(Array(blocks), rank: rank)
      return InProcessReduction().sum(all.compactMap { $0 as? Matrix }, onto: start)
    }

    func sum(_ terms: some Sequence<Double>, onto start: Double) throws(NumericalError) -> Double {
      let all = try meeting.gather(Array(terms), rank: rank)
      return InProcessReduction().sum(all.compactMap { $0 as? Double }, onto: start)
    }
  }

  private struct Outcome: Sendable {
    var objectives: [Double] = []
    var factors: BiasedFactors
    var errors: Matrix?
  }

  /// Three sweeps, and the standard errors.
  private static func run(_ solver: any FactorSolver, from start: BiasedFactors) throws -> Outcome {
    var outcome = Outcome(factors: start)
    for _ in 0..<3 {
      let sweep = try #require(try solver.sweep(from: outcome.factors, limit: nil))
      outcome.objectives.append(sweep.objective)
      outcome.factors = sweep.factors
    }
    outcome.errors = try solver.standardErrors(of: outcome.factors)
    return outcome
  }

  @Test(
    arguments: WeightedFactorizationTests.kinds + ["logistic-mf with block biases"],
    shapes)
  func twoRanksHaveTheBitsOfOne(kind: String, shape: Shape) throws {
    let sample = FactorizationSample(shape)
    var start = WeightedFactorizationTests.start(kind, sample)
    let solverKind = kind.hasPrefix("logistic-mf") ? "logistic-mf" : kind
    if kind != solverKind {
      start.blockBiases = sample.blocks.map { _ in Array(repeating: 0, count: shape.llmCount) }
    }
    let first = start
    let whole = try Self.run(
      try WeightedFactorizationTests.solver(solverKind, sample.blocks, shape), from: start)
    let meeting = Meeting()
    let parts = [0..<1, 1..<sample.blocks.count]
    let results = Mutex<[Result<Outcome, any Error>?]>([nil, nil])
    let group = DispatchGroup()
    for (rank, range) in parts.enumerated() {
      group.enter()
      Thread.detachNewThread {
        let result = Result {
          let remote = sample.blocks.map { BlockShare.Remote(queries: $0.cells.rows, llms: $0.llms) }
          let share = BlockShare(
            before: Array(remote[..<range.lowerBound]), after: Array(remote[range.upperBound...]),
            reduction: Rank(rank: rank, meeting: meeting))
          var own = first
          own.queries = Array(first.queries[range])
          return try Self.run(
            try WeightedFactorizationTests.solver(
              solverKind, Array(sample.blocks[range]), shape, share: share), from: own)
        }
        results.withLock { $0[rank] = result }
        group.leave()
      }
    }
    group.wait()
    for (rank, range) in parts.enumerated() {
      let outcome = try #require(results.withLock { $0[rank] }).get()
      #expect(outcome.objectives == whole.objectives)
      #expect(outcome.factors.llms == whole.factors.llms)
      #expect(outcome.factors.blockBiases == whole.factors.blockBiases)
      #expect(outcome.factors.queries == Array(whole.factors.queries[range]))
      #expect(outcome.errors == whole.errors)
    }
  }
}
