import NumericKernels
import Routing

/// Picks the LLM of the best mean response to the train queries, whatever the query and the scores.
package struct BestSinglePolicy: Policy {
  /// `best-single`.
  package let name = "best-single"

  /// The policy.
  package init() {}

  /// 1 for the LLM of the highest train mean, of equals the first, n × m.
  package func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    var picks = Matrix(rows: scores.values.rows, columns: candidates.count)
    guard candidates.count > 0 else { return picks }
    let best = candidates.trainMeans.indices.reduce(0) {
      candidates.trainMeans[$1] ?? -1 > candidates.trainMeans[$0] ?? -1 ? $1 : $0
    }
    for row in 0..<picks.rows { picks[row, best] = 1 }
    return picks
  }
}
