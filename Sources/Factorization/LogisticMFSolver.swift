import NumericKernels

/// Logistic matrix factorization on dense blocks by majorization with a shared curvature.
///
/// Minimises −Σ log p(y | z) + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²). The logistic curvature is at most 1/4
/// (Böhning 1992; Jaakkola and Jordan 2000), so all rows of one side share the Hessian H = UᵀU/4 + λI:
/// a half-sweep is two products and one Cholesky factorization, and never raises the objective.
/// Missing cells only lower the curvature, so the bound holds with masks too. Sweeps are
/// extrapolated (Nesterov 1983) and restarted where the objective got worse (O'Donoghue and Candès 2015).
/// Where the factors have block biases, they are learnt together with the LLM rows, with λ_b.
struct LogisticMFSolver: FactorSolver {
  let responses: ResponseBlocks
  let l2: Float
  let biasL2: Float

  init(blocks: [ResponseBlocks.Block], llmCount: Int, l2: Float, biasL2: Float) {
    responses = ResponseBlocks(blocks, llmCount: llmCount)
    self.l2 = l2
    self.biasL2 = biasL2
  }

  /// One sweep: all query rows, then all LLM rows; cost 8·n·m·(k + 1.5) operations and 2·n·m sigmoids.
  ///
  /// `limit`, where given, is the objective above which the start is rejected: nil is returned then,
  /// after half of the work.
  func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep? {
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
    for (index, block) in responses.blocks.enumerated() {
      let llms = columns(of: start, in: index)
      let other = llms.selecting(columns: free)
      let (product, loss) = LogisticResiduals(block.cells, rows: start.queries[index], columns: llms)
        .timesWithLoss(other)
      let current = start.queries[index].selecting(columns: free)
      objective += loss + penalty.value(of: current)
      let curvature = Self.curvature(BLAS.gram(other, scale: 0.25), penalty.weights)
      var moved = start.queries[index]
      BiasedFactors.add(
        try step(product, current, penalty.weights, curvature), to: &moved, columns: free)
      result.append(moved)
    }
    return (result, objective)
  }

  /// Moves the LLM rows, and the block biases where there are any.
  private func llmHalf(_ factors: inout BiasedFactors) throws(NumericalError) {
    let free = factors.freeLLMColumns
    let bias = free.count - 1
    var gradient = Matrix(rows: responses.llmCount, columns: free.count)
    var biasGradients: [[Float]] = factors.blockBiases.map { $0.map { _ in 0 } }
    var grams: [Matrix] = []
    for (index, block) in responses.blocks.enumerated() {
      let other = factors.queries[index].selecting(columns: free)
      let product = LogisticResiduals(
        block.cells, rows: factors.queries[index], columns: columns(of: factors, in: index)
      ).transposedTimes(other)
      gradient.addRows(of: product, at: block.llms)
      if !biasGradients.isEmpty {
        for (row, llm) in block.llms.enumerated() { biasGradients[index][llm] = product[row, bias] }
      }
      grams.append(BLAS.gram(other, scale: 0.25))
    }
    let start = factors
    for group in responses.memberships {
      // The unknowns of a row: the factors, the bias, and a bias for each block that the LLMs answered.
      let own = biasGradients.isEmpty ? [] : group.blocks
      let penalties =
        FactorPenalty(factors: factors.factors, l2: l2, biasL2: biasL2).weights + own.map { _ in biasL2 }
      var gram = Matrix(rows: penalties.count, columns: penalties.count)
      for index in group.blocks {
        for row in free.indices {
          for column in free.indices { gram[row, column] += grams[index][row, column] }
        }
      }
      for (place, index) in own.enumerated() {
        let at = free.count + place
        for column in free.indices {
          gram[at, column] = grams[index][bias, column]
          gram[column, at] = grams[index][bias, column]
        }
        gram[at, at] = grams[index][bias, bias]
      }
      var slopes = Matrix(rows: group.llms.count, columns: penalties.count)
      var current = slopes
      for (row, llm) in group.llms.enumerated() {
        for (column, source) in free.enumerated() {
          slopes[row, column] = gradient[llm, column]
          current[row, column] = start.llms[llm, source]
        }
        for (place, index) in own.enumerated() {
          slopes[row, free.count + place] = biasGradients[index][llm]
          current[row, free.count + place] = start.blockBiases[index][llm]
        }
      }
      let change = try step(slopes, current, penalties, Self.curvature(gram, penalties))
      for (row, llm) in group.llms.enumerated() {
        for (column, target) in free.enumerated() { factors.llms[llm, target] += change[row, column] }
        for (place, index) in own.enumerated() {
          factors.blockBiases[index][llm] += change[row, free.count + place]
        }
      }
    }
  }

