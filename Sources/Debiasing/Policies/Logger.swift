import NumericKernels
import Routing
import RoutingData

/// What makes a log: a router whose scores a policy turns into the probabilities of its picks.
package struct Logger: Sendable {
  /// The word for it in logs.
  package let name: String
  private let router: any Router
  private let policy: any Policy
  private let candidates: Candidates

  /// A logger of some candidates whose every propensity is at least `floor`.
  ///
  /// - Throws: `DataError` for a floor outside [0, 1/m].
  package init(
    _ name: String, router: any Router, policy: any Policy, among candidates: Candidates, floor: Double = 0
  ) throws(DataError) {
    guard floor >= 0, floor * Double(candidates.count) <= 1 else {
      throw DataError(
        "a floor of \(floor) under the propensities of \(candidates.count) LLMs: from 0 to 1/\(candidates.count) "
          + "is possible")
    }
    self.name = name
    self.router = router
    self.policy =
      floor > 0 ? ExploringPolicy(policy, floor: floor, candidates: candidates.count) : policy
    self.candidates = candidates
  }

  /// The number of candidates, m.
  package var candidateCount: Int { candidates.count }

  /// What a query costs with each candidate; nil where it is not known.
  package var costs: [Double]? { candidates.costs }

  /// The probability with which each candidate is picked for each query, n × m with rows of sum 1.
  ///
  /// - Throws: what the router does; `DataError` for scores that are not finite.
  package func propensities(for batch: QueryBatch) throws -> Matrix {
    let scores = try router.scores(for: batch, among: candidates)
    try scores.check(of: router.name, for: batch, among: candidates)
    return policy.picks(scores, among: candidates)
  }
}
