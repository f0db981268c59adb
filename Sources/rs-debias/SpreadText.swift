import CommandLineKit
import Debiasing
import RoutingData

/// How spread picks are printed.
enum SpreadText {
  /// μ, E_p and picks of each pool before and after, by group.
  static func text(_ outcomes: [SpreadOutcome], margin: Double) -> String {
    var table = TextTable([
      .left("group"), .right("m"), .left("rule"), .right("strength"), .right("μ"), .right("after"),
      .right("Δμ"), .left("95%"), .right("E_p"), .right("after"), .right("picks, bits"), .right("after"),
      .right("gain"), .right("LLMs"), .right("after"), .left(""),
    ])
    for group in CandidateGroup.allCases {
      for one in outcomes where one.group == group { table.append(row(one)) }
    }
    return table.render()
      + "Δμ in points, on test queries that chose nothing; loses less than \(points(margin)) points: one-sided 95%.\n"
      + "E_p: of the probabilities that the router publishes. Bits: of the picks that are made.\n"
      + "LLMs: those that get a query in a thousand. More entropy is no goal in itself: a collapsed pick can be right.\n"
  }

  private static func row(_ one: SpreadOutcome) -> [String] {
    func fixed(_ value: Double, _ digits: Int) -> String { NumberFormatting.fixed(value, digits) }
    return [
      one.group.rawValue, "\(one.size)", one.family?.rawValue ?? "as it was",
      one.strength.map { fixed($0, 2) } ?? "", fixed(one.before.mu, 4), fixed(one.after.mu, 4),
      points(one.difference.value),
      "[\(one.difference.low.map(points) ?? ""), \(one.difference.high.map(points) ?? "")]",
      fixed(one.before.classificationBias, 3), fixed(one.after.classificationBias, 3),
      fixed(one.before.entropy, 3), fixed(one.after.entropy, 3),
      fixed(one.after.entropy - one.before.entropy, 3), "\(one.before.used)", "\(one.after.used)",
      one.family == nil ? "" : one.isNonInferior ? "non-inferior" : "not shown on test",
    ]
  }

  private static func points(_ share: Double) -> String { NumberFormatting.fixed(100 * share, 2) }

  /// Says where there are too few queries to show anything.
  static func noteTooFew(_ outcomes: [SpreadOutcome], _ walk: SpreadWalk) {
    let fewest = walk.fewestQueries
    guard let few = outcomes.first(where: { $0.choosingQueries < fewest }) else { return }
    CommandLineKit.Log.note(
      "\(few.choosingQueries) queries can't show a loss of less than \(points(walk.margin)) points, which takes "
        + "\(NumberFormatting.count(fewest)) even where no answer changes: give --folds, fewer --families or a larger --margin"
    )
  }
}
