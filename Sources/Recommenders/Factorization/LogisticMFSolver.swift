import LinearAlgebra

/// Logistic matrix factorization on dense blocks by majorization with a shared curvature.
///
/// Minimises −Σ log p(y | z) + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²). The logistic curvature is at most 1/4
/// (Böhning 1992; Jaakkola and Jordan 2000), so all rows of one side share the Hessian H = UᵀU/4 + λI:
/// a half-sweep is two products and one Cholesky factorization, and never raises the objective.
/// Missing cells only lower the curvature, so the bound holds with masks too. Sweeps are
/// extrapolated (Nesterov 1983) and restarted where the objective got worse (O'Donoghue and Candès 2015).
/// Where the factors have block biases, they are learnt together with the LLM rows, with λ_b.
struct LogisticMFSolver {
  /// One block: a benchmark's train responses and the catalogue's index of its columns.
  struct Block {
    let target: LogisticTarget
    let llms: [Int]
  }

  let blocks: [Block]
  let llmCount: Int
  let l2: Float
  let biasL2: Float

  /// For each set of LLMs that answered the same blocks: its members, and the blocks.
  private let memberships: [(llms: [Int], blocks: [Int])]
  /// Whether a block's columns are the whole catalogue in order, so that nothing needs gathering.
  private let isWhole: [Bool]

  init(blocks: [Block], llmCount: Int, l2: Float, biasL2: Float) {
    self.blocks = blocks
    self.llmCount = llmCount
    self.l2 = l2
    self.biasL2 = biasL2
    isWhole = blocks.map { $0.llms == Array(0..<llmCount) }
    var answered = [[Int]](repeating: [], count: llmCount)
    for (index, block) in blocks.enumerated() {
      for llm in block.llms { answered[llm].append(index) }
    }
    let groups = Dictionary(grouping: 0..<llmCount) { answered[$0] }
    memberships = groups.map { (llms: $0.value, blocks: $0.key) }
      .sorted { $0.llms[0] < $1.llms[0] }
  }

  /// What one sweep did.
  struct Sweep {
    /// The objective at the factors the sweep started from.
    let objective: Double
    /// The factors after it.
    let factors: BiasedFactors
  }

  /// One sweep: all query rows, then all LLM rows; cost 8·n·m·(k + 1.5) operations and 2·n·m sigmoids.
  ///
  /// `limit`, where given, is the objective above which the start is rejected: nil is returned then,
  /// after half of the work.
  func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> Sweep? {
    let (queries, objective) = try queryHalf(from: start)
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    if let limit, objective > limit { return nil }
    var factors = start
    factors.queries = queries
    try llmHalf(&factors)
    return Sweep(objective: objective, factors: factors)
  }

  /// New query rows, and the objective at the start.
  private func queryHalf(from start: BiasedFactors) throws(NumericalError) -> ([Matrix], Double) {
    let free = start.freeQueryColumns
    let penalties = penalties(start.factors)
    var objective = penalty(start.llms.selecting(columns: start.freeLLMColumns), penalties)
    for biases in start.blockBiases {
      objective += penalty(Matrix(rows: biases.count, columns: 1, storage: biases), [biasL2])
    }
    var result: [Matrix] = []
    for (index, block) in blocks.enumerated() {
      let llms = columns(of: start, in: index)
      let other = llms.selecting(columns: free)
      let (product, loss) = LogisticResiduals(block.target, rows: start.queries[index], columns: llms)
        .timesWithLoss(other)
      let current = start.queries[index].selecting(columns: free)
      objective += loss + penalty(current, penalties)
      let curvature = Self.curvature(BLAS.gram(other, scale: 0.25), penalties)
      var moved = start.queries[index]
      BiasedFactors.add(
        try step(product, current, penalties, curvature), to: &moved, columns: free)
      result.append(moved)
    }
    return (result, objective)
  }

  /// Moves the LLM rows, and the block biases where there are any.
  private func llmHalf(_ factors: inout BiasedFactors) throws(NumericalError) {
    let free = factors.freeLLMColumns
    let bias = free.count - 1
    var gradient = Matrix(rows: llmCount, columns: free.count)
    var biasGradients: [[Float]] = factors.blockBiases.map { $0.map { _ in 0 } }
    var grams: [Matrix] = []
    for (index, block) in blocks.enumerated() {
      let other = factors.queries[index].selecting(columns: free)
      let product = LogisticResiduals(
        block.target, rows: factors.queries[index], columns: columns(of: factors, in: index)
      ).transposedTimes(other)
      gradient.addRows(of: product, at: block.llms)
      if !biasGradients.isEmpty {
        for (row, llm) in block.llms.enumerated() { biasGradients[index][llm] = product[row, bias] }
      }
      grams.append(BLAS.gram(other, scale: 0.25))
    }
    let start = factors
    for group in memberships {
      // The unknowns of a row: the factors, the bias, and a bias for each block that the LLMs answered.
      let own = biasGradients.isEmpty ? [] : group.blocks
      let penalties = penalties(factors.factors) + own.map { _ in biasL2 }
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
    var rows = isWhole[block] ? factors.llms : factors.llms.selecting(rows: blocks[block].llms)
    guard !factors.blockBiases.isEmpty else { return rows }
    for (row, llm) in blocks[block].llms.enumerated() {
      rows[row, factors.factors + 1] += factors.blockBiases[block][llm]
    }
    return rows
  }

  /// λ for the latent factors, λ_b for the bias.
  private func penalties(_ factors: Int) -> [Float] { Array(repeating: l2, count: factors) + [biasL2] }

  private static func curvature(_ gram: Matrix, _ penalties: [Float]) -> Matrix {
    var result = gram
    for (index, penalty) in penalties.enumerated() { result[index, index] += penalty }
    return result
  }

  /// ½ Σ Λ X².
  private func penalty(_ matrix: Matrix, _ penalties: [Float]) -> Double {
    var sums = [Double](repeating: 0, count: penalties.count)
    for row in 0..<matrix.rows {
      for column in penalties.indices {
        let value = Double(matrix.storage[row * penalties.count + column])
        sums[column] += value * value
      }
    }
    return zip(sums, penalties).reduce(0) { $0 + 0.5 * $1.0 * Double($1.1) }
  }

  /// The posterior standard deviations of each LLM's factors and bias at the optimum, m × (k + 1).
  ///
  /// Laplace's approximation with the query rows held fixed: the inverse of the exact Hessian
  /// Σᵢ pᵢⱼ(1 − pᵢⱼ)·(v, 1)(v, 1)ᵀ + Λ. Cost n·m·k² operations: all pairs of factors are multiplied with
  /// the curvatures of all cells.
  func standardErrors(of factors: BiasedFactors) throws(NumericalError) -> Matrix {
    let free = factors.freeLLMColumns
    let pairs = free.indices.flatMap { row in (0...row).map { (row, $0) } }
    var curvatures = Matrix(rows: llmCount, columns: pairs.count)
    for (index, block) in blocks.enumerated() {
      let residuals = LogisticResiduals(
        block.target, rows: factors.queries[index], columns: columns(of: factors, in: index))
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
    let penalties = penalties(factors.factors)
    var errors = Matrix(rows: llmCount, columns: free.count)
    for llm in 0..<llmCount {
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
