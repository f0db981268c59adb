import NumericKernels

/// Logistic matrix factorization on dense blocks by majorization with a shared curvature.
///
/// Minimises −Σ w·log p(y | z) + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²). The logistic curvature is at most 1/4
/// (Böhning 1992; Jaakkola and Jordan 2000), so all rows of one side share the Hessian H = UᵀU/4 + λI:
/// a half-sweep is two products and one Cholesky factorization, and never raises the objective.
/// Missing cells only lower the curvature, so the bound holds with masks too. With weights each row of the other side
/// counts with its largest weight in the block, H = Σ ĉⱼuⱼuⱼᵀ/4 + λI with ĉⱼ = maxᵢ wᵢⱼ, which bounds the Hessians of
/// all rows and is closer than the largest weight of all where weights go with LLMs or queries. Sweeps are
/// extrapolated (Nesterov 1983) and restarted where the objective got worse (O'Donoghue and Candès 2015).
/// Where the factors have block biases, they are learnt together with the LLM rows, with λ_b.
package struct LogisticMFSolver: FactorSolver {
  let responses: ResponseBlocks
  let l2: Float
  let biasL2: Float

  package init(
    blocks: [ResponseBlocks.Block], llmCount: Int, l2: Float, biasL2: Float, share: BlockShare = BlockShare()
  ) {
    responses = ResponseBlocks(blocks, llmCount: llmCount, share: share)
    self.l2 = l2
    self.biasL2 = biasL2
  }

  /// One sweep: all query rows, then all LLM rows; cost 8·n·m·(k + 1.5) operations and 2·n·m sigmoids.
  ///
  /// `limit`, where given, is the objective above which the start is rejected: nil is returned then,
  /// after half of the work.
  package func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep? {
    let (queries, objective) = try queryHalf(from: start)
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    if let limit, objective > limit { return nil }
    var factors = start
    factors.queries = queries
    try llmHalf(&factors)
    return FactorSweep(objective: objective, factors: factors)
  }

  /// New query rows, and the objective at the start.
  private func queryHalf(from start: BiasedFactors) throws(NumericalError) -> ([Matrix], Double) {
    let free = start.freeQueryColumns
    let penalty = FactorPenalty(factors: start.factors, l2: l2, biasL2: biasL2)
    var objective = penalty.value(of: start.llms.selecting(columns: start.freeLLMColumns))
    for biases in start.blockBiases {
      objective += FactorPenalty(factors: 0, l2: l2, biasL2: biasL2)
        .value(of: Matrix(rows: biases.count, columns: 1, storage: biases))
    }
    var result: [Matrix] = []
    var terms: [Double] = []
    for (index, block) in responses.blocks.enumerated() {
      let llms = columns(of: start, in: index)
      let other = llms.selecting(columns: free)
      let (product, loss) = LogisticResiduals(block.cells, rows: start.queries[index], columns: llms)
        .timesWithLoss(other)
      let current = start.queries[index].selecting(columns: free)
      terms.append(loss + penalty.value(of: current))
      let bound = BLAS.gram(other, weights: responses.largestWeights[index]?.columns, scale: 0.25)
      var moved = start.queries[index]
      moved.addColumns(
        free, of: try step(product, current, penalty.weights, Self.curvature(bound, penalty.weights)))
      result.append(moved)
    }
    return (result, try responses.reduction.sum(terms, onto: objective))
  }

  /// Moves the LLM rows, and the block biases where there are any.
  private func llmHalf(_ factors: inout BiasedFactors) throws(NumericalError) {
    let start = factors
    let free = start.freeLLMColumns
    // The unknowns of a row: the factors, the bias, and a bias for each block that the LLMs answered.
    let own = responses.memberships.map { start.blockBiases.isEmpty ? [] : $0.blocks }
    let gradient = try responses.sum(columns: free.count + start.blockBiases.count) {
      llmGradient(of: $0, at: start)
    }
    let grams = try responses.groupSums(sizes: own.map { free.count + $0.count }) { block in
      let gram = BLAS.gram(
        start.queries[block].selecting(columns: free), weights: responses.largestWeights[block]?.rows,
        scale: 0.25)
      return {
        Self.gram(gram, withBiasAt: own[$0].firstIndex(of: responses.first + block), of: own[$0].count)
      }
    }
    for (place, group) in responses.memberships.enumerated() {
      let biases = own[place]
      let penalties =
        FactorPenalty(factors: start.factors, l2: l2, biasL2: biasL2).weights + biases.map { _ in biasL2 }
      let slopes = gradient.selecting(rows: group.llms)
        .selecting(columns: Array(free.indices) + biases.map { free.count + $0 })
      var current = Matrix(rows: group.llms.count, columns: penalties.count)
      for (row, llm) in group.llms.enumerated() {
        for (column, source) in free.enumerated() { current[row, column] = start.llms[llm, source] }
        for (column, block) in biases.enumerated() {
          current[row, free.count + column] = start.blockBiases[block][llm]
        }
      }
      let change = try step(slopes, current, penalties, Self.curvature(grams[place], penalties))
      for (row, llm) in group.llms.enumerated() {
        for (column, target) in free.enumerated() { factors.llms[llm, target] += change[row, column] }
        for (column, block) in biases.enumerated() {
          factors.blockBiases[block][llm] += change[row, free.count + column]
        }
      }
    }
  }

  /// The gradients of a block's LLM rows, beside them, where there are block biases, those of the biases of all blocks.
  private func llmGradient(of index: Int, at factors: BiasedFactors) -> Matrix {
    let free = factors.freeLLMColumns
    let product = LogisticResiduals(
      responses.blocks[index].cells, rows: factors.queries[index], columns: columns(of: factors, in: index)
    ).transposedTimes(factors.queries[index].selecting(columns: free))
    guard !factors.blockBiases.isEmpty else { return product }
    var result = product.appending(columns: Matrix(rows: product.rows, columns: factors.blockBiases.count))
    let bias = free.count + responses.first + index
    for row in 0..<result.rows { result[row, bias] = product[row, free.count - 1] }
    return result
  }

  /// A block's Gram matrix among a group's unknowns, of which its bias is one where `place` says which.
  private static func gram(_ gram: Matrix, withBiasAt place: Int?, of biases: Int) -> Matrix {
    var result = Matrix(rows: gram.rows + biases, columns: gram.rows + biases)
    result.replace(rows: 0, columns: 0, with: gram)
    guard let place else { return result }
    let (at, bias) = (gram.rows + place, gram.rows - 1)
    for column in 0..<gram.rows {
      result[at, column] = gram[bias, column]
      result[column, at] = gram[bias, column]
    }
    result[at, at] = gram[bias, bias]
    return result
  }

  /// (G − ΛX)·H⁻¹.
  private func step(
    _ product: Matrix, _ current: Matrix, _ penalties: [Float], _ curvature: Matrix
  ) throws(NumericalError) -> Matrix {
    var gradient = product
    gradient.addProduct(of: current, with: penalties, scale: -1)
    try Cholesky(curvature, penalties: penalties).solveRows(of: &gradient)
    return gradient
  }

  /// The rows of a block's LLMs, with the block's own biases added to theirs.
  func columns(of factors: BiasedFactors, in block: Int) -> Matrix {
    var rows = responses.factors(of: factors.llms, in: block)
    guard !factors.blockBiases.isEmpty else { return rows }
    for (row, llm) in responses.blocks[block].llms.enumerated() {
      rows[row, factors.factors + 1] += factors.blockBiases[responses.first + block][llm]
    }
    return rows
  }

  private static func curvature(_ gram: Matrix, _ penalties: [Float]) -> Matrix {
    var result = gram
    for (index, penalty) in penalties.enumerated() { result[index, index] += penalty }
    return result
  }

  /// The posterior standard deviations of each LLM's factors and bias at the optimum, m × (k + 1).
  ///
  /// Laplace's approximation with the query rows held fixed: the inverse of the exact Hessian
  /// Σᵢ wᵢⱼ·pᵢⱼ(1 − pᵢⱼ)·(v, 1)(v, 1)ᵀ + Λ. Cost n·m·k² operations: all pairs of factors are multiplied with
  /// the curvatures of all cells.
  package func standardErrors(of factors: BiasedFactors) throws(NumericalError) -> Matrix? {
    let free = factors.freeLLMColumns
    let pairs = free.indices.flatMap { row in (0...row).map { (row, $0) } }
    var curvatures = Matrix(rows: responses.llmCount, columns: pairs.count)
    // A few products at a time: each has a number for every query and every LLM.
    for range in Parallel.blocks(of: pairs.count, size: 256) {
      let sums = try responses.sum(columns: range.count) { index in
        let other = factors.queries[index].selecting(columns: free)
        var products = Matrix(rows: other.rows, columns: range.count)
        for row in 0..<other.rows {
          for (place, pair) in pairs[range].enumerated() {
            products[row, place] = other[row, pair.0] * other[row, pair.1]
          }
        }
        return LogisticResiduals(
          responses.blocks[index].cells, rows: factors.queries[index],
          columns: columns(of: factors, in: index)
        ).curvatureTransposedTimes(products)
      }
      curvatures.replaceColumns(Array(range), with: sums)
    }
    let penalties = FactorPenalty(factors: factors.factors, l2: l2, biasL2: biasL2).weights
    var errors = Matrix(rows: responses.llmCount, columns: free.count)
    for llm in 0..<responses.llmCount {
      var hessian = Matrix(rows: free.count, columns: free.count)
      for (place, pair) in pairs.enumerated() {
        hessian[pair.0, pair.1] = curvatures[llm, place]
        hessian[pair.1, pair.0] = curvatures[llm, place]
      }
      let inverse = try Cholesky(Self.curvature(hessian, penalties), penalties: penalties)
        .solve(Matrix(identity: free.count))
      for column in free.indices { errors[llm, column] = max(inverse[column, column], 0).squareRoot() }
    }
    return errors
  }
}
