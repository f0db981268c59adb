import NumericKernels
import Routing

/// What one router did with the measured queries of a pool.
public struct RoutedQueries: Sendable {
  /// The router's name.
  public let router: String
  /// How its scores became picks, such as `highest`.
  public let policy: String
  /// The rule that broke its ties; nil for a policy that knows no ties.
  public let tieRule: TieRule?
  /// The probability with which each candidate was picked, n × m with rows of sum 1.
  public let picks: Matrix
  /// The expected response to each query under the picks, n numbers in [0, 1].
  public let rewards: [Double]
  /// The entropy of each query's selection probabilities in bits, n numbers.
  public let entropies: [Double]

  /// How wrong the predicted responses are; nil for a router that predicts none.
  public let predictionErrors: PredictionErrors?
  /// What it does at each price; nil where costs are not known, or its picks do not compare scores.
  public let priced: PricedQueries?

  /// The outcome of picks, selection probabilities and predicted responses (nil for none), each n × m,
  /// on the responses of a pool.
  ///
  /// Rows of picks and probabilities are scaled to sum 1 in `Double`.
  public init(
    router: String, policy: any Policy, picks: Matrix, probabilities: Matrix,
    predicted: Matrix? = nil, responses: Matrix, priced: PricedQueries? = nil
  ) {
    precondition(
      picks.rows == responses.rows && picks.columns == responses.columns, "picks are \(picks.shapeText)")
    precondition(
      probabilities.rows == responses.rows && probabilities.columns == responses.columns,
      "probabilities are \(probabilities.shapeText)")
    self.router = router
    self.policy = policy.name
    tieRule = policy.tieRule
    self.picks = picks
    rewards = Rewards.expected(picks: picks, responses: responses)
    self.priced = priced
    predictionErrors = predicted.map { PredictionErrors(predicted: $0, responses: responses) }
    entropies = (0..<probabilities.rows).map { Entropy.bits(probabilities.row($0).lazy.map(Double.init)) }
  }

  /// The share of the queries that each candidate was picked for, m numbers of sum 1.
  public var pickShares: [Double] {
    let shares = (0..<picks.columns).map { ShiftedMean.of(picks.column($0).map(Double.init)) }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }
}

extension RoutedQueries {
  /// Whether one candidate, or its stand-in where it did not answer, was picked for every query.
  package func isAlways(_ candidate: Int, of pool: PoolResponses) -> Bool {
    (0..<picks.rows).allSatisfy { row in
      let taker = pool.availability?.taker(of: row, for: candidate) ?? candidate
      return picks.row(row).enumerated().allSatisfy { $0.offset == taker || $0.element == 0 }
    }
  }

  /// Whether it is the same candidate that was picked for every query.
  package func isAlwaysOne(of pool: PoolResponses) -> Bool {
    guard picks.rows > 0, let first = picks.row(0).firstIndex(where: { $0 != 0 }) else { return false }
    guard pool.availability != nil else { return isAlways(first - picks.row(0).startIndex, of: pool) }
    return (0..<picks.columns).contains { isAlways($0, of: pool) }
  }

  /// What the picks earn more than one candidate alone, n numbers in [−1, 1].
  package func gains(over candidate: Int, of pool: PoolResponses) -> [Double] {
    zip(rewards, pool.values.column(candidate)).map { $0 - Double($1) }
  }

  /// What the picks earn less than the best candidate of each query, n numbers in [0, 1].
  package func losses(of pool: PoolResponses) -> [Double] {
    zip(rewards, pool.bestResponses).map { max(0, $1 - $0) }
  }
}

/// What picks earn.
public enum Rewards {
  /// The expected response to each query, n numbers in [0, 1]; picks and responses are n × m.
  ///
  /// Rows of picks are scaled to sum 1 in `Double`.
  public static func expected(picks: Matrix, responses: Matrix) -> [Double] {
    (0..<picks.rows).map { row in
      var reward = 0.0
      var total = 0.0
      for (pick, response) in zip(picks.row(row), responses.row(row)) {
        reward += Double(pick) * Double(response)
        total += Double(pick)
      }
      return total > 0 ? reward / total : 0
    }
  }
}
