import NumericKernels
import TestSupport
import Testing

@testable import Factorization

@Suite struct LogisticMFSolverTests {
  typealias Shape = FactorizationSample.Shape

  /// One block of the whole catalogue, two blocks of different LLMs, one LLM, one query, an LLM of no block.
  static let shapes: [Shape] = [
    Shape(queries: [20], llms: [Array(0..<7)], seed: 2),
    Shape(seed: 3),
    Shape(missing: 0.4, seed: 4),
    Shape(isGraded: true, seed: 5),
    Shape(missing: 0.3, isGraded: true, seed: 6),
    Shape(queries: [11], llms: [[0]], llmCount: 1, factors: 1, seed: 7),
    Shape(queries: [1], llms: [Array(0..<7)], seed: 8),
    Shape(queries: [5, 3, 4], llms: [[0, 1], [2, 3], [3, 1, 0, 2]], llmCount: 5, factors: 2, seed: 9),
    Shape(isWeighted: true, seed: 13),
    Shape(missing: 0.3, isWeighted: true, seed: 14),
    Shape(missing: 0.3, isGraded: true, isWeighted: true, seed: 15),
    // More cells than a block of the kernel holds on either side.
    Shape(queries: [300], llms: [Array(0..<520)], llmCount: 520, factors: 2, missing: 0.1, seed: 10),
  ]

  @Test(arguments: shapes) func aSweepAgreesWithTheReference(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let point = ReferenceLogisticMF.Point(sample.start)
    let sweep = try #require(try sample.solver.sweep(from: sample.start, limit: nil))
    let expected = sample.reference.objective(point)
    #expect(abs(sweep.objective - expected) <= 1e-5 * expected)
    let found = ReferenceLogisticMF.Point(sweep.factors).numbers
    let worst = zip(found, sample.reference.sweep(point).numbers).map { abs($0 - $1) }.max() ?? .nan
    #expect(worst <= 2e-4)
  }

  @Test(arguments: shapes) func aSweepKeepsTheColumnsHeldAtOne(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let factors = try #require(try sample.solver.sweep(from: sample.start, limit: nil)).factors
    let moved = factors.extrapolated(from: sample.start, momentum: 0.7)
    #expect(moved.llms.column(shape.factors).allSatisfy { $0 == 1 })
    #expect(moved.queries.allSatisfy { $0.column(shape.factors + 1).allSatisfy { $0 == 1 } })
  }

  @Test func aStartWorseThanTheLimitIsRejected() throws {
    let sample = FactorizationSample(Shape())
    let objective = try #require(try sample.solver.sweep(from: sample.start, limit: nil)).objective
    #expect(try sample.solver.sweep(from: sample.start, limit: objective.nextDown) == nil)
    #expect(try sample.solver.sweep(from: sample.start, limit: objective) != nil)
  }

  @Test(arguments: shapes) func plainSweepsNeverRaiseTheObjective(_ shape: Shape) throws {
    for seed in shape.seed..<shape.seed + 3 {
      var seeded = shape
      seeded.seed = 100 * seed
      let sample = FactorizationSample(seeded)
      var factors = sample.start
      var last = sample.reference.objective(ReferenceLogisticMF.Point(factors))
      for _ in 0..<(shape.llmCount > 100 ? 3 : 25) {
        factors = try #require(try sample.solver.sweep(from: factors, limit: nil)).factors
        let next = sample.reference.objective(ReferenceLogisticMF.Point(factors))
        #expect(next <= last * (1 + 1e-6))
        last = next
      }
    }
  }

  @Test(arguments: shapes) func acceleratedSweepsReportAFallingObjective(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    var reported: [Double] = []
    let outcome = try AcceleratedSweeps(solver: sample.solver, maximumSweeps: 60, tolerance: 1e-7)
      .run(from: sample.start) { objectives in
        reported.append(contentsOf: objectives.suffix(1))
        #expect(objectives == reported)
      }
    #expect(reported == outcome.objectives)
    #expect(!reported.isEmpty && reported.count <= 60)
    #expect(zip(reported, reported.dropFirst()).allSatisfy { $0 >= $1 })
    let final = sample.reference.objective(ReferenceLogisticMF.Point(outcome.factors))
    #expect(final <= (reported.last ?? .nan) * (1 + 1e-6))
  }

  @Test(arguments: [
    Shape(seed: 11), Shape(missing: 0.3, isGraded: true, seed: 12),
    Shape(missing: 0.3, isGraded: true, isWeighted: true, seed: 12),
  ])
  func theGradientVanishesWhereSweepsEnd(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    var factors = sample.start
    #expect(steepest(sample, factors) > 0.5)
    for _ in 0..<3000 {
      factors = try #require(try sample.solver.sweep(from: factors, limit: nil)).factors
    }
    #expect(steepest(sample, factors) < 1e-3)
    let accelerated = try AcceleratedSweeps(solver: sample.solver, maximumSweeps: 3000, tolerance: 0)
      .run(from: sample.start) { _ in }
    #expect(accelerated.converged)
    #expect(steepest(sample, accelerated.factors) < 0.03)
  }

  @Test func aReportThatThrowsStops() throws {
    struct Stop: Error {}
    let sample = FactorizationSample(Shape())
    let sweeps = AcceleratedSweeps(solver: sample.solver, maximumSweeps: 50, tolerance: 0)
    #expect(throws: Stop.self) {
      _ = try sweeps.run(from: sample.start) { if $0.count == 3 { throw Stop() } }
    }
  }

  @Test func overflowIsAnErrorNotANumber() {
    let sample = FactorizationSample(Shape())
    var start = sample.start
    start.llms[0, 0] = 3e38
    start.queries[0][0, 0] = 3e38
    #expect(throws: NumericalError.self) { _ = try sample.solver.sweep(from: start, limit: nil) }
  }

  /// The largest partial derivative of the reference's objective, by central differences.
  private func steepest(_ sample: FactorizationSample, _ factors: BiasedFactors) -> Double {
    let step = 1e-4
    let point = ReferenceLogisticMF.Point(factors)
    var largest = 0.0
    func measure(_ path: WritableKeyPath<ReferenceLogisticMF.Point, Double>) {
      var up = point
      var down = point
      up[keyPath: path] += step
      down[keyPath: path] -= step
      let slope = (sample.reference.objective(up) - sample.reference.objective(down)) / (2 * step)
      largest = max(largest, abs(slope))
    }
    for (block, rows) in point.queries.enumerated() {
      for (row, values) in rows.enumerated() {
        for column in values.indices { measure(\.queries[block][row][column]) }
      }
    }
    for (row, values) in point.llms.enumerated() {
      for column in values.indices { measure(\.llms[row][column]) }
    }
    return largest
  }
}
