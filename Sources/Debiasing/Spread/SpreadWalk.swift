import Metrics
import Routing

/// Walks a family of rules from mild to strong for as long as they lose next to nothing.
///
/// Each step is tested on the same queries: the lower confidence bound of Δμ must stay above −margin. The first step that
/// fails ends the walk, so that all steps before it hold together at the level of one test (fixed sequence; Maurer, Hothorn
/// and Lehmacher 1995). Several families share the error rate (Bonferroni).
public struct SpreadWalk: Sendable {
  /// A step that was tried.
  public struct Step: Codable, Equatable, Sendable {
    /// Its strength, in units.
    public let strength: Double
    /// Δμ on the queries that choose.
    public let difference: Double
    /// The lower confidence bound of Δμ.
    public let low: Double
    /// How many bits the entropy of the picks gains there.
    public let entropyGain: Double
    /// Whether the bound is above −margin, and there are enough queries to show anything.
    public let isAccepted: Bool

    private enum CodingKeys: String, CodingKey {
      case strength, low
      case difference = "delta_mu"
      case entropyGain = "entropy_gain"
      case isAccepted = "accepted"
    }
  }

  /// The strengths in the order of the walk: 0.02 to 73 units, each a fifth more than the last.
  public static let strengths: [Double] = (0..<46).reduce(into: []) { list, _ in
    list.append((list.last.map { $0 * 1.2 }) ?? 0.02)
  }

  /// The largest loss of μ that is next to nothing, above 0.
  public let margin: Double
  /// The families to walk.
  public let families: [SpreadRule.Family]
  /// The probability of losing more than the margin all the same.
  public let errorRate: Double

  /// A walk; `margin` in (0, 1), at least one family.
  public init(
    margin: Double, families: [SpreadRule.Family] = SpreadRule.Family.allCases, errorRate: Double = 0.05
  ) {
    precondition(margin > 0 && margin < 1 && !families.isEmpty, "margin \(margin), \(families)")
    self.margin = margin
    self.families = families
    self.errorRate = errorRate
  }

  /// The one-sided level of each family's tests.
  var level: Double { 1 - errorRate / Double(families.count) }

  /// The fewest queries that can show anything: a rule that changed no answer of so many would pass.
  public var fewestQueries: Int {
    var (low, high) = (1, 100_000_000)
    while low < high {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func isEnough(_ count: Int) -> Bool {
    NonInferiority.lowerBound(ofNoDifferenceAmong: count, level: level) > -margin
  }

  /// The steps of a family, up to the first that fails.
  public func steps(_ family: SpreadRule.Family, on sample: SpreadSample) -> [Step] {
    let before = sample.collapsed
    let unit = sample.unit
    let isEnough = isEnough(sample.count)
    var steps: [Step] = []
    for strength in Self.strengths {
      let after = sample.spread(
        by: SpreadRule(family, strength: strength, unit: unit, shares: before.shares))
      let differences = zip(after.rewards, before.rewards).map { $0 - $1 }
      let low = NonInferiority.lowerBound(of: differences, level: level)
      steps.append(
        Step(
          strength: strength, difference: ShiftedMean.of(differences), low: low,
          entropyGain: after.entropy - before.entropy, isAccepted: isEnough && low > -margin))
      if steps.last?.isAccepted == false { break }
    }
    return steps
  }

  /// The rule of the accepted step that gains the most entropy on these queries; nil where no step was accepted, or none
  /// gains any.
  ///
  /// All accepted steps hold together, so any may be chosen. The strongest is not always the best: an adjustment that is too
  /// strong turns the collapse round.
  public func rule(_ steps: [SpreadRule.Family: [Step]], on sample: SpreadSample) -> SpreadRule? {
    var best: (family: SpreadRule.Family, step: Step)?
    for family in families {
      for step in steps[family] ?? [] where step.isAccepted {
        if step.entropyGain > best?.step.entropyGain ?? 0 { best = (family, step) }
      }
    }
    return best.map {
      SpreadRule(
        $0.family, strength: $0.step.strength, unit: sample.unit, shares: sample.collapsed.shares)
    }
  }
}
