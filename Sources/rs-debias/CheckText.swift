import CommandLineKit
import Debiasing

/// The text of a log's check.
enum CheckText {
  private static let mostShown = 20

  /// Tables and sentences.
  static func text(_ check: LogCheck) -> String {
    let count = NumberFormatting.count
    var lines = [
      "log \(check.log): \(count(check.rows)) rows on \(count(check.queries)) queries, \(count(check.graded)) graded; "
        + "smallest \(check.isEstimated ? "estimated " : "")propensity "
        + small(check.smallestPropensity),
      "",
    ]
    var table = TextTable([
      .left("LLM"), .right("rows"), .right("graded"), .right("effective"), .right("smallest"),
      .right("mean weight"), .right("95% interval"), .right("hidden z"),
    ])
    let order = check.llms.indices.sorted { (-check.llms[$0].rows, $0) < (-check.llms[$1].rows, $1) }
    for llm in order.prefix(mostShown).map({ check.llms[$0] }) {
      let half = 1.96 * llm.standardError
      table.append([
        llm.llm, count(llm.rows), count(llm.graded), NumberFormatting.fixed(llm.effectiveSize, 0),
        small(llm.smallestPropensity), NumberFormatting.fixed(llm.meanWeight, 3),
        llm.rows > 0
          ? "\(NumberFormatting.fixed(llm.meanWeight - half, 3))…\(NumberFormatting.fixed(llm.meanWeight + half, 3))"
          : NumberFormatting.missing,
        NumberFormatting.fixed(llm.hidden, 2),
      ])
    }
    lines.append(table.render())
    if order.count > mostShown {
      lines.append("and \(count(order.count - mostShown)) LLMs that were picked less\n")
    }
    var targets = TextTable([.left("target"), .right("effective rows"), .right("largest weight's share")])
    for target in check.targets {
      targets.append([
        target.target, NumberFormatting.fixed(target.effectiveSize, 0),
        NumberFormatting.fixed(100 * target.largestShare, 1) + "%",
      ])
    }
    lines.append(targets.render())
    lines += sentences(check)
    return lines.joined(separator: "\n") + "\n"
  }

  /// A probability, whose digits are never all lost.
  private static func small(_ value: Double?) -> String {
    guard let value, value > 0, value < 0.0001 else { return NumberFormatting.fixed(value, 4) }
    return "<0.0001"
  }

  private static func sentences(_ check: LogCheck) -> [String] {
    var lines: [String] = []
    let unseen = check.llms.filter { $0.rows == 0 }.map(\.llm)
    if !unseen.isEmpty {
      lines.append(
        "never picked: \(unseen.prefix(5).joined(separator: ", "))\(unseen.count > 5 ? ", …" : "") (\(unseen.count) of "
          + "\(check.llms.count)); nothing is known of them")
    }
    if let note = LogCheck.meanWeightNote(of: check.llms) { lines.append(note) }
    let heavy = check.targets.filter { $0.effectiveSize < TargetEstimate.fewRows }.map(\.target)
    if !heavy.isEmpty, check.graded > 0 {
      lines.append(
        "fewer than \(Int(TargetEstimate.fewRows)) effective rows for \(heavy.joined(separator: ", ")): a few heavy rows decide "
          + "what the log says of such a policy")
    }
    if let calibration = check.calibration {
      let name = check.llms[calibration.llm].llm
      lines.append(
        "propensities by strata of the features: largest |z| \(NumberFormatting.fixed(calibration.largest, 2)) of "
          + "\(calibration.pairs) (\(name), mean weight \(NumberFormatting.fixed(calibration.meanWeight, 3))), p = "
          + small(calibration.p)
          + (calibration.p < 0.01 ? ": they are not those of the picks" : ""))
    }
    if let hidden = check.hidden, let p = hidden.p {
      lines.append(
        "hidden information: χ² = \(NumberFormatting.fixed(hidden.square, 1)) on \(hidden.freedom), p = "
          + small(p)
          + (p < 0.001
            ? ": the logger used something that the features lack and the answers depend on; weigh by recorded "
              + "propensities (--debias ipw or stack), estimated ones mend nothing"
            : ": nothing says that the logger used what the features lack"))
    } else {
      lines.append("hidden information: can't be tested where weights do not vary or too few rows are graded")
    }
    if check.isEstimated {
      lines.append(
        "propensities were estimated from the features: where the logger used what these lack, they mend nothing"
      )
    }
    return lines + check.remarks
  }
}
