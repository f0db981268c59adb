import ColdStart

/// The predicted accuracy of every held-out LLM against its true one, with intervals.
struct AccuracyFigure {
  let section: PlacementOutline.Section

  private static let (inside, outside) = ("#0072b2", "#d55e00")

  /// The figure, for the featured choice of anchors, estimator and number of answers.
  func figure() -> Figure {
    let shown = section.panels.map { panel in
      panel.estimates.filter {
        $0.anchors == panel.featuredAnchors && $0.estimator == PlacementOutline.featured
          && $0.answers == panel.featuredCount
      }
    }
    let values = shown.joined().flatMap { [$0.truth, $0.low, $0.high] }
    let range = PlotRange(values, step: 0.1, limits: 0...1)
    let name = "accuracy_\(section.name)"
    let title = "\(section.title): predicted against true accuracy"
    var panels = PlacementPanels(section, name: name, title: title)
    var data = PlotData(columns: ["truth", "estimate", "low", "high", "llm"])
    for (index, own) in shown.enumerated() {
      var plots = ["x with lines lc rgb \"#888888\" dt 2 lw 1"]
      for (color, isInside) in [(Self.inside, true), (Self.outside, false)] {
        let rows = own.filter { ($0.low <= $0.truth && $0.truth <= $0.high) == isInside }.map {
          PlotData.Row(numbers: [$0.truth, $0.estimate, $0.low, $0.high], words: [$0.llm])
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        plots.append(
          "data index \(block) using 1:2:3:4 with yerrorbars lc rgb \"\(color)\" pt 7 ps 0.45 lw 1")
      }
      panels.add(
        index, axis: "predicted accuracy", range: range,
        settings: [
          "set xlabel 'true accuracy' offset 0,0.3", "set xrange \(range.text)", "set xtics \(range.tic)",
          "set format x '\(range.ticFormat)'",
        ], plots: plots)
    }
    panels.legend([
      PlotScript.Entry(
        name: "holds the truth", look: "with yerrorbars lc rgb \"\(Self.inside)\" pt 7 ps 0.45 lw 1"),
      PlotScript.Entry(
        name: "misses it", look: "with yerrorbars lc rgb \"\(Self.outside)\" pt 7 ps 0.45 lw 1"),
      PlotScript.Entry(name: "no error", look: "with lines lc rgb \"#888888\" dt 2 lw 1"),
    ])
    return Figure(
      name: name, title: title, caption: caption(), data: data.text, script: panels.script.text)
  }

  private func caption() -> String {
    let parts = section.panels.map { panel in
      "\(panel.title): \(panel.featuredCount) answers to \(panel.featuredAnchors) anchors"
    }
    return "Each point is an LLM that the model had never seen, with its 95% interval; estimator "
      + "\(PlacementOutline.featured.rawValue). \(HTMLPage.list(parts))."
  }
}
