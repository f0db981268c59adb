import ColdStart

/// The share of intervals that hold the truth against their width, for the estimators.
struct CoverageFigure {
  let section: PlacementOutline.Section

  /// The figure; a curve runs from the fewest answers, with the widest intervals, to the most.
  func figure() -> Figure {
    let cells = section.panels.map { panel in
      panel.summaries.filter { $0.anchors == panel.featuredAnchors }
    }
    let range = PlotRange(cells.joined().map(\.coverage) + [0.9, 1], step: 0.1, limits: 0.6...1)
    // An estimator whose intervals say nothing would press all others together.
    let widths = cells.joined().map { 100 * $0.width }
    let featured = cells.joined().filter { $0.estimator == PlacementOutline.featured }.map { 100 * $0.width }
    let most = min(widths.max() ?? 0, 1.6 * (featured.max() ?? 100))
    let widest = PlotRange([0, most], step: 5, limits: 0...100)
    let name = "coverage_\(section.name)"
    let title = "\(section.title): coverage of 95% intervals against their width"
    var panels = PlacementPanels(section, name: name, title: title)
    var data = PlotData(columns: ["width", "coverage", "answers", "anchors", "estimator"])
    var shown: [EstimatorName] = []
    for (index, own) in cells.enumerated() {
      var plots = [
        "0.97 with filledcurves y1=0.93 fc rgb \"#009e73\" fs transparent solid 0.12 noborder",
        "0.95 with lines lc rgb \"#009e73\" dt 3 lw 2",
      ]
      for estimator in EstimatorName.allCases {
        let curve = own.filter { $0.estimator == estimator }.sorted { $0.answers < $1.answers }
        guard !curve.isEmpty else { continue }
        if !shown.contains(estimator) { shown.append(estimator) }
        let block = data.add(
          curve.map {
            PlotData.Row(
              numbers: [100 * $0.width, $0.coverage, Double($0.answers)],
              words: [$0.anchors, $0.estimator.rawValue])
          })
        plots.append("data index \(block) using 1:2 with linespoints \(PlacementLook.look(estimator).line)")
        if estimator == PlacementOutline.featured {
          // Below and above in turn, as neighbours may lie close.
          for (first, offset) in [(0, "-0.9"), (1, "0.9")] where first < curve.count {
            plots.append(
              "data index \(block) every 2::\(first) using 1:2:(sprintf('%d', int($3))) with labels offset 0,\(offset) "
                + "textcolor rgb \"#333333\" font \",10\"")
          }
        }
      }
      panels.add(
        index, axis: "coverage", range: range,
        settings: [
          "set xlabel 'mean width, points' offset 0,0.3", "set xrange \(widest.text)",
          "set xtics autofreq",
        ], plots: plots)
    }
    panels.legend(
      shown.map {
        PlotScript.Entry(name: $0.rawValue, look: "with linespoints \(PlacementLook.look($0).line)")
      } + [PlotScript.Entry(name: "95%", look: "with lines lc rgb \"#009e73\" dt 3 lw 2")])
    return Figure(
      name: name, title: title,
      caption:
        "The share of intervals that hold the truth. Each point is a number of answers, named at the points of \(PlacementOutline.featured.rawValue); more answers "
        + "lie to the left. The band from 93 to 97% is where intervals should be. Coverage is over LLMs: of few LLMs "
        + "one is many points. "
        + "What is far wider, or covers less than 60%, is cut off; the tables have it.",
      data: data.text, script: panels.script.text)
  }
}
