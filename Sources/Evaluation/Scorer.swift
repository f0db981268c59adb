import NumericKernels
import Recommenders
import RoutingData

/// Which of several candidates with the highest score gets a query.
public enum TieRule: String, CaseIterable, Codable, Sendable {
  /// The one with the better mean response on the train queries (ours).
  case trainMean
  /// The first of the pool, which is its weakest (RouterEval's published code).
  case first
}

/// Turns scores into picks.
public struct Scorer: Sendable {
  /// Who gets a query where several candidates share the highest score.
  public let tieRule: TieRule

  /// A scorer with a rule for ties.
  public init(_ tieRule: TieRule = .trainMean) { self.tieRule = tieRule }

  /// The probability with which each candidate is picked for each query, n × m with rows of sum 1.
  ///
  /// `scores` is n × m, for the queries and candidates of `pool`. Under `trainMean` the tied candidate
  /// with the best mean on train wins and, if that is equal too, the first; one without a train
  /// response loses to all others.
  ///
  /// - Throws: `DataError` naming the router, and the shape or the query and LLM of a score that is
  ///   not finite, or the query whose scores are not the probabilities that the policy wants.
  public func picks(
    ofScores scores: Matrix, policy: PickPolicy, router: String, pool: PoolResponses
  ) throws(DataError) -> Matrix {
    switch policy {
    case .highest:
      try Self.require(scores, "scores", of: router, for: pool)
      return highest(scores, pool)
    case .shared:
      try Self.require(scores, "scores", of: router, for: pool)
      return HighestScores.shared(scores)
    case .proportional:
      try Self.require(probabilities: scores, "scores", of: router, for: pool)
      return scores
    }
  }

  private func highest(_ scores: Matrix, _ pool: PoolResponses) -> Matrix {
    var picks = Matrix(rows: scores.rows, columns: scores.columns)
    for row in 0..<scores.rows {
      let tied = HighestScores.columns(ofRow: row, scores)
      guard var winner = tied.first else { continue }
      if tieRule == .trainMean {
        for candidate in tied.dropFirst()
        where pool.trainMeans[candidate] ?? -1 > pool.trainMeans[winner] ?? -1 { winner = candidate }
      }
      picks[row, winner] = 1
    }
    return picks
  }

  /// Throws unless a router's numbers are finite and one for each query and candidate.
  static func require(
    _ matrix: Matrix, _ what: String, of router: String, for pool: PoolResponses
  ) throws(DataError) {
    guard matrix.rows == pool.queries.count, matrix.columns == pool.llms.count else {
      throw DataError(
        "router '\(router)': \(what) are \(matrix.shapeText), expected \(pool.queries.count) × \(pool.llms.count)"
      )
    }
    guard let index = matrix.storage.firstIndex(where: { !$0.isFinite }) else { return }
    let (row, column) = index.quotientAndRemainder(dividingBy: matrix.columns)
    throw DataError(
      "router '\(router)': \(what) of LLM '\(pool.llms[column])' for query \(pool.queries[row]) of benchmark "
        + "'\(pool.benchmark)' are \(matrix.storage[index]), expected finite numbers")
  }

  /// Throws unless predicted responses are numbers in [0, 1], one for each query and candidate.
  static func require(
    predicted: Matrix, of router: String, for pool: PoolResponses
  ) throws(DataError) {
    try require(predicted, "predicted responses", of: router, for: pool)
    guard let index = predicted.storage.firstIndex(where: { $0 < 0 || $0 > 1 }) else { return }
    let (row, column) = index.quotientAndRemainder(dividingBy: predicted.columns)
    throw DataError(
      "router '\(router)': the predicted response of LLM '\(pool.llms[column])' for query \(pool.queries[row]) "
        + "of benchmark '\(pool.benchmark)' is \(predicted.storage[index]), expected a number from 0 to 1")
  }

  /// Throws unless probabilities are non-negative with rows of sum 1 (to 1e-3).
  static func require(
    probabilities: Matrix, _ what: String, of router: String, for pool: PoolResponses
  ) throws(DataError) {
    try require(probabilities, what, of: router, for: pool)
    for row in 0..<probabilities.rows {
      let values = probabilities.row(row)
      let sum = values.reduce(0.0) { $0 + Double($1) }
      guard abs(sum - 1) <= 1e-3, values.allSatisfy({ $0 >= 0 }) else {
        throw DataError(
          "router '\(router)': \(what) for query \(pool.queries[row]) of benchmark "
            + "'\(pool.benchmark)' are negative or sum to \(sum), expected 1")
      }
    }
  }
}