  /// (G − ΛX)·H⁻¹.
  private func step(
    _ product: Matrix, _ current: Matrix, _ penalties: [Float], _ curvature: Matrix
  ) throws(NumericalError) -> Matrix {
    var gradient = product
    let width = penalties.count
    for row in 0..<gradient.rows {
      for column in 0..<width {
        gradient.storage[row * width + column] -= penalties[column] * current.storage[row * width + column]
      }
    }
    try Cholesky(curvature, remedy: "choose a larger --l2").solveRows(of: &gradient)
    return gradient
  }

  /// The rows of a block's LLMs, with the block's own biases added to theirs.
  func columns(of factors: BiasedFactors, in block: Int) -> Matrix {
    var rows = responses.factors(of: factors.llms, in: block)
    guard !factors.blockBiases.isEmpty else { return rows }
    for (row, llm) in responses.blocks[block].llms.enumerated() {
      rows[row, factors.factors + 1] += factors.blockBiases[block][llm]
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
  /// Σᵢ pᵢⱼ(1 − pᵢⱼ)·(v, 1)(v, 1)ᵀ + Λ. Cost n·m·k² operations: all pairs of factors are multiplied with
  /// the curvatures of all cells.
  func standardErrors(of factors: BiasedFactors) throws(NumericalError) -> Matrix? {
    let free = factors.freeLLMColumns
    let pairs = free.indices.flatMap { row in (0...row).map { (row, $0) } }
    var curvatures = Matrix(rows: responses.llmCount, columns: pairs.count)
    for (index, block) in responses.blocks.enumerated() {
      let residuals = LogisticResiduals(
        block.cells, rows: factors.queries[index], columns: columns(of: factors, in: index))
      let other = factors.queries[index].selecting(columns: free)
      // A few hundred products at a time keep the memory small for many factors.
      for range in Parallel.blocks(of: pairs.count, size: 1_024) {
        var products = Matrix(rows: other.rows, columns: range.count)
        for row in 0..<other.rows {
          for (place, pair) in pairs[range].enumerated() {
            products[row, place] = other[row, pair.0] * other[row, pair.1]
          }
        }
        let sums = residuals.curvatureTransposedTimes(products)
        for (row, llm) in block.llms.enumerated() {
          for place in 0..<range.count { curvatures[llm, range.lowerBound + place] += sums[row, place] }
        }
      }
    }
    let penalties = FactorPenalty(factors: factors.factors, l2: l2, biasL2: biasL2).weights
    var errors = Matrix(rows: responses.llmCount, columns: free.count)
    for llm in 0..<responses.llmCount {
      var hessian = Matrix(rows: free.count, columns: free.count)
      for (place, pair) in pairs.enumerated() {
        hessian[pair.0, pair.1] = curvatures[llm, place]
        hessian[pair.1, pair.0] = curvatures[llm, place]
      }
      let inverse = try Cholesky(Self.curvature(hessian, penalties), remedy: "choose a larger --l2")
        .solve(Matrix(identity: free.count))
      for column in free.indices { errors[llm, column] = max(inverse[column, column], 0).squareRoot() }
    }
    return errors
  }
}
