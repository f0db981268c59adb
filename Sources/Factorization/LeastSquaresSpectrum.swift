import NumericKernels

/// The leading singular triplets of the centred responses Y − b − c, missing cells as zeros.
///
/// Query means b and LLM means c are fitted by least squares to the observed cells. The best approximation of
/// rank k of the rest (Eckart and Young 1936) minimises the squared loss where all cells are observed; where
/// some are missing it is a start for alternating least squares. With weights the triplets are those of W∘(Y − b − c)
/// over the largest weight: the first step of expectation maximization from b + c (Srebro and Jaakkola 2003).
package struct LeastSquaresSpectrum {
  private static let biasSweeps = 12

  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let seed: UInt64

  /// A decomposition of some blocks.
  package init(blocks: [ResponseBlocks.Block], llmCount: Int, seed: UInt64) {
    self.blocks = blocks
    self.llmCount = llmCount
    self.seed = seed
  }

  /// The leading `rank` triplets; cost about 2·n·m·(rank + 8) operations for each of 7 passes, and a few passes
  /// for the means.
  package func spectrum(rank: Int, biasL2: Float) throws(NumericalError) -> ResidualSpectrum {
    let solver = try ALSSolver(blocks: blocks, llmCount: llmCount, factors: 0, l2: 1, biasL2: biasL2, gain: 0)
    var biases = BiasedFactors(factors: 0, queryCounts: blocks.map(\.cells.rows), llmCount: llmCount)
    var last = Double.infinity
    for _ in 0..<Self.biasSweeps {
      guard let sweep = try solver.sweep(from: biases, limit: nil) else { break }
      biases = sweep.factors
      if last - sweep.objective <= 1e-6 * abs(sweep.objective) { break }
      last = sweep.objective
    }
    let largestWeight = ResponseBlocks.largestWeight(of: blocks)
    let residuals = CentredResponses(
      responses: solver.responses, biases: biases, largestWeight: largestWeight)
    return ResidualSpectrum(
      biases: biases, largestWeight: largestWeight,
      decomposition: try RandomizedSVD(of: residuals, rank: rank, seed: seed))
  }
}

/// W∘(Y − b − c) over the largest weight, missing cells as zeros.
private struct CentredResponses: StackedOperator {
  let responses: ResponseBlocks
  let biases: BiasedFactors
  let largestWeight: Float

  var rowCounts: [Int] { responses.blocks.map(\.cells.rows) }
  var columnCount: Int { responses.llmCount }

  func times(_ right: Matrix) -> [Matrix] {
    responses.blocks.indices.map { scaled(residuals($0).times(responses.factors(of: right, in: $0))) }
  }

  func transposedTimes(_ left: [Matrix]) -> Matrix {
    var result = Matrix(rows: responses.llmCount, columns: left[0].columns)
    for block in responses.blocks.indices {
      result.addRows(
        of: scaled(residuals(block).transposedTimes(left[block])), at: responses.blocks[block].llms)
    }
    return result
  }

  private func scaled(_ product: Matrix) -> Matrix {
    largestWeight == 1 ? product : product.scaled(by: 1 / largestWeight)
  }

  private func residuals(_ block: Int) -> SquaredResiduals {
    SquaredResiduals(
      responses.blocks[block].cells, rows: biases.queries[block],
      columns: responses.factors(of: biases.llms, in: block))
  }
}
