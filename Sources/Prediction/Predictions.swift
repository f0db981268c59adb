import NumericKernels
import Routing

/// What a predictor says of some queries and its candidates.
package struct Predictions: Sendable {
  /// Scores and predicted responses, n × m each.
  package let scores: Scores
  /// The standard errors of the predicted responses, n × m; nil where the model says none.
  package let errors: Matrix?
  /// The probability with which each candidate is picked, n × m with rows of sum 1.
  package let propensities: Matrix
  /// What picks go by, n × m: scores, or predicted responses less what the cost is worth.
  package let worths: Matrix

  /// The number of queries, n.
  package var count: Int { scores.values.rows }

  /// The candidate that a number from [0, 1) picks: the first whose probabilities up to its own exceed it.
  package func pick(_ row: Int, draw: Double) -> Int {
    var sum = 0.0
    var last = 0
    for column in 0..<propensities.columns where propensities[row, column] > 0 {
      sum += Double(propensities[row, column])
      last = column
      if draw < sum { return column }
    }
    // Probabilities in single precision may add up to a little less than 1.
    return last
  }

  /// The candidates of a query by falling worth, possible picks and then earlier ones first among equals; at most `count`
  /// of them.
  package func best(_ row: Int, _ count: Int) -> [Int] {
    func isPossible(_ column: Int) -> Bool { propensities[row, column] > 0 }
    let order = (0..<worths.columns).sorted {
      let (first, second) = (worths[row, $0], worths[row, $1])
      return first == second ? (isPossible($0) ? 0 : 1, $0) < (isPossible($1) ? 0 : 1, $1) : first > second
    }
    return Array(order.prefix(count))
  }
}
