import NumericKernels
import RoutingData

/// From scores to the probability with which each candidate is picked; a pick never needs the answers.
public protocol Policy: Sendable {
  /// The word for it in results.
  var name: String { get }

  /// The rule that breaks its ties; nil for a policy that knows no ties.
  var tieRule: TieRule? { get }

  /// Whether it asks how scores compare and not what they are, so that costs may be taken off them.
  var comparesScores: Bool { get }

  /// The probability with which each candidate is picked for each query, n × m with rows of sum 1.
  ///
  /// The values of `scores` must be finite and n × m.
  func picks(_ scores: Scores, among candidates: Candidates) -> Matrix

  /// What becomes of the probabilities that a router publishes, behind E_p, where the policy moves scores before it picks.
  ///
  /// Both are n × m with rows of sum 1.
  func selectionProbabilities(_ published: Matrix, among candidates: Candidates) -> Matrix
}

extension Policy {
  /// No ties.
  public var tieRule: TieRule? { nil }

  /// It does not, for whoever does not say so.
  public var comparesScores: Bool { false }

  /// They stay.
  public func selectionProbabilities(_ published: Matrix, among candidates: Candidates) -> Matrix {
    published
  }
}

/// Which of several candidates with the highest score gets a query.
public enum TieRule: String, CaseIterable, Codable, Sendable {
  /// The one with the better mean response on the train queries (ours).
  case trainMean
  /// The first of the pool, which is its weakest (RouterEval's published code).
  case first
}

/// Picks the candidate with the highest score; a rule decides between equals.
public struct HighestScore: Policy {
  /// `highest`.
  public let name = "highest"
  private let ties: TieRule

  /// A policy with a rule for ties.
  public init(ties: TieRule = .trainMean) { self.ties = ties }

  /// The rule.
  public var tieRule: TieRule? { ties }

  /// It does nothing else.
  public var comparesScores: Bool { true }

  /// 1 for the winner of each query.
  ///
  /// Under `trainMean` the tied candidate with the best mean on train wins and, if that is equal too, the first;
  /// one without a train response loses to all others.
  public func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    var picks = Matrix(rows: scores.values.rows, columns: scores.values.columns)
    for row in 0..<picks.rows {
      let tied = scores.values.columnsOfHighest(inRow: row)
      guard var winner = tied.first else { continue }
      if ties == .trainMean {
        for candidate in tied.dropFirst()
        where candidates.trainMeans[candidate] ?? -1 > candidates.trainMeans[winner] ?? -1 {
          winner = candidate
        }
      }
      picks[row, winner] = 1
    }
    return picks
  }
}

/// Picks each candidate with the probability that is its score.
///
/// For routers whose scores are distributions; rows that are none are an error of the router.
public struct ProportionalToScore: Policy {
  /// `proportional`.
  public let name = "proportional"

  /// The policy.
  public init() {}

  /// The scores.
  public func picks(_ scores: Scores, among candidates: Candidates) -> Matrix { scores.values }
}
