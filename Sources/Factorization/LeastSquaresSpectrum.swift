import NumericKernels

/// The leading singular triplets of the centred responses Y − b − c, missing cells as zeros.
///
/// Query means b and LLM means c are fitted by least squares to the observed cells. The best approximation of
/// rank k of the rest (Eckart and Young 1936) minimises the squared loss where all cells are observed; where
/// some are missing it is a start for alternating least squares.
struct LeastSquaresSpectrum {
  private static let biasSweeps = 12

  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let seed: UInt64

  /// The leading `rank` triplets; cost about 2·n·m·(rank + 8) operations for each of 7 passes, and a few passes
  /// for the means.
  func spectrum(rank: Int, biasL2: Float) throws(NumericalError) -> ResidualSpectrum {
    let solver = ALSSolver(blocks: blocks, llmCount: llmCount, factors: 0, l2: 1, biasL2: biasL2, gain: 0)
    var biases = BiasedFactors(factors: 0, queryCounts: blocks.map(\.cells.rows), llmCount: llmCount)
    var last = Double.infinity
    for _ in 0..<Self.biasSweeps {
      guard let sweep = try solver.sweep(from: biases, limit: nil) else { break }
      biases = sweep.factors
      if last - sweep.objective <= 1e-6 * abs(sweep.objective) { break }
      last = sweep.objective
    }
    let residuals = CentredResponses(responses: solver.responses, biases: biases)
    return ResidualSpectrum(
      biases: biases, decomposition: try RandomizedSVD(of: residuals, rank: rank, seed: seed))
  }
}

/// Y − b − c, missing cells as zeros.
private struct CentredResponses: StackedOperator {
  let responses: ResponseBlocks
  let biases: BiasedFactors

  var rowCounts: [Int] { responses.blocks.map(\.cells.rows) }
  var columnCount: Int { responses.llmCount }

  func times(_ right: Matrix) -> [Matrix] {
    responses.blocks.indices.map { residuals($0).times(responses.factors(of: right, in: $0)) }
  }

  func transposedTimes(_ left: [Matrix]) -> Matrix {
    var result = Matrix(rows: responses.llmCount, columns: left[0].columns)
    for block in responses.blocks.indices {
      result.addRows(of: residuals(block).transposedTimes(left[block]), at: responses.blocks[block].llms)
    }
    return result
  }

  private func residuals(_ block: Int) -> SquaredResiduals {
    SquaredResiduals(
      responses.blocks[block].cells, rows: biases.queries[block],
      columns: responses.factors(of: biases.llms, in: block))
  }
}
