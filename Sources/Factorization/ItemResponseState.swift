import Learning
import NumericKernels
import RoutingData

/// Where the estimation of an item response model stands: factors, what is known of them, and their priors.
package struct ItemResponseState: Equatable, Sendable {
  /// Queries (a, b, 1) and LLMs (θ, 1, c).
  package var factors: BiasedFactors
  /// The posterior covariances C of each block's queries (a, b), n × (k + 1)(k + 2)/2, see `PackedSymmetric`.
  package var queryCovariances: [Matrix]
  /// The posterior covariances Σ of the LLMs (θ, c), m × (k + 1)(k + 2)/2.
  package var llmCovariances: Matrix
  /// The prior mean of each block's queries, B × (k + 1).
  package var priorMeans: Matrix
  /// The prior covariance S of queries about the mean of their block, (k + 1) × (k + 1).
  package var priorCovariance: Matrix
  /// The prior variance of the LLMs' intercepts c; that of each θ is 1.
  package var interceptVariance: Float

  /// The state at some start factors; priors are those factors' moments.
  init(start: BiasedFactors) {
    factors = start
    let width = start.factors + 1
    let packed = PackedSymmetric.count(order: width)
    queryCovariances = start.queries.map { Matrix(rows: $0.rows, columns: packed) }
    llmCovariances = Matrix(rows: start.llms.rows, columns: packed)
    priorMeans = Matrix(rows: start.queries.count, columns: width)
    priorCovariance = Matrix(identity: width)
    interceptVariance = 1
  }

  /// The same for some of the LLMs alone.
  func selecting(llms kept: [Int]) -> ItemResponseState {
    var result = self
    result.factors.llms = factors.llms.selecting(rows: kept)
    result.llmCovariances = llmCovariances.selecting(rows: kept)
    return result
  }

  /// Enters the state into a bundle.
  func save(to bundle: inout TensorBundle) {
    factors.save(as: "factors", to: &bundle)
    for (index, matrix) in queryCovariances.enumerated() {
      bundle.matrices["query_covariances.\(index)"] = matrix
    }
    bundle.matrices["llm_covariances"] = llmCovariances
    bundle.matrices["prior_means"] = priorMeans
    bundle.matrices["prior_covariance"] = priorCovariance
    bundle.numbers["intercept_variance"] = [Double(interceptVariance)]
  }

  /// A state of the shapes of this one from a bundle.
  ///
  /// - Throws: `DataError` for parts that are missing or of other shapes.
  func restored(from bundle: TensorBundle) throws(DataError) -> ItemResponseState {
    func taken(_ matrix: Matrix, _ name: String) throws(DataError) -> Matrix {
      try bundle.matrix(name, rows: matrix.rows, columns: matrix.columns)
    }
    var result = self
    result.factors = try factors.restored(from: bundle, as: "factors")
    for (index, matrix) in queryCovariances.enumerated() {
      result.queryCovariances[index] = try taken(matrix, "query_covariances.\(index)")
    }
    result.llmCovariances = try taken(llmCovariances, "llm_covariances")
    result.priorMeans = try taken(priorMeans, "prior_means")
    result.priorCovariance = try taken(priorCovariance, "prior_covariance")
    result.interceptVariance = Float(try bundle.number("intercept_variance"))
    return result
  }
}

extension ItemResponseState {
  /// The same model with slopes of mean 0, abilities of mean 0 and covariance 1, their posterior covariances counted, and
  /// intercepts of mean 0: the units in which priors are written.
  ///
  /// What an ability does to all queries alike belongs to the intercept: c′ = c + θ·ā and a′ = a − ā; left in, abilities
  /// and intercepts cancel. Then θ = μ + G·θ′ with G·Gᵀ the covariance of the abilities; a″ = Gᵀ·a′ and
  /// b′ = b + a′·μ + c̄. Every log-odds stays as it is. Covariances are not changed: they are made again by the next half of
  /// a sweep.
  func whitened() throws(NumericalError) -> ItemResponseState {
    try withCentredSlopes().withWhiteAbilities()
  }

