import NumericKernels
import Testing

@testable import Factorization
import Learning

/// What weights mean to the solvers of factorizations and to their starts.
@Suite struct WeightedFactorizationTests {
  typealias Shape = FactorizationSample.Shape

  static let kinds = ["logistic-mf", "als rows", "als", "als alpha 0", "bpr"]

  static func solver(
    _ kind: String, _ blocks: [ResponseBlocks.Block], _ shape: Shape, penalties scale: Float = 1,
    share: BlockShare = BlockShare()
  ) throws -> any FactorSolver {
    let (l2, biasL2) = (scale * FactorizationSample.l2, scale * FactorizationSample.biasL2)
    switch kind {
    case "logistic-mf":
      return LogisticMFSolver(
        blocks: blocks, llmCount: shape.llmCount, l2: l2, biasL2: biasL2, share: share)
    case "bpr":
      return BPRSolver(
        blocks: blocks, llmCount: shape.llmCount, l2: l2, biasL2: biasL2, margin: 0.1, comparisons: 2,
        seed: 1, share: share)
    default:
      return try ALSSolver(
        blocks: blocks, llmCount: shape.llmCount, factors: shape.factors, l2: l2, biasL2: biasL2,
        gain: kind == "als alpha 0" ? 0 : 2, method: kind == "als rows" ? .rows : .automatic, share: share)
    }
  }

  static func start(_ kind: String, _ sample: FactorizationSample) -> BiasedFactors {
    kind == "bpr" ? sample.start.withoutQueryBiases : sample.start
  }

  /// The same blocks with other weights and another mask.
  static func changed(
    _ blocks: [ResponseBlocks.Block], _ change: (GradedCells) -> GradedCells
  ) -> [ResponseBlocks.Block] {
    blocks.map { ResponseBlocks.Block(cells: change($0.cells), llms: $0.llms) }
  }

  @Test(arguments: kinds, LogisticMFSolverTests.shapes.filter { !$0.isWeighted })
  func weightsOfOneChangeNoBit(kind: String, shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let ones = Self.changed(sample.blocks) { cells in
      GradedCells(
        cells.values, observed: cells.observed,
        weights: Matrix(rows: cells.rows, columns: cells.columns, repeating: 1))
    }
    let start = Self.start(kind, sample)
    let plain = try #require(try Self.solver(kind, sample.blocks, shape).sweep(from: start, limit: nil))
    let weighted = try #require(try Self.solver(kind, ones, shape).sweep(from: start, limit: nil))
    #expect(weighted.factors == plain.factors && weighted.objective == plain.objective)
    #expect(
      try SpectralStart(blocks: ones, llmCount: shape.llmCount, seed: 1).spectrum(rank: 1)
        .factors(1, shrinkage: 0.1)
        == SpectralStart(blocks: sample.blocks, llmCount: shape.llmCount, seed: 1).spectrum(rank: 1)
        .factors(1, shrinkage: 0.1))
  }

  /// All weights times 4 and all penalties times 4 only move exponents; a pair of BPR has the product of two weights.
  @Test(
    arguments: kinds, [Shape(isWeighted: true, seed: 16), Shape(missing: 0.3, isWeighted: true, seed: 17)])
  func scalingWeightsAndPenaltiesChangesNothing(kind: String, shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let weight: Float = kind == "bpr" ? 2 : 4
    let scaled = Self.changed(sample.blocks) { cells in
      GradedCells(cells.values, observed: cells.observed, weights: cells.weights?.scaled(by: weight))
    }
    let start = Self.start(kind, sample)
    let one = try #require(try Self.solver(kind, sample.blocks, shape).sweep(from: start, limit: nil))
    let four = try #require(
      try Self.solver(kind, scaled, shape, penalties: 4).sweep(from: start, limit: nil))
    #expect(four.factors == one.factors)
    #expect(abs(four.objective - 4 * one.objective) <= 1e-6 * four.objective)
  }

  @Test(arguments: [Shape(isWeighted: true, seed: 16), Shape(missing: 0.3, isWeighted: true, seed: 17)])
  func scalingWeightsAndPenaltiesLeavesTheStart(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let scaled = Self.changed(sample.blocks) { cells in
      GradedCells(cells.values, observed: cells.observed, weights: cells.weights?.scaled(by: 4))
    }
    func starts(_ blocks: [ResponseBlocks.Block], penalty: Float) throws -> [BiasedFactors] {
      [
        SpectralStart.factors(
          from: try SpectralStart(blocks: blocks, llmCount: 7, seed: 1).spectrum(rank: 2), factors: 2,
          l2: penalty),
        try LeastSquaresSpectrum(blocks: blocks, llmCount: 7, seed: 1).spectrum(rank: 2, biasL2: penalty)
          .factors(2, shrinkage: penalty),
      ]
    }
    #expect(try starts(scaled, penalty: 0.4) == starts(sample.blocks, penalty: 0.1))
  }

  @Test(arguments: kinds) func aCellOfWeightZeroIsMissing(kind: String) throws {
    let shape = Shape(missing: 0.3, seed: 18)
    let sample = FactorizationSample(shape)
    let weighted = Self.changed(sample.blocks) { cells in
      var weights = Matrix(rows: cells.rows, columns: cells.columns)
      for row in 0..<cells.rows {
        for column in 0..<cells.columns where cells.observed?[row, column] ?? true {
          weights[row, column] = 1
        }
      }
      return GradedCells(cells.values, weights: weights)
    }
    let start = Self.start(kind, sample)
    let masked = try #require(try Self.solver(kind, sample.blocks, shape).sweep(from: start, limit: nil))
    let zeros = try #require(try Self.solver(kind, weighted, shape).sweep(from: start, limit: nil))
    #expect(zeros.factors == masked.factors && zeros.objective == masked.objective)
    let biases = [sample.blocks, weighted].map { blocks in
      QueryBiases.fitted(
        blocks[0].cells, rows: start.queries[0], columns: start.llms.selecting(rows: blocks[0].llms), l2: 0.1)
    }
    #expect(biases[0] == biases[1])
  }

  /// A block of weight 2 is the block twice: LLMs are known as well.
  @Test(arguments: [Shape(queries: [12], llms: [Array(0..<7)], missing: 0.3, isWeighted: true, seed: 19)])
  func aBlockOfWeightTwoIsTwoBlocks(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let doubled = Self.changed(sample.blocks) { cells in
      GradedCells(cells.values, observed: cells.observed, weights: cells.weights?.scaled(by: 2))
    }
    var twice = sample.start
    twice.queries += sample.start.queries
    func solver(_ blocks: [ResponseBlocks.Block]) -> LogisticMFSolver {
      LogisticMFSolver(
        blocks: blocks, llmCount: shape.llmCount, l2: FactorizationSample.l2,
        biasL2: FactorizationSample.biasL2)
    }
    for _ in 0..<200 {
      twice = try #require(
        try solver(sample.blocks + sample.blocks).sweep(from: twice, limit: nil)
      ).factors
    }
    var one = twice
    one.queries = [twice.queries[0]]
    let errors = try #require(try solver(doubled).standardErrors(of: one))
    let expected = try #require(try solver(sample.blocks + sample.blocks).standardErrors(of: twice))
    let single = try #require(try solver(sample.blocks).standardErrors(of: one))
    for llm in 0..<shape.llmCount {
      for column in 0..<errors.columns {
        #expect(abs(errors[llm, column] - expected[llm, column]) <= 1e-4 * expected[llm, column])
        #expect(errors[llm, column] < single[llm, column])
      }
    }
  }
}
