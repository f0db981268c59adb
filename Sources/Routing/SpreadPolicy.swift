import FileFormats
import NumericKernels
import RoutingData

/// Spreads the picks of some pools, each by its own rule; among any other candidates the highest score wins.
///
/// A rule was shown to lose next to nothing for the LLMs of one pool, and for no others.
public struct SpreadPolicy: Policy, Equatable {
  /// The rule of a pool.
  public struct PoolRule: Equatable, Sendable {
    /// The LLMs, in the order of the rule's shares.
    public let llms: [String]
    /// The rule.
    public let rule: SpreadRule

    /// A pool's rule.
    public init(llms: [String], rule: SpreadRule) {
      precondition(llms.count == rule.shares.count, "\(llms.count) LLMs, \(rule.shares.count) shares")
      self.llms = llms
      self.rule = rule
    }
  }

  /// `spread`.
  public let name = "spread"
  /// Who gets a query where several candidates share the highest score: the one with the better mean on train.
  public var tieRule: TieRule? { .trainMean }
  /// The pools with their rules.
  public let rules: [PoolRule]
  private let places: [Set<Name>: Int]

  /// A policy of some rules; of two for the same LLMs the first one counts.
  public init(_ rules: [PoolRule]) {
    self.rules = rules
    places = Dictionary(
      rules.enumerated().map { (Set($0.element.llms.map(Name.init)), $0.offset) }
    ) { first, _ in first }
  }

  /// The rule of some candidates, its shares in their order; nil where they are no pool of the policy.
  public func rule(for candidates: Candidates) -> SpreadRule? {
    guard let place = places[Set(candidates.names.map(Name.init))],
      rules[place].llms.count == candidates.count
    else { return nil }
    let own = rules[place]
    let columns = NameIndex(own.llms)
    let shares = candidates.names.map { columns[$0].map { own.rule.shares[$0] } ?? 0 }
    return SpreadRule(own.rule.family, strength: own.rule.strength, unit: own.rule.unit, shares: shares)
  }

  /// The picks by the rule of these candidates, or of the highest score.
  public func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    rule(for: candidates)?.picks(scores, among: candidates, ties: .trainMean)
      ?? HighestScore(ties: .trainMean).picks(scores, among: candidates)
  }

  /// The published probabilities, adjusted as the scores are.
  public func selectionProbabilities(_ published: Matrix, among candidates: Candidates) -> Matrix {
    rule(for: candidates)?.adjusted(probabilities: published) ?? published
  }
}
