import ColdStart
import CommandLineKit

/// A run of placements as tables for people.
enum PlacementText {
  /// The best of each number of answers that are shown.
  private static let shown = 5

  /// The errors by number of answers, then the answers needed; the best few, or with `isWhole` all.
  static func text(_ result: PlacementResult, isWhole: Bool) -> String {
    let names = distinct(result.summaries.map(\.benchmark))
    var errors = TextTable([
      .left("benchmark"), .right("answers"), .left("anchors"), .left("estimator"), .right("LLMs"),
      .right("MAE"), .right("±"), .right("bias"), .right("coverage"), .right("width"),
    ])
    var needed = TextTable(
      [.left("benchmark"), .left("anchors"), .left("estimator")]
        + AnswersNeeded.targets.map { .right("MAE \(NumberFormatting.fixed(100 * $0, 0))") })
    for name in names {
      let own = result.summaries.filter { $0.benchmark == name }
      for answers in Set(own.map(\.answers)).sorted() {
        for summary in best(own.filter { $0.answers == answers }, isWhole) { errors.append(row(summary)) }
      }
      for row in rows(result.answersNeeded.filter { $0.benchmark == name }, isWhole) { needed.append(row) }
    }
    let best =
      isWhole
      ? "" : ", the \(shown) best and the mean of random answers; being chosen here flatters the best"
    return "Mean absolute errors of accuracy in points\(best):\n\(errors.render())"
      + "coverage and width: of the 95% intervals; ±: standard error over LLMs\n\n"
      + "Answers needed for a mean absolute error of 2 points and of 1 point:\n\(needed.render())"
  }

  /// Sorted by error; the floor, the mean of random answers, always stays.
  private static func best(_ cell: [PlacementSummary], _ isWhole: Bool) -> [PlacementSummary] {
    let order = cell.indices.sorted { (cell[$0].error, $0) < (cell[$1].error, $1) }
    return order.enumerated().compactMap { place, index in
      let isFloor = cell[index].anchors == AnchorMethod.random.rawValue && cell[index].estimator == .mean
      return isWhole || place < shown || isFloor ? cell[index] : nil
    }
  }

  private static func row(_ summary: PlacementSummary) -> [String] {
    [
      summary.benchmark, "\(summary.answers)", summary.anchors, summary.estimator.rawValue,
      "\(summary.llms)", NumberFormatting.fixed(100 * summary.error, 2),
      NumberFormatting.fixed(100 * summary.standardError, 2), NumberFormatting.fixed(100 * summary.bias, 2),
      NumberFormatting.fixed(summary.coverage, 3), NumberFormatting.fixed(100 * summary.width, 1),
    ]
  }

  /// One row for each curve, those that need the fewest answers first.
  private static func rows(_ needed: [AnswersNeeded], _ isWhole: Bool) -> [[String]] {
    let count = AnswersNeeded.targets.count
    let curves = stride(from: 0, to: needed.count, by: count).map { Array(needed[$0..<$0 + count]) }
    func key(_ curve: [AnswersNeeded], _ target: Int) -> Double { curve[target].answers ?? .infinity }
    let order = curves.indices.sorted {
      (key(curves[$0], 0), key(curves[$0], 1), $0) < (key(curves[$1], 0), key(curves[$1], 1), $1)
    }
    return order.prefix(isWhole ? order.count : shown).map { index in
      let curve = curves[index]
      return [curve[0].benchmark, curve[0].anchors, curve[0].estimator.rawValue]
        + curve.map { $0.answers.map { NumberFormatting.fixed($0, 0) } ?? "more" }
    }
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
