import NumericKernels
import TestSupport
import Testing

@testable import Factorization

@Suite struct SpectralStartTests {
  static let llmCount = 30
  static let rank = 3

  /// Two blocks whose responses are 1/2 plus a planted matrix of rank 3 and a little noise; one LLM is
  /// missing from the second, some cells from both.
  static func planted() -> [ResponseBlocks.Block] {
    var generator = SeededGenerator(seed: 5, stream: "planted spectrum")
    func random(_ rows: Int) -> Matrix {
      var matrix = Matrix(rows: rows, columns: rank)
      for index in matrix.storage.indices { matrix.storage[index] = generator.normal() }
      return matrix
    }
    let right = random(llmCount)
    return [Array(0..<llmCount), Array((0..<llmCount - 1).reversed())].map { llms in
      let left = random(50)
      var values = Matrix(rows: 50, columns: llms.count)
      var observed = BitMatrix(rows: 50, columns: llms.count, repeating: true)
      for query in 0..<50 {
        for (column, llm) in llms.enumerated() {
          var value: Float = 0.5 + 0.01 * generator.normal()
          for factor in 0..<rank {
            value += [0.12, 0.08, 0.05][factor] * left[query, factor] * right[llm, factor]
          }
          values[query, column] = min(max(value, 0), 1)
          if generator.uniform() < 0.05 { observed[query, column] = false }
        }
      }
      return ResponseBlocks.Block(cells: GradedCells(.floats(values), observed: observed), llms: llms)
    }
  }

  /// 4(Y − ȳ) of all blocks, cell by cell; cells that are missing or of no block are 0.
  static func residuals(_ blocks: [ResponseBlocks.Block], at biases: BiasedFactors) -> Matrix {
    let point = ReferenceLogisticMF.Point(biases)
    return .stacked(
      blocks.enumerated().map { index, block in
        var result = Matrix(rows: block.cells.rows, columns: llmCount)
        guard case .floats(let values) = block.cells.values else { return result }
        for query in 0..<block.cells.rows {
          for (column, llm) in block.llms.enumerated() where block.cells.observed?[query, column] ?? true {
            let mean = ReferenceLogisticMF.probability(
              query: point.queries[index][query], llm: point.llms[llm])
            result[query, llm] = 4 * Float(Double(values[query, column]) - mean)
          }
        }
        return result
      })
  }

  @Test func spectrumAgreesWithTheDenseDecomposition() throws {
    let blocks = Self.planted()
    let spectrum = try SpectralStart(blocks: blocks, llmCount: Self.llmCount, seed: 1)
      .spectrum(rank: Self.rank)
    let dense = try SingularValueDecomposition(Self.residuals(blocks, at: spectrum.biases))
    try #require(spectrum.decomposition.values.count == Self.rank)
    for index in 0..<Self.rank {
      #expect(abs(spectrum.decomposition.values[index] - dense.values[index]) <= 0.01 * dense.values[index])
    }
    let rightOverlap = BLAS.multiply(
      dense.right.selecting(rows: Array(0..<Self.rank)), spectrum.decomposition.right)
    let leftOverlap = BLAS.multiply(
      dense.left.selecting(columns: Array(0..<Self.rank)), .transposed, .stacked(spectrum.decomposition.left),
      .asStored)
    // The squared cosines of the angles between two subspaces of dimension 3 sum to at most 3.
    for overlap in [rightOverlap, leftOverlap] {
      let cosines = overlap.storage.reduce(0) { $0 + $1 * $1 }
      #expect(abs(cosines - Float(Self.rank)) <= 0.01)
    }
  }

