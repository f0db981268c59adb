import Debiasing
import Evaluation
import RoutingData

/// The tables of experiments with logs; losses, errors and lengths are points of μ.
struct DebiasingTables {
  let outline: DebiasingOutline

  private static let unit =
    "Losses, gains, errors and lengths are points of μ; ± is the standard error over logs."

  /// The loss without a correction and by each method, means over pools, by policy, grading and rows.
  func losses() -> ReportTable? {
    let methods = outline.sections.flatMap(\.configuration.methods).groupedInOrder { $0 }.map(\.key)
    var rows: [ReportTable.Row] = []
    for section in outline.sections {
      var isFirst = true
      for grading in section.gradings {
        for policy in section.policies {
          for count in section.configuration.rows {
            let cells = methods.map { section.loss(policy, grading, $0, count) }
            guard cells.contains(where: { $0 != nil }) else { continue }
            rows.append(
              ReportTable.Row(
                [section.title, policy, grading, "\(count)"].map { ReportTable.Cell($0) }
                  + cells.flatMap { [Self.points($0?.loss), Self.points($0?.standardError)] },
                startsSection: isFirst))
            isFirst = false
          }
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "summary", title: "Loss against a router trained on all answers, by log and method",
      columns: [.text("benchmark"), .text("policy"), .text("grading"), .number("rows")]
        + methods.flatMap { [ReportTable.Column.number("loss", in: $0), .number("±", in: $0)] },
      rows: rows,
      notes: [
        Self.unit,
        "'none' takes the log for a random sample of all answers; a loss below 0 is better than all answers taught.",
      ])
  }

  /// What methods gain over none on the same logs, and the share of the loss beyond a uniform log that they win back.
  func gains() -> ReportTable? {
    let methods = outline.sections.flatMap(\.configuration.methods).groupedInOrder { $0 }.map(\.key).filter {
      $0 != LossSummary.naive
    }
    var rows: [ReportTable.Row] = []
    for section in outline.sections {
      var isFirst = true
      for grading in section.gradings {
        for policy in section.policies {
          for count in section.configuration.rows {
            let cells = methods.map { section.loss(policy, grading, $0, count) }
            guard cells.contains(where: { $0?.gain != nil }) else { continue }
            rows.append(
              ReportTable.Row(
                [section.title, policy, grading, "\(count)"].map { ReportTable.Cell($0) }
                  + cells.flatMap {
                    [
                      Self.points($0?.gain), Self.points($0?.gainError),
                      NumberText.cell($0?.recovered.map { 100 * $0 }, 0),
                    ]
                  }, startsSection: isFirst))
            isFirst = false
          }
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "gains", title: "Gain over no correction on the same logs",
      columns: [.text("benchmark"), .text("policy"), .text("grading"), .number("rows")]
        + methods.flatMap {
          [ReportTable.Column.number("gain", in: $0), .number("±", in: $0), .number("% won back", in: $0)]
        },
      rows: rows,
      notes: [
        Self.unit + " A gain below 0 is a loss by correcting.",
        "Won back: of what is lost without a correction beyond a uniform log of as many rows; empty where that is at most 0.1 points.",
      ])
  }

  /// Bias, error, coverage and length of estimators, means over pools.
  func estimators() -> ReportTable? {
    var rows: [ReportTable.Row] = []
    for section in outline.sections {
      for (index, one) in section.estimators.enumerated() {
        rows.append(
          ReportTable.Row(
            [section.title, one.policy, one.grading].map { ReportTable.Cell($0) } + [
              ReportTable.Cell("\(one.rows)"), ReportTable.Cell(one.estimator), Self.points(one.bias),
              Self.points(one.biasError), Self.points(one.rootMeanSquare), NumberText.cell(one.coverage, 3),
              NumberText.cell(one.coverageError, 3), Self.points(one.length),
              NumberText.cell(one.effectiveSampleSize, 0), Self.points(one.regret),
              Self.points(one.regretError), Self.points(one.regretByLot),
            ], startsSection: index == 0))
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: rows.isEmpty || losses() != nil ? "estimators" : "summary",
      title: "What a log says that routers earn, and choosing among them by it",
      columns: [
        .text("benchmark"), .text("policy"), .text("grading"), .number("rows"), .text("estimator"),
        .number("bias"), .number("±"), .number("RMSE"), .number("coverage"), .number("± of it"),
        .number("length"), .number("ESS"), .number("regret"), .number("± of it "), .number("by lot"),
      ], rows: rows,
      notes: [
        Self.unit,
        "Coverage and length are of 95% intervals; ESS is the effective sample size of a router's weights.",
        "Regret: what the best of the routers earns more than the one with the highest estimate.",
      ])
  }

  /// The pools of spread picks before and after.
  static func spread(_ reports: [SpreadReport]) -> ReportTable? {
    var rows: [ReportTable.Row] = []
    for report in reports {
      var isFirst = true
      for group in CandidateGroup.allCases {
        for one in report.pools where one.group == group {
          rows.append(row(one, isFirst))
          isFirst = false
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "spread", title: "Spread picks: E_p by group and the entropy of actual picks, before and after",
      columns: [
        .text("benchmark"), .text("group"), .number("m"), .text("rule"), .number("before", in: "μ"),
        .number("after", in: "μ"), .number("Δμ, points", interval: true), .number("before", in: "E_p"),
        .number("after", in: "E_p"), .number("before", in: "picks, bits"),
        .number("after", in: "picks, bits"), .number("before", in: "LLMs used"),
        .number("after", in: "LLMs used"), .text("shown on test"),
      ], rows: rows,
      notes: [
        "E_p is of the probabilities that a router publishes, bits are of the picks that are made; an LLM is used that gets a "
          + "query in a thousand.",
        "More entropy is no goal in itself: a collapsed pick can be right.",
      ])
  }

  private static func row(_ one: SpreadOutcome, _ isFirst: Bool) -> ReportTable.Row {
    ReportTable.Row(
      [
        ReportTable.Cell(one.benchmark), ReportTable.Cell(one.group.rawValue),
        ReportTable.Cell("\(one.size)"),
        ReportTable.Cell(one.family?.rawValue ?? "as it was"), NumberText.cell(one.before.mu, 4),
        NumberText.cell(one.after.mu, 4),
        ReportTable.Cell(
          NumberText.fixed(100 * one.difference.value, 2),
          low: one.difference.low.map { NumberText.fixed(100 * $0, 2) },
          high: one.difference.high.map { NumberText.fixed(100 * $0, 2) }),
        NumberText.cell(one.before.classificationBias, 3), NumberText.cell(one.after.classificationBias, 3),
        NumberText.cell(one.before.entropy, 3), NumberText.cell(one.after.entropy, 3),
        ReportTable.Cell("\(one.before.used)"), ReportTable.Cell("\(one.after.used)"),
        ReportTable.Cell(one.family == nil ? NumberText.missing : one.isNonInferior ? "yes" : "no"),
      ], startsSection: isFirst)
  }

  /// The pools that were left out; nil where there are none.
  static func skipped(_ runs: [FinishedDebiasing]) -> ReportTable? {
    let rows = runs.flatMap(\.result.skipped).map { cell in
      ReportTable.Row(
        [cell.benchmark, "\(cell.size)", cell.group.rawValue, cell.reason].map { ReportTable.Cell($0) })
    }
    return rows.isEmpty
      ? nil
      : ReportTable(
        name: "skipped", title: "Pools that were left out",
        columns: [.text("benchmark"), .number("m"), .text("group"), .text("reason")], rows: rows)
  }

  /// What decided the results of each run.
  static func configuration(_ runs: [FinishedDebiasing]) -> ReportTable {
    let facts: [(String, (DebiasingConfiguration) -> String)] = [
      ("version", { $0.version }), ("dataset", { $0.datasetHash ?? NumberText.missing }),
      ("benchmarks", { $0.benchmarks.joined(separator: ", ") }),
      ("encoder", { $0.encoder ?? NumberText.missing }),
      ("pools", { $0.sizes.map(String.init).joined(separator: ", ") }),
      ("groups", { $0.groups.joined(separator: ", ") }), ("pools from", { $0.poolQueries }),
      ("policies", { $0.policies.joined(separator: ", ") }),
      ("gradings", { $0.gradings.joined(separator: ", ") }),
      ("methods", { $0.methods.joined(separator: ", ") }),
      ("estimators", { $0.estimators.joined(separator: ", ") }),
      ("rows", { $0.rows.map(String.init).joined(separator: ", ") }), ("logs of each kind", { "\($0.logs)" }),
      ("least propensity", { "\($0.floor)" }), ("seed", { "\($0.seed)" }),
    ]
    return ReportTable(
      name: "configuration", title: "What decided the results",
      columns: [.text("")] + runs.map { .text($0.path) },
      rows: facts.map { name, value in
        ReportTable.Row([ReportTable.Cell(name)] + runs.map { ReportTable.Cell(value($0.configuration)) })
      })
  }

  private static func points(_ share: Double?) -> ReportTable.Cell {
    NumberText.cell(share.map { 100 * $0 }, 2)
  }
}
