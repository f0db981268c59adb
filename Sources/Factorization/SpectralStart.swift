import NumericKernels

/// Start factors from the singular vectors of 4(Y − ȳ): the exact minimiser of the first quadratic bound.
///
/// With weights the largest of which is ŵ, the curvature is at most ŵ/4, and the minimiser 4/ŵ·W∘(Y − ȳ).
/// ȳ are the probabilities of the biases that the means of queries and LLMs suggest; the sweeps move them on.
/// The decomposition is randomized, without power iterations, which a sweep outdoes, and touches the responses in
/// blocks, missing cells as zeros.
package struct SpectralStart {
  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let seed: UInt64

  /// A start for some blocks.
  package init(blocks: [ResponseBlocks.Block], llmCount: Int, seed: UInt64) {
    self.blocks = blocks
    self.llmCount = llmCount
    self.seed = seed
  }

  /// The leading `rank` triplets; cost about 2·n·m·(rank + 8) operations for each of 3 passes.
  package func spectrum(rank: Int) throws(NumericalError) -> ResidualSpectrum {
    let largestWeight = ResponseBlocks.largestWeight(of: blocks)
    let biases = meanLogOdds(largestWeight)
    let residuals = FirstResiduals(
      blocks: blocks, llmCount: llmCount, biases: biases, step: 4 / largestWeight)
    return ResidualSpectrum(
      biases: biases, largestWeight: largestWeight,
      decomposition: try RandomizedSVD(
        of: residuals, rank: rank, seed: seed, powerIterations: 0, stream: "spectral-start"))
  }

  /// The start for a penalty λ: the bound's minimiser shrinks each singular value by 4λ/ŵ.
  package static func factors(from spectrum: ResidualSpectrum, factors: Int, l2: Float) -> BiasedFactors {
    spectrum.factors(factors, shrinkage: 4 * l2)
  }

  /// Each query's and each LLM's log-odds of a good answer, the latter less those of all.
  private func meanLogOdds(_ weight: Float) -> BiasedFactors {
    var result = BiasedFactors(factors: 0, queryCounts: blocks.map(\.cells.rows), llmCount: llmCount)
    var llms = Matrix(rows: llmCount, columns: 2)
    for (index, block) in blocks.enumerated() {
      let (queries, own) = block.cells.sums()
      for row in 0..<queries.rows { result.queries[index][row, 0] = Self.logOdds(queries.row(row), weight) }
      llms.addRows(of: own, at: block.llms)
    }
    let all = Self.logOdds((0..<2).map { llms.column($0).reduce(0, +) }, weight)
    // Without a response the penalty alone decides.
    for llm in 0..<llmCount where llms[llm, 1] > 0 {
      result.llms[llm, 1] = Self.logOdds(llms.row(llm), weight) - all
    }
    return result
  }

  /// The log-odds of a sum of responses among a number of them, half a response of some weight added to either side.
  private static func logOdds(_ sums: some Collection<Float>, _ weight: Float) -> Float {
    let (sum, count) = (sums.first ?? 0, sums.dropFirst().first ?? 0)
    return Elementwise.logit((sum + 0.5 * weight) / (count + weight))
  }
}

/// 4/ŵ·W∘(Y − ȳ) at the probabilities ȳ of biases alone.
private struct FirstResiduals: StackedOperator {
  let blocks: [ResponseBlocks.Block]
  let llmCount: Int
  let biases: BiasedFactors
  /// The inverse of the curvature bound ŵ/4.
  let step: Float

  var rowCounts: [Int] { blocks.map(\.cells.rows) }
  var columnCount: Int { llmCount }

  func times(_ right: Matrix) -> [Matrix] {
    blocks.indices.map { block in
      residuals(block).times(right.selecting(rows: blocks[block].llms)).scaled(by: step)
    }
  }

  func transposedTimes(_ left: [Matrix]) -> Matrix {
    var result = Matrix(rows: llmCount, columns: left[0].columns)
    for block in blocks.indices {
      let product = residuals(block).transposedTimes(left[block]).scaled(by: step)
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
