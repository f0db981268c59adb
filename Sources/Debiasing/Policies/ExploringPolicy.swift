import NumericKernels
import Routing

/// Follows another policy, but in a share of all queries picks uniformly: (1 − ε)·p + ε/m.
///
/// Every propensity is then at least ε/m. Over `HighestScore` it is ε-greedy, over `BestSinglePolicy` the usual way to
/// go on learning beside one LLM in use, and over any policy a floor.
package struct ExploringPolicy: Policy {
  /// The name of the policy that is followed, with `explore`.
  package let name: String
  private let followed: any Policy
  private let share: Float

  /// A policy that picks uniformly in a share of all queries, in [0, 1], and else follows another.
  package init(_ followed: any Policy, share: Float) {
    precondition(share >= 0 && share <= 1, "share \(share)")
    name = "\(followed.name)+explore"
    self.followed = followed
    self.share = share
  }

  /// A policy whose propensities over m candidates are at least a floor, in [0, 1/m].
  package init(_ followed: any Policy, floor: Double, candidates: Int) {
    self.init(followed, share: Float(min(floor * Double(candidates), 1)))
  }

  /// The rule that breaks the ties of the policy that is followed.
  package var tieRule: TieRule? { followed.tieRule }

  /// (1 − ε)·p + ε/m, n × m with rows of sum 1.
  package func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    guard share > 0 else { return followed.picks(scores, among: candidates) }
    return followed.picks(scores, among: candidates)
      .scaled(by: 1 - share, plus: share / Float(max(candidates.count, 1)))
  }
}
