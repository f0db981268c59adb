import Foundation

/// Training curves: for each model what was minimized and the validation log-loss, by epoch.
struct TrainingFigure {
  /// The models, those of more than one epoch.
  private let curves: [TrainingCurve]

  private static let (left, gap, bottom, panelHeight, gutter) = (96.0, 110.0, 50.0, 150.0, 92.0)
  private static let width = 1_000.0
  private static let objectiveLook = "lc rgb \"#0072b2\" dt 1 lw 2"
  private static let validationLook = "lc rgb \"#d55e00\" dt 1 lw 2"
  private static let keptLook = "lc rgb \"#222222\" pt 6 ps 1.4 lw 2"

  /// Curves of one epoch are points, and left out.
  init(_ curves: [TrainingCurve]) { self.curves = curves.filter { $0.epochs.count > 1 } }

  /// The figure; nil where no model has several epochs.
  func figure() -> Figure? {
    guard !curves.isEmpty else { return nil }
    let name = "training"
    let title = "Training: what was minimized, and the log-loss on validation"
    let height =
      66 + Self.bottom + Double(curves.count) * Self.panelHeight + Double(curves.count - 1) * Self.gutter
    var data = PlotData(columns: ["epoch", "objective", "validation", "model"])
    var script = PlotScript(name: name, title: title, width: Self.width, height: height)
    let length = (Self.width - PlotScript.legendWidth - 24 - Self.left - Self.gap) / 2
    for (row, curve) in curves.enumerated() {
      let block = data.add(
        curve.epochs.map {
          PlotData.Row(numbers: [Double($0.epoch), $0.objective, $0.validation], words: [curve.name])
        })
      let base = Self.bottom + Double(curves.count - 1 - row) * (Self.panelHeight + Self.gutter)
      for (column, panel) in [("objective", 2), ("validation log-loss", 3)].enumerated() {
        let start = Self.left + Double(column) * (length + Self.gap)
        var plots = [
          "data index \(block) using 1:\(panel.1) with lines "
            + (column == 0 ? Self.objectiveLook : Self.validationLook)
        ]
        if column == 1, let kept = curve.kept, kept > 0 {
          plots.append(
            "data index \(block) using ($1 == \(kept) ? $1 : NaN):3 with points \(Self.keptLook)")
        }
        if column == 1, curve.epochs.allSatisfy({ $0.validation == nil }) { plots = ["NaN notitle"] }
        let last = curve.epochs.map(\.epoch).max() ?? 1
        let tic = Self.tic(curve.epochs.compactMap { column == 0 ? $0.objective : $0.validation })
        script.panel(
          PlotScript.Frame(
            left: start, right: start + length, bottom: base, top: base + Self.panelHeight),
          settings: [
            "# \(PlotData.plain(curve.name))",
            "set title \(PlotScript.quoted(column == 0 ? "\(curve.name) (\(curve.algorithm))" : "")) offset 0,-0.4",
            "set ylabel '\(panel.0)' offset 0.5,0", "set xlabel 'epoch' offset 0,0.4",
            "set xrange [\(min(1, last - 1)):\(last)]", "set yrange [*:*]", "set format y '%.4g'",
            "set ytics \(tic)", "set xtics autofreq",
          ], plots: plots)
      }
    }
    script.legend([
      PlotScript.Entry(name: "objective", look: "with lines \(Self.objectiveLook)"),
      PlotScript.Entry(name: "validation", look: "with lines \(Self.validationLook)"),
      PlotScript.Entry(name: "epoch that was kept", look: "with points \(Self.keptLook)"),
    ])
    return Figure(
      name: name, title: title,
      caption:
        "Each model minimizes an objective of its own, per response, whose unit is not that of another; the log-loss is in nats. The epoch with the best "
        + "validation is kept; where validation rises while the objective falls, the model learns what does not carry over.",
      data: data.text, script: script.text)
  }

  /// A distance of tics that gives three to six of them over some values, in gnuplot's words.
  private static func tic(_ values: [Double]) -> String {
    let span = (values.max() ?? 0) - (values.min() ?? 0)
    guard span > 0, span.isFinite else { return "autofreq" }
    let power = pow(10, log10(span / 3).rounded(.down))
    return "\(([5, 2, 1].first { $0 * power <= span / 3 } ?? 1) * power)"
  }
}
