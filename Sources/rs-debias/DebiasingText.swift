import CommandLineKit
import Debiasing

/// An experiment with logs as tables for people.
enum DebiasingText {
  /// Losses by method, then estimators.
  static func text(_ result: DebiasingResult) -> String {
    var text = ""
    if !result.losses.isEmpty {
      text +=
        "Loss against a router trained on all answers, points of μ:\n\(losses(result.losses))"
        + "±: standard error over logs; gain: over none on the same logs; won back: of what is lost beyond a uniform log\n"
    }
    if !result.estimators.isEmpty {
      if !text.isEmpty { text += "\n" }
      text +=
        "What logs say that routers earn, points of μ:\n\(estimators(result))"
        + "coverage and length: of 95% intervals; regret: of choosing the router with the highest estimate\n"
    }
    return text
  }

  private static func losses(_ losses: [LossSummary]) -> String {
    var table = TextTable([
      .left("pool"), .left("policy"), .left("grading"), .right("rows"), .left("method"), .right("logs"),
      .right("loss"), .right("±"), .right("gain"), .right("±"), .right("won back"),
    ])
    for one in losses {
      table.append(
        place(one.kind) + [
          one.method, "\(one.logs)", points(one.loss), points(one.standardError), points(one.gain),
          points(one.gainError), one.recovered.map { "\(NumberFormatting.fixed(100 * $0, 0))%" } ?? "",
        ])
    }
    return table.render()
  }

  private static func estimators(_ result: DebiasingResult) -> String {
    var table = TextTable([
      .left("pool"), .left("policy"), .left("grading"), .right("rows"), .left("estimator"), .right("ESS"),
      .right("bias"), .right("±"), .right("RMSE"), .right("coverage"), .right("length"), .right("regret"),
      .right("±"),
    ])
    for one in result.estimators {
      let choice = result.selections.first { $0.kind == one.kind && $0.estimator == one.estimator }
      table.append(
        place(one.kind) + [
          one.estimator, NumberFormatting.fixed(one.effectiveSampleSize, 0), points(one.bias),
          points(one.biasError), points(one.rootMeanSquare), NumberFormatting.fixed(one.coverage, 3),
          points(one.length), points(choice?.regret), points(choice?.standardError),
        ])
    }
    return table.render()
  }

  private static func place(_ kind: LogKind) -> [String] {
    [kind.pool, kind.policy, kind.grading, "\(kind.rows)"]
  }

  private static func points(_ share: Double?) -> String {
    NumberFormatting.fixed(share.map { 100 * $0 }, 2)
  }
}
