import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import Factorization

@Suite(.serialized) struct BPRSolverTests {
  typealias Shape = FactorizationSample.Shape

  static func solver(_ sample: FactorizationSample, _ shape: Shape, seed: UInt64 = 1) -> BPRSolver {
    BPRSolver(
      blocks: sample.blocks, llmCount: shape.llmCount, l2: FactorizationSample.l2,
      biasL2: FactorizationSample.biasL2, margin: 0.1, comparisons: 2, seed: seed)
  }

  /// Factors without query biases, which a pair can't see.
  static func start(_ sample: FactorizationSample) -> BiasedFactors {
    var start = sample.start
    for block in start.queries.indices {
      for row in 0..<start.queries[block].rows { start.queries[block][row, start.factors] = 0 }
    }
    return start
  }

  @Test(arguments: LogisticMFSolverTests.shapes) func sweepsNeverRaiseTheObjective(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let solver = Self.solver(sample, shape)
    var factors = Self.start(sample)
    var last = Double.infinity
    for _ in 0..<(shape.llmCount > 100 ? 4 : 40) {
      let sweep = try #require(try solver.sweep(from: factors, limit: nil))
      #expect(sweep.objective <= last * (1 + 1e-6))
      (factors, last) = (sweep.factors, sweep.objective)
    }
    #expect(factors.queries.allSatisfy { $0.column(shape.factors).allSatisfy { $0 == 0 } })
    #expect(factors.llms.column(shape.factors).allSatisfy { $0 == 1 })
  }

  /// Where plain sweeps end, a nudge of any number raises the objective, whose first term is that of all pairs.
  @Test(arguments: [
    Shape(seed: 11), Shape(missing: 0.3, isGraded: true, seed: 12), Shape(isWeighted: true, seed: 12),
  ])
  func theObjectiveIsLeastWhereSweepsEnd(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let solver = Self.solver(sample, shape)
    var factors = Self.start(sample)
    // The bound of the largest weights makes short steps.
    for _ in 0..<(shape.isWeighted ? 20_000 : 1500) {
      factors = try #require(try solver.sweep(from: factors, limit: nil)).factors
    }
    let least = try #require(try solver.sweep(from: factors, limit: nil)).objective
    #expect(least.isFinite)
    for row in 0..<factors.llms.rows {
      for column in factors.freeLLMColumns {
        for nudge in [Float(0.05), -0.05] {
          var other = factors
          other.llms[row, column] += nudge
          #expect(try #require(try solver.sweep(from: other, limit: nil)).objective > least)
        }
      }
    }
    for row in 0..<factors.queries[0].rows {
      for column in 0..<shape.factors {
        var other = factors
        other.queries[0][row, column] += 0.05
        #expect(try #require(try solver.sweep(from: other, limit: nil)).objective > least)
      }
    }
  }

  /// At zero every discordant pair costs log 2.
  @Test func theObjectiveAtZeroCountsThePairs() throws {
    let bits = BitMatrix(rows: 50, columns: 3, bytes: Array(repeating: 0b1000_0000, count: 50))
    let solver = BPRSolver(
      blocks: [ResponseBlocks.Block(cells: GradedCells(.bits(bits)), llms: [0, 1, 2])], llmCount: 3,
      l2: 1, biasL2: 1, margin: 0.1, comparisons: 3, seed: 1)
    let zeros = BiasedFactors(factors: 2, queryCounts: [50], llmCount: 3)
    let objective = try #require(try solver.sweep(from: zeros, limit: nil)).objective
    // Whatever the offset, the better LLM is in two of the three pairs.
    #expect(abs(objective - 50 * 3 * 2 * log(2)) < 1e-3)
  }

  @Test func rankingLearnsWhoIsBetter() throws {
    let truth = PlantedFactors(queries: [80, 60], llmCount: 25)
    let solver = BPRSolver(
      blocks: truth.blocks, llmCount: 25, l2: 0.05, biasL2: 0.05, margin: 0.02, comparisons: 4, seed: 1)
    var factors = try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 25, seed: 1)
      .spectrum(rank: PlantedFactors.rank, biasL2: 0.1).factors(PlantedFactors.rank, shrinkage: 0)
    for block in factors.queries.indices {
      for row in 0..<factors.queries[block].rows { factors.queries[block][row, factors.factors] = 0 }
    }
    for _ in 0..<100 { factors = try #require(try solver.sweep(from: factors, limit: nil)).factors }
    var (right, all) = (0, 0)
    for (index, block) in truth.blocks.enumerated() {
      let scores = BLAS.multiply(
        factors.queries[index], .asStored, factors.llms.selecting(rows: block.llms), .transposed)
      for query in 0..<scores.rows {
        for first in 0..<scores.columns {
          for second in 0..<first {
            let difference = truth.values[index][query, first] - truth.values[index][query, second]
            guard abs(difference) > 0.02 else { continue }
            all += 1
            if difference * (scores[query, first] - scores[query, second]) > 0 { right += 1 }
          }
        }
      }
    }
    #expect(Double(right) > 0.97 * Double(all))
  }

  @Test func bitsDependOnTheSeedAndNotOnThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let shape = Shape(
      queries: [300, 40], llms: [Array(0..<120), Array(30..<90)], llmCount: 120, missing: 0.2)
    let sample = FactorizationSample(shape)
    func llms(_ seed: UInt64) throws -> Matrix {
      try #require(try Self.solver(sample, shape, seed: seed).sweep(from: Self.start(sample), limit: nil))
        .factors.llms
    }
    Threads.count = 1
    let one = try llms(1)
    Threads.count = 2
    #expect(try llms(1) == one)
    #expect(try llms(2) != one)
  }

  @Test func overflowIsAnErrorNotANumber() {
    let sample = FactorizationSample(Shape())
    var start = Self.start(sample)
    start.llms[0, 0] = 3e38
    start.queries[0][0, 0] = 3e38
    #expect(throws: NumericalError.self) {
      _ = try Self.solver(sample, Shape()).sweep(from: start, limit: nil)
    }
  }
}
