import NumericKernels
import Routing

/// Picks LLMs by a ranking that is the same for every query: the one of rank r with a probability in proportion to 1/r.
///
/// How many calls an LLM gets falls about so with its rank; the probabilities do not depend on the unit of what ranks.
package struct RankedPolicy: Policy {
  /// What the LLMs are ranked by.
  package enum Ranking: String, Sendable {
    /// The mean response to the train queries, the highest first; LLMs without one come last.
    case popularity
    /// What a query costs, the lowest first; `Candidates.costs` must be there.
    case cost
  }

  /// `popularity` or `cost`.
  package var name: String { ranking.rawValue }
  private let ranking: Ranking

  /// A policy by a ranking.
  package init(by ranking: Ranking) { self.ranking = ranking }

  /// (1/r)/Σ(1/r) for the LLM of rank r in every row, n × m; equals in the pool's order.
  package func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    let keys: [Double]
    switch ranking {
    case .popularity: keys = candidates.trainMeans.map { -($0 ?? -1) }
    case .cost:
      guard let costs = candidates.costs else { preconditionFailure("costs that are not known rank nothing") }
      keys = costs
    }
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    let sum = order.indices.reduce(0.0) { $0 + 1 / Double($1 + 1) }
    var shares = [Float](repeating: 0, count: keys.count)
    for (rank, llm) in order.enumerated() { shares[llm] = Float(1 / Double(rank + 1) / sum) }
    var picks = Matrix(rows: scores.values.rows, columns: candidates.count)
    for row in 0..<picks.rows { picks.replaceRow(row, with: shares) }
    return picks
  }
}
