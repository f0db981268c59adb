import ColdStart
import CommandLineKit

/// How pools with new LLMs are printed.
enum RoutingText {
  /// Prints what new LLMs add to pools, in percentage points of μ and as V_B.
  static func print(_ summaries: [RoutingSummary]) throws {
    var table = TextTable([
      .left("benchmark"), .right("m"), .right("answers"), .right("LLMs"), .right("gap to full"), .right("±"),
      .right("gain"), .right("±"), .right("share"), .right("±"), .right("over single"), .right("±"),
      .right("V_B without"), .right("with"), .right("full"),
    ])
    func points(_ mean: RoutingSummary.Mean) -> [String] {
      [
        NumberFormatting.fixed(100 * mean.value, 2),
        NumberFormatting.fixed(mean.standardError.map { 100 * $0 }, 2),
      ]
    }
    for summary in summaries {
      table.append(
        [summary.benchmark, "\(summary.size)", "\(summary.answers)", "\(summary.llms)"]
          + points(summary.gap) + points(summary.gain)
          + [
            NumberFormatting.fixed(summary.share?.value, 3),
            NumberFormatting.fixed(summary.share?.standardError, 3),
          ] + points(summary.overSingle)
          + [summary.withoutRatio, summary.withRatio, summary.fullRatio].map {
            NumberFormatting.fixed($0.value, 4)
          })
    }
    try StandardOutput.write("\n" + table.render())
  }
}
