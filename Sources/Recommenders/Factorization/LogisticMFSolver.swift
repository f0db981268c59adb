import LinearAlgebra

/// Logistic matrix factorization on dense blocks by majorization with a shared curvature.
///
/// Minimises −Σ log p(y | z) + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²). The logistic curvature is at most 1/4
/// (Böhning 1992; Jaakkola and Jordan 2000), so all rows of one side share the Hessian H = UᵀU/4 + λI:
/// a half-sweep is two products and one Cholesky factorization, and never raises the objective.
/// Missing cells only lower the curvature, so the bound holds with masks too. Sweeps are
/// extrapolated (Nesterov 1983) and restarted where the objective got worse (O'Donoghue and Candès 2015).
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
    factors.llms = try llmHalf(from: factors)
    return Sweep(objective: objective, factors: factors)
  }

  /// New query rows, and the objective at the start.
  private func queryHalf(from start: BiasedFactors) throws(NumericalError) -> ([Matrix], Double) {
    let free = start.freeQueryColumns
    let penalties = penalties(start.factors)
    var objective = penalty(start.llms.selecting(columns: start.freeLLMColumns), penalties)
    var result: [Matrix] = []
    for (index, block) in blocks.enumerated() {
      let llms = columns(of: start.llms, in: index)
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

  /// New LLM rows.
  private func llmHalf(from start: BiasedFactors) throws(NumericalError) -> Matrix {
    let free = start.freeLLMColumns
    let penalties = penalties(start.factors)
    var gradient = Matrix(rows: llmCount, columns: free.count)
    var grams: [Matrix] = []
    for (index, block) in blocks.enumerated() {
      let other = start.queries[index].selecting(columns: free)
      let product = LogisticResiduals(
        block.target, rows: start.queries[index], columns: columns(of: start.llms, in: index)
      ).transposedTimes(other)
      gradient.addRows(of: product, at: block.llms)
      grams.append(BLAS.gram(other, scale: 0.25))
    }
    var moved = start.llms
    for group in memberships {
      var gram = Matrix(rows: free.count, columns: free.count)
      for index in group.blocks { gram += grams[index] }
      var rows = start.llms.selecting(rows: group.llms)
      let change = try step(
        gradient.selecting(rows: group.llms), rows.selecting(columns: free), penalties,
        Self.curvature(gram, penalties))
      BiasedFactors.add(change, to: &rows, columns: free)
      moved.replaceRows(at: group.llms, with: rows)
    }
    return moved
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

  private func columns(of llms: Matrix, in block: Int) -> Matrix {
    isWhole[block] ? llms : llms.selecting(rows: blocks[block].llms)
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
}
