import NumericKernels

/// Alternating weighted least squares: all query rows, then all LLM rows, each side a quadratic problem.
///
/// Minimises ½ Σ w (y − v·u − b − c)² + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²) over the observed cells, with the
/// confidence w = 1 + α·y (Hu, Koren and Volinsky 2008) times the cell's weight, where there are weights. What is missing has weight 0: a response that was never
/// asked for is no wrong answer. No sweep raises the objective.
package struct ALSSolver: FactorSolver {
  /// How the rows of a side are solved.
  package enum Method: Sendable {
    /// As is cheaper for the data at hand.
    case automatic
    /// Exactly, each row by the Cholesky factor of its own normal matrix.
    case rows
    /// By steps of conjugate gradients on all rows at once.
    case conjugateGradients
  }

  /// Steps of conjugate gradients on a side, which start from the last sweep's rows.
  ///
  /// More steps a sweep need as many sweeps.
  static let steps = 1
  /// Rows with fewer deviating cells than this are solved exactly whatever the shape.
  static let fewCells = 256

  let responses: ResponseBlocks
  let l2: Float
  let biasL2: Float
  let gain: Float
  let method: Method

  /// Whether all cells of a block have the same weight, so that one factorization serves all rows of a side.
  private let isUniform: Bool
  /// The mean weight of a cell of each block, missing ones counted as 0.
  private let meanWeights: [Float]
  /// The share of each block's cells whose weight deviates from its row's base weight.
  private let deviating: [Double]
  /// The blocks with LLMs as rows, where LLM rows may be solved one by one.
  private let transposed: [GradedCells?]
  private let solvesLLMsByRow: Bool

  /// `factors` is k, which decides what is cheaper.
  ///
  /// - Throws: what the reduction throws.
  package init(
    blocks: [ResponseBlocks.Block], llmCount: Int, factors: Int, l2: Float, biasL2: Float, gain: Float,
    method: Method = .automatic, share: BlockShare = BlockShare()
  ) throws(NumericalError) {
    precondition(l2 > 0 && biasL2 > 0 && gain >= 0)
    responses = ResponseBlocks(blocks, llmCount: llmCount, share: share)
    self.l2 = l2
    self.biasL2 = biasL2
    self.gain = gain
    self.method = method
    meanWeights = blocks.map { $0.cells.meanWeight(gain: gain) }
    let deviating = blocks.map { block -> Double in
      let counts = RowGrams.deviatingCounts(block.cells, gain: gain)
      return Double(counts.reduce(0, +)) / Double(max(block.cells.rows * block.cells.columns, 1))
    }
    self.deviating = deviating
    let cells = blocks.map { Double($0.cells.rows * $0.cells.columns) }
    let perLLM = Double(responses.count) / Double(max(responses.answered, 1))
    // What decides how LLM rows are solved is summed over all blocks, so that all solvers decide alike.
    let reduction = responses.reduction
    solvesLLMsByRow = Self.solvesByRow(
      deviating: try reduction.sum(zip(deviating, cells).map { $0 * $1 }, onto: 0) * perLLM,
      cells: try reduction.sum(cells, onto: 0) * perLLM, width: factors + 1, method)
    let irregular = try reduction.sum(blocks.map { $0.cells.sharedWeight == nil ? 1 : 0 }, onto: 0)
    let isUniform = method == .automatic && gain == 0 && irregular == 0
    let transposes = solvesLLMsByRow && !isUniform
    transposed = blocks.map { transposes ? $0.cells.transposed : nil }
    self.isUniform = isUniform
  }

  /// Whether to gather deviating cells: 2·p² operations for each must be fewer than those of the products over
  /// all cells that conjugate gradients need, which run about three times as fast.
  private static func solvesByRow(deviating: Double, cells: Double, width: Int, _ method: Method) -> Bool {
    switch method {
    case .rows: true
    case .conjugateGradients: false
    case .automatic:
      deviating <= Double(fewCells)
        || 3 * 2 * Double(width * width) * deviating < 4 * Double(width * (steps + 1)) * cells
    }
  }

  /// One sweep, and the objective at its start; nil, after half of the work, where that is above `limit`.
  package func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep? {
    let penalty = FactorPenalty(factors: start.factors, l2: l2, biasL2: biasL2)
    var factors = start
    var objective = penalty.value(of: start.llms.selecting(columns: start.freeLLMColumns))
    var terms: [Double] = []
    for block in responses.blocks.indices {
      let current = start.queries[block].selecting(columns: start.freeQueryColumns)
      let cells = Double(responses.blocks[block].llms.count)
      let byRow = Self.solvesByRow(
        deviating: deviating[block] * cells, cells: cells, width: start.factors + 1, method)
      let (rows, loss) = try solve(querySide(of: block, at: start, penalty), from: current, byRow: byRow)
      terms.append(loss + penalty.value(of: current))
      factors.queries[block].replaceColumns(start.freeQueryColumns, with: rows)
    }
    objective = try responses.reduction.sum(terms, onto: objective)
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    if let limit, objective > limit { return nil }
    let (rows, _) = try solve(
      try llmSide(at: factors, penalty), from: start.llms.selecting(columns: start.freeLLMColumns),
      byRow: solvesLLMsByRow)
    factors.llms.replaceColumns(start.freeLLMColumns, with: rows)
    return FactorSweep(objective: objective, factors: factors)
  }

  private func solve(
    _ side: LeastSquaresSide, from start: Matrix, byRow: Bool
  ) throws(NumericalError) -> LeastSquaresSide.Solution {
    if isUniform { return try side.solvedTogether(from: start) }
    return byRow
      ? try side.solvedByRow(from: start)
      : try side.solvedByConjugateGradients(from: start, steps: Self.steps)
  }

  private func querySide(
    of index: Int, at factors: BiasedFactors, _ penalty: FactorPenalty
  ) -> LeastSquaresSide {
    let block = responses.blocks[index]
    let llms = responses.factors(of: factors.llms, in: index)
    let other = llms.selecting(columns: factors.freeQueryColumns)
    let gram = BLAS.gram(other)
    let part = LeastSquaresSide.Part(
      cells: block.cells, oriented: nil, isTransposed: false, rows: nil, factors: other,
      offsets: llms.column(factors.factors + 1), gram: gram)
    let group = LeastSquaresSide.Group(
      rows: Array(0..<block.cells.rows), gram: gram.scaled(by: meanWeights[index]))
    return LeastSquaresSide(
      rowCount: block.cells.rows, parts: [part], groups: [group], penalties: penalty.weights, gain: gain,
      reduction: nil)
  }

  private func llmSide(
    at factors: BiasedFactors, _ penalty: FactorPenalty
  ) throws(NumericalError) -> LeastSquaresSide {
    let parts = responses.blocks.indices.map { index -> LeastSquaresSide.Part in
      let other = factors.queries[index].selecting(columns: factors.freeLLMColumns)
      return LeastSquaresSide.Part(
        cells: responses.blocks[index].cells, oriented: transposed[index], isTransposed: true,
        rows: responses.blocks[index].llms, factors: other,
        offsets: factors.queries[index].column(factors.factors), gram: BLAS.gram(other))
    }
    let groups = responses.memberships
    let grams = try responses.groupSums(sizes: groups.map { _ in penalty.weights.count }) { block in
      let gram = parts[block].gram.scaled(by: meanWeights[block])
      return { _ in gram }
    }
    return LeastSquaresSide(
      rowCount: responses.llmCount, parts: parts,
      groups: zip(groups, grams).map { LeastSquaresSide.Group(rows: $0.llms, gram: $1) },
      penalties: penalty.weights, gain: gain, reduction: responses.reduction)
  }
}
