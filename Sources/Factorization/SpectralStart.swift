import NumericKernels

/// Start factors from the singular vectors of 4(Y − ȳ): the exact minimiser of the first quadratic bound.
///
/// ȳ are the probabilities of the biases that the means of queries and LLMs suggest; the sweeps move them on.
/// The decomposition is randomized, without power iterations, which a sweep outdoes, and touches the responses in
/// blocks, missing cells as zeros.
struct SpectralStart {
  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let seed: UInt64

  /// The leading `rank` triplets; cost about 2·n·m·(rank + 8) operations for each of 3 passes.
  func spectrum(rank: Int) throws(NumericalError) -> ResidualSpectrum {
    let biases = meanLogOdds
    let residuals = FirstResiduals(blocks: blocks, llmCount: llmCount, biases: biases)
    return ResidualSpectrum(
      biases: biases,
      decomposition: try RandomizedSVD(
        of: residuals, rank: rank, seed: seed, powerIterations: 0, stream: "spectral-start"))
  }

  /// The start for a penalty λ: the bound's minimiser shrinks each singular value by 4λ.
  static func factors(from spectrum: ResidualSpectrum, factors: Int, l2: Float) -> BiasedFactors {
    spectrum.factors(factors, shrinkage: 4 * l2)
  }

  /// Each query's and each LLM's log-odds of a good answer, the latter less those of all.
  private var meanLogOdds: BiasedFactors {
    var result = BiasedFactors(factors: 0, queryCounts: blocks.map(\.cells.rows), llmCount: llmCount)
    var llms = Matrix(rows: llmCount, columns: 2)
    for (index, block) in blocks.enumerated() {
      let (queries, own) = block.cells.sums()
      for row in 0..<queries.rows { result.queries[index][row, 0] = Self.logOdds(queries.row(row)) }
      llms.addRows(of: own, at: block.llms)
    }
    let all = Self.logOdds((0..<2).map { llms.column($0).reduce(0, +) })
    // Without a response the penalty alone decides.
    for llm in 0..<llmCount where llms[llm, 1] > 0 {
      result.llms[llm, 1] = Self.logOdds(llms.row(llm)) - all
    }
    return result
  }

  /// The log-odds of a sum of responses among a number of them, half a response added to either side.
  private static func logOdds(_ sums: some Collection<Float>) -> Float {
    let (sum, count) = (sums.first ?? 0, sums.dropFirst().first ?? 0)
    return Elementwise.logit((sum + 0.5) / (count + 1))
  }
}

/// 4(Y − ȳ) at the probabilities ȳ of biases alone.
private struct FirstResiduals: StackedOperator {
  /// The inverse of the curvature bound 1/4.
  private static let step: Float = 4

  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let biases: BiasedFactors

  var rowCounts: [Int] { blocks.map(\.cells.rows) }
  var columnCount: Int { llmCount }

  func times(_ right: Matrix) -> [Matrix] {
    blocks.indices.map { block in
      residuals(block).times(right.selecting(rows: blocks[block].llms)).scaled(by: Self.step)
    }
  }

  func transposedTimes(_ left: [Matrix]) -> Matrix {
    var result = Matrix(rows: llmCount, columns: left[0].columns)
    for block in blocks.indices {
      let product = residuals(block).transposedTimes(left[block]).scaled(by: Self.step)
      result.addRows(of: product, at: blocks[block].llms)
    }
    return result
  }

  private func residuals(_ block: Int) -> LogisticResiduals {
    LogisticResiduals(
      blocks[block].cells, rows: biases.queries[block],
      columns: biases.llms.selecting(rows: blocks[block].llms))
  }
}
