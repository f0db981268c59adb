import NumericKernels
import TestSupport
import Testing

@testable import Factorization

@Suite(.serialized) struct ALSSolverTests {
  typealias Shape = FactorizationSample.Shape

  static func solver(
    _ sample: FactorizationSample, _ shape: Shape, gain: Float, _ method: ALSSolver.Method
  ) throws(NumericalError) -> ALSSolver {
    try ALSSolver(
      blocks: sample.blocks, llmCount: shape.llmCount, factors: shape.factors, l2: FactorizationSample.l2,
      biasL2: FactorizationSample.biasL2, gain: gain, method: method)
  }

  static func reference(_ sample: FactorizationSample, gain: Float) -> ReferenceALS {
    ReferenceALS(
      blocks: sample.plain, l2: Double(FactorizationSample.l2), biasL2: Double(FactorizationSample.biasL2),
      gain: Double(gain))
  }

  /// Whole and broken blocks, bits and grades: `automatic` shares one factorization where nothing deviates.
  @Test(arguments: LogisticMFSolverTests.shapes, [0, 2] as [Float])
  func exactSweepsAgreeWithTheReference(_ shape: Shape, gain: Float) throws {
    let sample = FactorizationSample(shape)
    let reference = Self.reference(sample, gain: gain)
    let point = ReferenceLogisticMF.Point(sample.start)
    for method in [ALSSolver.Method.rows, .automatic] {
      if method == .automatic, shape.llmCount > 100 { continue }
      let solver = try Self.solver(sample, shape, gain: gain, method)
      let sweep = try #require(try solver.sweep(from: sample.start, limit: nil))
      let expected = reference.objective(point)
      #expect(abs(sweep.objective - expected) <= 2e-5 * expected)
      let found = ReferenceLogisticMF.Point(sweep.factors).numbers
      let worst = zip(found, reference.sweep(point).numbers).map { abs($0 - $1) }.max() ?? .nan
      #expect(worst <= 2e-3)
    }
  }

  @Test(arguments: LogisticMFSolverTests.shapes, [0, 2] as [Float])
  func conjugateGradientsLowerTheObjectiveToTheSameValley(_ shape: Shape, gain: Float) throws {
    let sample = FactorizationSample(shape)
    let reference = Self.reference(sample, gain: gain)
    let solver = try Self.solver(sample, shape, gain: gain, .conjugateGradients)
    var factors = sample.start
    var last = reference.objective(ReferenceLogisticMF.Point(factors))
    for _ in 0..<(shape.llmCount > 100 ? 3 : shape.isWeighted ? 60 : 30) {
      let sweep = try #require(try solver.sweep(from: factors, limit: nil))
      #expect(abs(sweep.objective - last) <= 2e-5 * last)
      factors = sweep.factors
      let next = reference.objective(ReferenceLogisticMF.Point(factors))
      #expect(next <= last * (1 + 1e-6))
      last = next
    }
    guard shape.llmCount <= 100 else { return }
    // An exact sweep has little left to gain.
    let exact = reference.objective(reference.sweep(ReferenceLogisticMF.Point(factors)))
    #expect(last - exact <= 2e-2 * last)
  }

  @Test(arguments: LogisticMFSolverTests.shapes, [0, 2] as [Float])
  func sweepsNeverRaiseTheObjective(_ shape: Shape, gain: Float) throws {
    let sample = FactorizationSample(shape)
    let reference = Self.reference(sample, gain: gain)
    let solver = try Self.solver(sample, shape, gain: gain, .automatic)
    var factors = sample.start
    var last = reference.objective(ReferenceLogisticMF.Point(factors))
    for _ in 0..<(shape.llmCount > 100 ? 3 : 15) {
      factors = try #require(try solver.sweep(from: factors, limit: nil)).factors
      let next = reference.objective(ReferenceLogisticMF.Point(factors))
      #expect(next <= last * (1 + 1e-6))
      last = next
    }
  }

  /// The dense products of many cells, where rows are too full to gather: compared with gathering them.
  @Test func aBigMaskedSideIsSolvedByConjugateGradients() throws {
    var shape = Shape(queries: [70], llms: [Array(0..<1200)], llmCount: 1200, factors: 30, missing: 0.4)
    shape.seed = 21
    let sample = FactorizationSample(shape)
    let automatic = try #require(
      try Self.solver(sample, shape, gain: 1, .automatic).sweep(from: sample.start, limit: nil))
    let iterative = try #require(
      try Self.solver(sample, shape, gain: 1, .conjugateGradients).sweep(from: sample.start, limit: nil))
    #expect(automatic.factors.queries == iterative.factors.queries)
    // An LLM has 70 responses only, which are gathered.
    #expect(automatic.factors.llms != iterative.factors.llms)
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let shape = Shape(
      queries: [300, 40], llms: [Array(0..<520), Array(100..<300)], llmCount: 520, missing: 0.2)
    let sample = FactorizationSample(shape)
    for method in [ALSSolver.Method.rows, .conjugateGradients] {
      let solver = try Self.solver(sample, shape, gain: 1, method)
      Threads.count = 1
      let one = try #require(try solver.sweep(from: sample.start, limit: nil))
      Threads.count = 2
      let two = try #require(try solver.sweep(from: sample.start, limit: nil))
      #expect(one.factors == two.factors && one.objective == two.objective)
    }
  }

  @Test func aStartWorseThanTheLimitIsRejected() throws {
    let sample = FactorizationSample(Shape())
    let solver = try Self.solver(sample, Shape(), gain: 1, .automatic)
    let objective = try #require(try solver.sweep(from: sample.start, limit: nil)).objective
    #expect(try solver.sweep(from: sample.start, limit: objective.nextDown) == nil)
    #expect(try solver.sweep(from: sample.start, limit: objective) != nil)
  }

  @Test func overflowIsAnErrorNotANumber() {
    let sample = FactorizationSample(Shape(missing: 0.2))
    var start = sample.start
    start.llms[0, 0] = 3e38
    for method in [ALSSolver.Method.rows, .conjugateGradients] {
      #expect(throws: NumericalError.self) {
        _ = try Self.solver(sample, Shape(), gain: 1, method).sweep(from: start, limit: nil)
      }
    }
  }

  @Test(arguments: [0, 0.3] as [Float]) func noiselessFactorsAreRecovered(missing: Float) throws {
    let truth = PlantedFactors(queries: [40, 30], llmCount: 25, missing: missing)
    let solver = try ALSSolver(
      blocks: truth.blocks, llmCount: 25, factors: PlantedFactors.rank, l2: 1e-4, biasL2: 1e-4, gain: 0)
    var factors = try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 25, seed: 1)
      .spectrum(rank: PlantedFactors.rank, biasL2: 1e-4).factors(PlantedFactors.rank, shrinkage: 0)
    for _ in 0..<40 { factors = try #require(try solver.sweep(from: factors, limit: nil)).factors }
    #expect(truth.angle(to: factors) < 1e-3)
    #expect(truth.worstError(of: factors) < 0.01)
  }
}
