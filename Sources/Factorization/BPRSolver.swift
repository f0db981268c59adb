import NumericKernels

/// Bayesian personalized ranking on dense blocks: the better of two LLMs should score higher on a query.
///
/// Minimises −Σ w log σ(z_better − z_worse) + ½λ(‖V‖² + ‖U‖²) + ½λ_b‖c‖² over discordant pairs of a query's
/// responses, with z = v·u + c; a query's own bias cancels in a pair and stays 0 (Rendle et al. 2009). Each
/// query compares every LLM with `comparisons` others on either side, drawn once from the seed, so that the
/// objective is one function and sweeps never raise it. A pair's curvature is at most 1/4, which gives all rows
/// of a side one shared bound as in logistic factorization: no learning rate and no racing updates. A pair weighs the
/// product of its cells' weights, 1 without weights, and the bounds take the largest that a row or column can give.
package struct BPRSolver: FactorSolver {
  /// Two grades of a quarter's steps differ by more; rounding does not.
  package static let defaultMargin: Float = 0.1

  let responses: ResponseBlocks
  let l2: Float
  let biasL2: Float
  /// The least difference of grades that makes a pair.
  let margin: Float
  /// How many others each LLM of a query is compared with, once as the first of the two.
  let comparisons: Int
  private let offsets: [[Int32]]

  package init(
    blocks: [ResponseBlocks.Block], llmCount: Int, l2: Float, biasL2: Float, margin: Float, comparisons: Int,
    seed: UInt64, share: BlockShare = BlockShare()
  ) {
    precondition(l2 > 0 && biasL2 > 0 && margin > 0 && comparisons > 0)
    responses = ResponseBlocks(blocks, llmCount: llmCount, share: share)
    self.l2 = l2
    self.biasL2 = biasL2
    self.margin = margin
    self.comparisons = comparisons
    var first = responses.firstQuery
    offsets = blocks.map { block in
      defer { first += block.cells.rows }
      // One LLM can't be compared with another.
      guard block.llms.count > 1 else { return [] }
      return (first..<first + block.cells.rows).flatMap { query in
        var generator = SeededGenerator(seed: seed, stream: "bpr-pairs", query)
        return (0..<comparisons).map { _ in Int32(1 + generator.below(block.llms.count - 1)) }
      }
    }
  }

  /// One sweep, and the objective at its start; nil, after half of the work, where that is above `limit`.
  ///
  /// Cost 8·n·m·(k + 1.5) operations and 2·n·m sigmoids for each comparison.
  package func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep? {
    let latent = Array(0..<start.factors)
    let queryPenalty = Array(repeating: l2, count: start.factors)
    let llmPenalty = FactorPenalty(factors: start.factors, l2: l2, biasL2: biasL2)
    var factors = start
    var objective = llmPenalty.value(of: start.llms.selecting(columns: start.freeLLMColumns))
    var terms: [Double] = []
    for index in responses.blocks.indices {
      let other = responses.factors(of: start.llms, in: index).selecting(columns: latent)
      let current = start.queries[index].selecting(columns: latent)
      let (product, loss) = residuals(index, at: start).timesWithLoss(other)
      let square = current.storage.reduce(0.0) { $0 + Double($1) * Double($1) }
      terms.append(loss.sum + 0.5 * Double(l2) * square)
      // ¼ Σ (uⱼ − uₗ)(uⱼ − uₗ)ᵀ is at most the centred Gram matrix for each comparison of a query.
      let largest = responses.largestWeights[index]?.columns
      let most = largest?.max() ?? 1
      let bound = BLAS.gram(
        other.centred, weights: largest?.map { $0 * most }, scale: Float(comparisons))
      let moved = try step(product, current, queryPenalty, bound)
      factors.queries[index].replaceColumns(latent, with: moved)
    }
    objective = try responses.reduction.sum(terms, onto: objective)
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    if let limit, objective > limit { return nil }
    factors.llms = try movedLLMs(from: factors, llmPenalty.weights)
    return FactorSweep(objective: objective, factors: factors)
  }

  /// The same factors with the query biases that explain the responses best, see `QueryBiases`.
  package func completed(_ factors: BiasedFactors) -> BiasedFactors {
    var result = factors
    for (index, block) in responses.blocks.enumerated() {
      let biases = QueryBiases.fitted(
        block.cells, rows: factors.queries[index],
        columns: responses.factors(of: factors.llms, in: index), l2: Double(biasL2))
      for (row, bias) in biases.enumerated() { result.queries[index][row, factors.factors] = bias }
    }
    return result
  }

  private func movedLLMs(from start: BiasedFactors, _ penalties: [Float]) throws(NumericalError) -> Matrix {
    let free = start.freeLLMColumns
    let gradient = try responses.sum(columns: free.count) {
      residuals($0, at: start).transposedTimes(start.queries[$0].selecting(columns: free))
    }
    let sizes = responses.memberships.map { _ in free.count }
    let bounds = try responses.groupSums(sizes: sizes) { block in
      // An LLM is in two pairs of each comparison, and both of a pair's LLMs move: ¼·2·2.
      let bound = BLAS.gram(
        start.queries[block].selecting(columns: free),
        weights: responses.largestWeights[block]?.rows.map { $0 * $0 }, scale: Float(comparisons))
      return { _ in bound }
    }
    var moved = start.llms
    for (group, bound) in zip(responses.memberships, bounds) {
      var rows = start.llms.selecting(rows: group.llms)
      let stepped = try step(
        gradient.selecting(rows: group.llms), rows.selecting(columns: free), penalties, bound)
      rows.replaceColumns(free, with: stepped)
      moved.replaceRows(at: group.llms, with: rows)
    }
    return moved
  }

  /// X + (G − ΛX)·(H + Λ)⁻¹.
  private func step(
    _ gradient: Matrix, _ current: Matrix, _ penalties: [Float], _ bound: Matrix
  ) throws(NumericalError) -> Matrix {
    var change = gradient
    change.addProduct(of: current, with: penalties, scale: -1)
    var curvature = bound
    for (index, penalty) in penalties.enumerated() { curvature[index, index] += penalty }
    try Cholesky(curvature, penalties: penalties).solveRows(of: &change)
    change += current
    return change
  }

  private func residuals(_ block: Int, at factors: BiasedFactors) -> PairwiseResiduals {
    PairwiseResiduals(
      responses.blocks[block].cells, rows: factors.queries[block],
      columns: responses.factors(of: factors.llms, in: block), offsets: offsets[block], margin: margin)
  }
}