  private func withCentredSlopes() -> ItemResponseState {
    let latent = Array(0..<factors.factors)
    let count = Float(factors.queries.reduce(0) { $0 + $1.rows })
    let means = latent.map { column in
      factors.queries.reduce(Float(0)) { $0 + $1.column(column).reduce(0, +) } / count
    }
    var result = self
    for block in factors.queries.indices {
      for row in 0..<factors.queries[block].rows {
        for column in latent { result.factors.queries[block][row, column] -= means[column] }
      }
    }
    for llm in 0..<factors.llms.rows {
      for column in latent {
        result.factors.llms[llm, factors.factors + 1] += factors.llms[llm, column] * means[column]
      }
    }
    return result
  }

  private func withWhiteAbilities() throws(NumericalError) -> ItemResponseState {
    let k = factors.factors
    let count = Float(factors.llms.rows)
    let latent = Array(0..<k)
    var result = self
    let shift = factors.llms.column(k + 1).reduce(0, +) / count
    for llm in 0..<factors.llms.rows { result.factors.llms[llm, k + 1] -= shift }
    guard k > 0 else {
      for block in factors.queries.indices {
        for row in 0..<factors.queries[block].rows { result.factors.queries[block][row, k] += shift }
      }
      return result
    }
    var abilities = factors.llms.selecting(columns: latent)
    let means = latent.map { abilities.column($0).reduce(0, +) / count }
    abilities.addToRows(means.map { -$0 })
    var covariance = BLAS.gram(abilities, scale: 1 / count)
    for i in latent {
      for j in latent {
        let own = llmCovariances.column(PackedSymmetric.place(i, j)).reduce(0, +) / count
        covariance[i, j] += own
      }
      // An axis that nobody uses stays one.
      covariance[i, i] += 1e-4
    }
    let cholesky = try Cholesky(covariance)
    cholesky.whitenRows(of: &abilities)
    result.factors.llms.replaceColumns(latent, with: abilities)
    for block in factors.queries.indices {
      let slopes = factors.queries[block].selecting(columns: latent)
      result.factors.queries[block].replaceColumns(latent, with: BLAS.multiply(slopes, cholesky.lower))
      for row in 0..<slopes.rows {
        result.factors.queries[block][row, k] += shift + BLAS.dot(slopes.row(row), means)
      }
    }
    return result
  }

  /// The same model along the axes on which queries differ most, widest first, each with the sign of `AxisSign`.
  ///
  /// Whitened abilities are the same in all directions, so the axes are those of the queries' slopes.
  func inPrincipalAxes() throws(NumericalError) -> ItemResponseState {
    let k = factors.factors
    guard k > 0 else { return self }
    let latent = Array(0..<k)
    var gram = Matrix(rows: k, columns: k)
    for queries in factors.queries { gram += BLAS.gram(queries.selecting(columns: latent)) }
    var rotation = try SymmetricEigen(gram).vectors.selecting(rows: latent.reversed())
    let turned = BLAS.multiply(
      factors.llms.selecting(columns: latent), .asStored, rotation, .transposed)
    for axis in latent where AxisSign.of(turned.column(axis)) < 0 {
      for column in latent { rotation[axis, column] = -rotation[axis, column] }
    }
    var whole = Matrix(identity: k + 1)
    whole.replace(rows: 0, columns: 0, with: rotation)
    var result = self
    func turn(_ matrix: inout Matrix) {
      matrix.replaceColumns(
        latent, with: BLAS.multiply(matrix.selecting(columns: latent), .asStored, rotation, .transposed))
    }
    turn(&result.factors.llms)
    for block in factors.queries.indices {
      turn(&result.factors.queries[block])
      result.queryCovariances[block] = PackedSymmetric.transformed(queryCovariances[block], by: whole)
    }
    turn(&result.priorMeans)
    result.llmCovariances = PackedSymmetric.transformed(llmCovariances, by: whole)
    result.priorCovariance = BLAS.multiply(
      BLAS.multiply(whole, priorCovariance), .asStored, whole, .transposed)
    return result
  }
}
