import NumericKernels

/// What a model of factors expects of some LLMs on the queries of one benchmark.
///
/// p = σ(η/√(1 + πv/8)) allows for what is not known of the LLM: v = dᵀ·Σ·d with the design d and the abilities'
/// covariance Σ (MacKay 1992).
struct PredictedResponses {
  /// LLMs that are worked on at once: so many fill a product, and their predictions fit into memory.
  static let blockSize = 64

  /// The queries.
  let known: KnownQueries
  /// d·dᵀ of each query, elements off the diagonal twice, n × (k + 1)(k + 2)/2.
  private let designProducts: Matrix
  /// (d, o) of each query, n × (k + 2).
  private let designs: Matrix

  /// Prepares the predictions of a benchmark's queries.
  init(of known: KnownQueries) {
    self.known = known
    designs = known.designs.appending(
      columns: Matrix(rows: known.count, columns: 1, storage: known.offsets))
    designProducts = PackedSymmetric.outerProducts(known.designs, doubled: true)
  }

  /// p(1 − p) of some LLMs at the means of their abilities, n × LLMs: how fast p changes with the log-odds.
  func slopes(of llms: [Abilities]) -> Matrix {
    let means = Matrix(llms.map { $0.mean.map(Float.init) })
    var result = Elementwise.sigmoid(logOdds(means))
    result.update { $0 *= 1 - $0 }
    return result
  }

  /// The probabilities of good answers, n × LLMs.
  ///
  /// Cost n·m·(k + 1)(k + 4)/2 operations and n·m logistic functions.
  func probabilities(of llms: [Abilities]) -> Matrix {
    let means = Matrix(llms.map { $0.mean.map(Float.init) })
    let spreads = Matrix(llms.map { $0.covariance.map(Float.init) })
    var logOdds = logOdds(means)
    let variances = BLAS.multiply(designProducts, .asStored, spreads, .transposed)
    logOdds.update(with: variances) { $0 /= (1 + Float.pi / 8 * max($1, 0)).squareRoot() }
    return Elementwise.sigmoid(logOdds)
  }

  private func logOdds(_ means: Matrix) -> Matrix {
    let ones = Matrix(rows: means.rows, columns: 1, repeating: 1)
    return BLAS.multiply(designs, .asStored, means.appending(columns: ones), .transposed)
  }
}
