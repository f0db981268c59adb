import ColdStart

/// What new LLMs add to pools, as a table.
enum RoutedPools {
  /// A row for each benchmark, run, size of pools and number of answers; nil where no run routes.
  static func table(_ outline: PlacementOutline) -> ReportTable? {
    let rows = outline.sections.flatMap { section in
      section.panels.flatMap { panel in
        panel.routing.enumerated().map { index, own -> ReportTable.Row in
          let start = [
            section.title, panel.title, "\(own.size)", "\(own.answers)", "\(own.llms)",
          ].map { ReportTable.Cell($0) }
          let ratios = [own.withoutRatio, own.withRatio, own.fullRatio].map { NumberText.cell($0.value, 4) }
          let share = [own.share?.value, own.share?.standardError].map { NumberText.cell($0, 2) }
          return ReportTable.Row(
            start + points(own.gap) + points(own.gain) + share + points(own.overSingle) + ratios,
            startsSection: index == 0)
        }
      }
    }
    func pair(_ group: String) -> [ReportTable.Column] {
      [.number(group, in: group), .number("±", in: group)]
    }
    return rows.isEmpty
      ? nil
      : ReportTable(
        name: "routing", title: "What a new LLM adds to pools",
        columns: [
          .text("benchmark"), .text("experiment"), .number("m"), .number("answers"), .number("LLMs"),
        ] + ["gap", "gain", "share", "over single"].flatMap(pair)
          + ["without", "with", "full"].map { .number($0, in: "V_B") }, rows: rows,
        notes: [
          "Gap: μ with all answers less μ with some; gain: μ with some less μ without the LLM; share: gain over that with all; "
            + "over single: μ with some less that of the best single LLM by all answers. In points, but for share and V_B; ± is "
            + "the standard error over LLMs."
        ])
  }

  private static func points(_ mean: RoutingSummary.Mean) -> [ReportTable.Cell] {
    [mean.value, mean.standardError].map { value in NumberText.cell(value.map { 100 * $0 }, 2) }
  }
}
