import CommandLineKit
import Debiasing
import FileFormats
import Metrics

/// What a log says of routers, as tables for people.
enum LogText {
  /// A row for each router and estimator, then the choice and the notes.
  static func table(_ result: LogEvaluationResult) -> String {
    var table = TextTable([
      .left("router"), .left("estimator"), .right("μ"), .right("ESS"), .right("− \(result.baseline)"),
      .right("V_B"), .left("interval"),
    ])
    for router in result.routers {
      for (place, estimate) in router.estimates.enumerated() {
        table.append([
          place == 0 ? router.name : "", estimate.estimator, text(estimate),
          place == 0 ? NumberFormatting.fixed(router.effectiveSampleSize, 0) : "",
          CellText.text(estimate.difference, 4), CellText.text(estimate.bestSingleModelValue, 3),
          estimate.interval.rawValue,
        ])
      }
    }
    return """
      log \(result.log) of \(result.benchmark): \(NumberFormatting.count(result.rows)) rows of \
      \(NumberFormatting.count(result.queries)) \(result.parts.joined(separator: ", ")) queries, \(result.llms.count) LLMs
      \(table.render())\(bestSingle(result))\(choice(result))\(notes(result))
      """
  }

  /// A value with its interval; bounds alone where part of the target can't be seen.
  private static func text(_ estimate: EstimatedValue) -> String {
    let ends =
      "[\(NumberFormatting.fixed(estimate.low, 4)), \(NumberFormatting.fixed(estimate.high, 4))]"
    guard let value = estimate.value else { return "within \(ends)" }
    return "\(NumberFormatting.fixed(value, 4)) \(ends)"
  }

  private static func bestSingle(_ result: LogEvaluationResult) -> String {
    let single = result.bestSingle
    guard let highest = single.highest, let value = single.highestValue, let bias = single.bias else {
      return "best: \(single.chosen)\n"
    }
    return "best: \(single.chosen), chosen on other rows; the highest here is \(highest) with "
      + "\(NumberFormatting.fixed(value, 4)), of which about \(NumberFormatting.fixed(bias, 4)) is luck\n"
  }

  private static func choice(_ result: LogEvaluationResult) -> String {
    guard let selection = result.selection else { return "" }
    // Routers that pick alike share a chance, which is that of any of them.
    let alike = selection.alike
    let names = alike.map(\.name)
    let chances =
      ([(names.joined(separator: " = "), alike.reduce(0) { $0 + $1.probability })]
      + selection.routers.filter { !names.containsName($0.name) }.map { ($0.name, $0.probability) })
      .map { "\($0.0) \(NumberFormatting.fixed(100 * $0.1, 0))%" }
    return "choose \(selection.best); the best is, with probability: \(chances.joined(separator: ", "))\n"
  }

  private static func notes(_ result: LogEvaluationResult) -> String {
    var notes = result.notes
    for router in result.routers where router.unseenShare > 1e-6 {
      notes.append(
        "\(router.name): the logger never picks \(NumberFormatting.fixed(100 * router.unseenShare, 1))% of its picks, "
          + "so only bounds are known")
    }
    let few = result.routers.filter { !($0.effectiveSampleSize >= TargetEstimate.fewRows) }.map(\.name)
    if !few.isEmpty {
      notes.append(
        "few rows picked as they would (ESS below \(Int(TargetEstimate.fewRows))); believe no more than the intervals: "
          + few.joined(separator: ", "))
    }
    return notes.map { $0 + "\n" }.joined()
  }
}
