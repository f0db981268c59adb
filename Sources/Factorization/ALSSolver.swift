import NumericKernels

/// Alternating weighted least squares: all query rows, then all LLM rows, each side a quadratic problem.
///
/// Minimises ½ Σ w (y − v·u − b − c)² + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²) over the observed cells, with the
/// confidence w = 1 + α·y (Hu, Koren and Volinsky 2008). What is missing has weight 0: a response that was never
/// asked for is no wrong answer. No sweep raises the objective.
struct ALSSolver: FactorSolver {
  /// How the rows of a side are solved.
  enum Method {
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

  /// Whether all cells have the same weight, so that one factorization serves all rows of a side.
  private let isUniform: Bool
  /// The mean weight of a cell of each block, missing ones counted as 0.
  private let meanWeights: [Float]
  /// The share of each block's cells whose weight deviates from its row's base weight.
  private let deviating: [Double]
  /// The blocks with LLMs as rows, where LLM rows may be solved one by one.
  private let transposed: [GradedCells?]
  private let solvesLLMsByRow: Bool

  /// `factors` is k, which decides what is cheaper.
  init(
    blocks: [ResponseBlocks.Block], llmCount: Int, factors: Int, l2: Float, biasL2: Float, gain: Float,
    method: Method = .automatic
  ) {
    precondition(l2 > 0 && biasL2 > 0 && gain >= 0)
    responses = ResponseBlocks(blocks, llmCount: llmCount)
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
    let answered = max(blocks.reduce(0) { $0 + $1.llms.count }, 1)
    let perLLM = Double(blocks.count) / Double(answered)
    solvesLLMsByRow = Self.solvesByRow(
      deviating: zip(deviating, cells).reduce(0) { $0 + $1.0 * $1.1 } * perLLM,
      cells: cells.reduce(0, +) * perLLM, width: factors + 1, method)
    let isUniform = method == .automatic && gain == 0 && blocks.allSatisfy { $0.cells.observed == nil }
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
  func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep? {
    let penalty = FactorPenalty(factors: start.factors, l2: l2, biasL2: biasL2)
    var factors = start
    var objective = penalty.value(of: start.llms.selecting(columns: start.freeLLMColumns))
    for block in responses.blocks.indices {
      let current = start.queries[block].selecting(columns: start.freeQueryColumns)
      let cells = Double(responses.blocks[block].llms.count)
      let byRow = Self.solvesByRow(
        deviating: deviating[block] * cells, cells: cells, width: start.factors + 1, method)
      let (rows, loss) = try solve(querySide(of: block, at: start, penalty), from: current, byRow: byRow)
      objective += loss + penalty.value(of: current)
      factors.queries[block].replaceColumns(start.freeQueryColumns, with: rows)
    }
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    if let limit, objective > limit { return nil }
    let (rows, _) = try solve(
      llmSide(at: factors, penalty), from: start.llms.selecting(columns: start.freeLLMColumns),
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
    let part = LeastSquaresSide.Part(
      cells: block.cells, oriented: nil, isTransposed: false, rows: nil, factors: other,
      offsets: llms.column(factors.factors + 1), gram: BLAS.gram(other), meanWeight: meanWeights[index])
    return LeastSquaresSide(
      rowCount: block.cells.rows, parts: [part],
      groups: [LeastSquaresSide.Group(rows: Array(0..<block.cells.rows), parts: [0])],
      penalties: penalty.weights, gain: gain)
  }

  private func llmSide(at factors: BiasedFactors, _ penalty: FactorPenalty) -> LeastSquaresSide {
    let parts = responses.blocks.indices.map { index -> LeastSquaresSide.Part in
      let other = factors.queries[index].selecting(columns: factors.freeLLMColumns)
      return LeastSquaresSide.Part(
        cells: responses.blocks[index].cells, oriented: transposed[index], isTransposed: true,
        rows: responses.blocks[index].llms, factors: other,
        offsets: factors.queries[index].column(factors.factors), gram: BLAS.gram(other),
        meanWeight: meanWeights[index])
    }
    return LeastSquaresSide(
      rowCount: responses.llmCount, parts: parts,
      groups: responses.memberships.map { LeastSquaresSide.Group(rows: $0.llms, parts: $0.blocks) },
      penalties: penalty.weights, gain: gain)
  }
}
