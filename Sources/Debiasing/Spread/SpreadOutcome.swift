import Metrics
import Routing
import RoutingData

/// What was chosen for a pool, and what it comes to on test queries: a plain value.
public struct SpreadOutcome: Codable, Equatable, Sendable {
  /// A routing of the test queries.
  public struct Side: Codable, Equatable, Sendable {
    /// μ.
    public let mu: Double
    /// E_p of the published probabilities, in bits.
    public let classificationBias: Double
    /// The entropy of the actual picks, in bits.
    public let entropy: Double
    /// The LLMs that get at least one query in a thousand.
    public let used: Int

    private enum CodingKeys: String, CodingKey {
      case mu
      case classificationBias = "ep"
      case entropy = "pick_entropy"
      case used = "llms_used"
    }

    init(_ picks: SpreadPicks) {
      mu = picks.mu
      classificationBias = picks.classificationBias
      entropy = picks.entropy
      used = picks.used
    }
  }

  /// A family's walk.
  public struct Walk: Codable, Equatable, Sendable {
    /// The family.
    public let family: SpreadRule.Family
    /// Its steps, up to the first that failed.
    public let steps: [SpreadWalk.Step]
  }

  /// A family's whole walk on the test queries, for the frontier of μ and entropy; nothing is chosen by it.
  public struct FrontierPoint: Codable, Equatable, Sendable {
    /// The family.
    public let family: SpreadRule.Family
    /// The strength, in units.
    public let strength: Double
    /// Δμ on test.
    public let difference: Double
    /// The gain in the entropy of picks, in bits.
    public let entropyGain: Double

    private enum CodingKeys: String, CodingKey {
      case family, strength
      case difference = "delta_mu"
      case entropyGain = "entropy_gain"
    }
  }

  /// The benchmark.
  public let benchmark: String
  /// How the candidates relate in accuracy.
  public let group: CandidateGroup
  /// Their number, m.
  public let size: Int
  /// The number of queries that the walk looked at.
  public let choosingQueries: Int
  /// The number of test queries.
  public let testQueries: Int
  /// The walks.
  public let walks: [Walk]
  /// The chosen family; nil where the picks stay as they are.
  public let family: SpreadRule.Family?
  /// The chosen strength, in units; nil where the picks stay as they are.
  public let strength: Double?
  /// The highest score's picks.
  public let before: Side
  /// The picks under the chosen rule.
  public let after: Side
  /// Δμ on test with the ends of its 95% interval.
  public let difference: Estimate
  /// Whether the one-sided 95% bound on test is above −margin.
  public let isNonInferior: Bool
  /// The frontier on test.
  public let frontier: [FrontierPoint]

  private enum CodingKeys: String, CodingKey {
    case benchmark, group, walks, family, strength, before, after, frontier
    case size = "m"
    case choosingQueries = "choosing_queries"
    case testQueries = "test_queries"
    case difference = "delta_mu"
    case isNonInferior = "non_inferior"
  }

  /// What a walk chose on some queries, measured on others.
  public init(
    _ walk: SpreadWalk, pool: PoolResponses, choosing: SpreadSample, test: SpreadSample
  ) {
    let steps = Dictionary(
      uniqueKeysWithValues: walk.families.map { ($0, walk.steps($0, on: choosing)) })
    let rule = walk.rule(steps, on: choosing)
    let (old, new) = (test.collapsed, rule.map(test.spread) ?? test.collapsed)
    let differences = zip(new.rewards, old.rewards).map { $0 - $1 }
    benchmark = pool.benchmark
    group = pool.group
    size = pool.llms.count
    choosingQueries = choosing.count
    testQueries = test.count
    walks = walk.families.map { Walk(family: $0, steps: steps[$0] ?? []) }
    family = rule?.family
    strength = rule?.strength
    before = Side(old)
    after = Side(new)
    let low = NonInferiority.lowerBound(of: differences, level: 0.975)
    let high = NonInferiority.upperBound(of: differences, level: 0.975)
    // Picks that stay as they are can't be worse.
    difference = Estimate(
      ShiftedMean.of(differences),
      rule == nil ? Interval(low: 0, high: 0) : Interval(low: low, high: max(low, high)))
    isNonInferior = rule == nil || NonInferiority.lowerBound(of: differences, level: 0.95) > -walk.margin
    let (unit, shares) = (choosing.unit, choosing.collapsed.shares)
    frontier = walk.families.flatMap { family in
      SpreadWalk.strengths.map { strength in
        let spread = test.spread(by: SpreadRule(family, strength: strength, unit: unit, shares: shares))
        return FrontierPoint(
          family: family, strength: strength, difference: spread.mu - old.mu,
          entropyGain: spread.entropy - old.entropy)
      }
    }
  }

  /// The chosen rule; nil where the picks stay as they are.
  func rule(_ choosing: SpreadSample) -> SpreadRule? {
    guard let family, let strength else { return nil }
    return SpreadRule(family, strength: strength, unit: choosing.unit, shares: choosing.collapsed.shares)
  }
}
