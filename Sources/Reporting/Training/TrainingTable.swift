/// How long the models of a run trained, and how well they predict validation responses.
enum TrainingTable {
  /// A row for each model.
  static func table(_ curves: [TrainingCurve]) -> ReportTable {
    ReportTable(
      name: "training", title: "Training of the run's models",
      columns: [
        .text("model"), .text("algorithm"), .number("epochs"), .number("kept epoch"), .text("ended by"),
        .number("validation log-loss"),
      ],
      rows: curves.map { curve in
        let kept = curve.epochs.first { $0.epoch == curve.kept } ?? curve.epochs.last
        return ReportTable.Row([
          ReportTable.Cell(curve.name), ReportTable.Cell(curve.algorithm),
          ReportTable.Cell("\(curve.epochs.count)"),
          ReportTable.Cell(curve.kept.map { $0 == 0 ? "start" : "\($0)" } ?? NumberText.missing),
          ReportTable.Cell(curve.end ?? NumberText.missing), NumberText.cell(kept?.validation, 4),
        ])
      })
  }
}
