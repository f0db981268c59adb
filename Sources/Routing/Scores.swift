import NumericKernels
import RoutingData

/// What a router says of some queries and candidates.
public struct Scores: Sendable {
  /// A number for each query and candidate, n × m; higher means more likely to answer well.
  public let values: Matrix
  /// The responses that the router predicts, n × m in [0, 1]; nil for a router that predicts none.
  public let probabilities: Matrix?
  /// How unsure the router is of its scores, n × m, at least 0; nil for a router that does not say.
  public let standardErrors: Matrix?

  /// Scores from their parts, all of one shape.
  public init(_ values: Matrix, probabilities: Matrix? = nil, standardErrors: Matrix? = nil) {
    self.values = values
    self.probabilities = probabilities
    self.standardErrors = standardErrors
  }

  /// Throws unless a router's numbers are finite, in range and one for each query and candidate.
  ///
  /// - Throws: `DataError` naming the router and the shape, or the query and LLM of the first wrong number.
  public func check(
    of router: String, for batch: QueryBatch, among candidates: Candidates
  ) throws(DataError) {
    let place = ScorePlace(router: router, batch: batch, candidates: candidates)
    try place.require(values, "scores")
    // One look finds out whether anything is wrong; what it is may take longer.
    if let probabilities,
      probabilities.rows != values.rows || probabilities.columns != values.columns
        || probabilities.firstOutside(0...1) != nil
    {
      try place.require(probabilities, "predicted responses")
      guard let (row, column) = probabilities.firstOutside(0...1) else { return }
      throw DataError(
        "router '\(router)': the predicted response of LLM '\(candidates.names[column])' for "
          + "\(batch.describe(row)) is \(probabilities[row, column]), expected a number from 0 to 1")
    }
    if let standardErrors { try place.require(standardErrors, "standard errors") }
  }
}

/// What messages about a router's numbers name.
package struct ScorePlace {
  let router: String
  let batch: QueryBatch
  let candidates: Candidates

  package init(router: String, batch: QueryBatch, candidates: Candidates) {
    self.router = router
    self.batch = batch
    self.candidates = candidates
  }

  /// Throws unless there is a finite number for each query and candidate.
  package func require(_ matrix: Matrix, _ what: String) throws(DataError) {
    guard matrix.rows == batch.count, matrix.columns == candidates.count else {
      throw DataError(
        "router '\(router)': \(what) are \(matrix.shapeText), expected \(batch.count) × \(candidates.count)")
    }
    guard let (row, column) = matrix.firstNonFinite else { return }
    throw DataError(
      "router '\(router)': \(what) of LLM '\(candidates.names[column])' for \(batch.describe(row)) are "
        + "\(matrix[row, column]), expected finite numbers")
  }

  /// Throws unless the rows are distributions: not negative, with sum 1 to 1e-3.
  package func require(distributions matrix: Matrix, _ what: String) throws(DataError) {
    try require(matrix, what)
    for row in 0..<matrix.rows {
      let values = matrix.row(row)
      let sum = values.reduce(0.0) { $0 + Double($1) }
      guard abs(sum - 1) <= 1e-3, values.allSatisfy({ $0 >= 0 }) else {
        throw DataError(
          "router '\(router)': \(what) for \(batch.describe(row)) are negative or sum to \(sum), expected 1")
      }
    }
  }
}