  @Test func theStartIsFarBetterThanBiasesAlone() throws {
    let blocks = Self.planted()
    let spectrum = try SpectralStart(blocks: blocks, llmCount: Self.llmCount, seed: 1)
      .spectrum(rank: Self.rank)
    let solver = LogisticMFSolver(blocks: blocks, llmCount: Self.llmCount, l2: 1, biasL2: 0.1)
    func objective(_ factors: BiasedFactors) throws -> Double {
      try #require(try solver.sweep(from: factors, limit: nil)).objective
    }
    var flat = SpectralStart.factors(from: spectrum, factors: Self.rank, l2: 1)
    let start = try objective(flat)
    for block in flat.queries.indices {
      for row in 0..<flat.queries[block].rows {
        for factor in 0..<Self.rank { flat.queries[block][row, factor] = 0 }
      }
    }
    for row in 0..<flat.llms.rows { for factor in 0..<Self.rank { flat.llms[row, factor] = 0 } }
    let biases = try objective(flat)
    let zeros = try objective(
      BiasedFactors(factors: Self.rank, queryCounts: blocks.map(\.cells.rows), llmCount: Self.llmCount))
    let best = try #require(
      try AcceleratedSweeps(solver: solver, maximumSweeps: 500, tolerance: 1e-7)
        .run(from: SpectralStart.factors(from: spectrum, factors: Self.rank, l2: 1)) { _ in }
        .objectives.last)
    #expect(biases < zeros)
    // Most of what training can gain over biases is gained before the first sweep.
    #expect(biases - start > 0.8 * (biases - best))
  }

  @Test func theSeedDecidesTheBits() throws {
    func values(_ seed: UInt64) throws -> Matrix {
      try SpectralStart(blocks: Self.planted(), llmCount: Self.llmCount, seed: seed)
        .spectrum(rank: Self.rank).decomposition.right
    }
    #expect(try values(3) == values(3))
    #expect(try values(3) != values(4))
  }

  /// Responses that leave little or nothing to decompose.
  enum Degenerate: CaseIterable {
    case allZero, allOne, constantColumns, oneLLM, oneQuery, oneCell, unansweredLLM, nothingObserved

    var cells: GradedCells {
      var (queries, llms) = (12, 5)
      if [.oneLLM, .oneCell].contains(self) { llms = 1 }
      if [.oneQuery, .oneCell].contains(self) { queries = 1 }
      var bits = BitMatrix(rows: queries, columns: llms, repeating: self == .allOne)
      var observed = BitMatrix(rows: queries, columns: llms, repeating: self != .nothingObserved)
      for query in 0..<queries {
        for llm in 0..<llms {
          switch self {
          case .constantColumns: bits[query, llm] = llm % 2 == 0
          case .oneLLM, .oneQuery, .oneCell: bits[query, llm] = (query + llm) % 3 == 0
          case .unansweredLLM:
            bits[query, llm] = query * 7 % 5 > llm
            if llm == 2 { observed[query, llm] = false }
          case .allZero, .allOne, .nothingObserved: break
          }
        }
      }
      return GradedCells(.bits(bits), observed: observed)
    }
  }

  @Test(arguments: Degenerate.allCases) func degenerateResponsesGiveFiniteFactors(_ kind: Degenerate) throws {
    let cells = kind.cells
    let blocks = [ResponseBlocks.Block(cells: cells, llms: Array(0..<cells.columns))]
    // A rank larger than the matrix.
    let spectrum = try SpectralStart(blocks: blocks, llmCount: cells.columns, seed: 1)
      .spectrum(rank: 40)
    #expect(spectrum.decomposition.values.count == min(cells.rows, cells.columns))
    #expect(spectrum.decomposition.values.allSatisfy { $0.isFinite && $0 >= 0 })
    for l2: Float in [1e-3, 1, 100] {
      let start = SpectralStart.factors(from: spectrum, factors: 40, l2: l2)
      let solver = LogisticMFSolver(blocks: blocks, llmCount: cells.columns, l2: l2, biasL2: 0.1)
      let outcome = try AcceleratedSweeps(solver: solver, maximumSweeps: 30, tolerance: 1e-6)
        .run(from: start) { _ in }
      #expect(outcome.factors.llms.isFinite && outcome.factors.queries.allSatisfy { $0.isFinite })
      if kind == .unansweredLLM { #expect(outcome.factors.llms[2, 41] == 0) }
    }
  }
}
