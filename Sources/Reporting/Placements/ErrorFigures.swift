import ColdStart

/// The mean absolute error of placed LLMs' accuracy against the number of their answers.
struct ErrorFigures {
  let section: PlacementOutline.Section

  /// A curve of a panel.
  private struct Series {
    let name: String
    let anchors: String
    let estimator: EstimatorName
    let look: PlotStyle.Look
    let isBanded: Bool
  }

  /// The choices of anchors with the featured estimator, and the estimators with the featured choice.
  func figures() -> [Figure] {
    let featured = PlacementOutline.featured.rawValue
    let floor =
      "The floor is the mean of answers to random queries; bands are ± one standard error over LLMs. "
      + "What lies far above the floor is cut off; the tables have it."
    return [
      figure(
        name: "mae_anchors_\(section.name)",
        title: "\(section.title): error by number of answers, choices of anchors",
        caption: "Mean absolute error in points of accuracy, of the estimator \(featured). \(floor)"
      ) { panel in
        panel.anchors.reversed().map {
          Series(
            name: $0, anchors: $0, estimator: PlacementOutline.featured,
            look: PlacementLook.look(anchors: $0),
            isBanded: $0 == panel.featuredAnchors)
        }
      },
      figure(
        name: "mae_estimators_\(section.name)",
        title: "\(section.title): error by number of answers, estimators",
        caption:
          "Mean absolute error in points of accuracy, anchors chosen \(chosen()). \(floor)"
      ) { panel in
        EstimatorName.allCases.map {
          Series(
            name: $0.rawValue, anchors: panel.featuredAnchors, estimator: $0, look: PlacementLook.look($0),
            isBanded: $0 == PlacementOutline.featured)
        }
      },
    ]
  }

  private func chosen() -> String {
    var names: [String] = []
    for panel in section.panels where !names.contains(panel.featuredAnchors) {
      names.append(panel.featuredAnchors)
    }
    return HTMLPage.list(names.map { $0 == AnchorPolicy.adaptive.name ? "adaptively" : "as \($0)" })
  }

  private func figure(
    name: String, title: String, caption: String, _ series: (PlacementOutline.Panel) -> [Series]
  ) -> Figure {
    let floor = Series(
      name: "random, mean", anchors: PlacementOutline.floor.anchors,
      estimator: PlacementOutline.floor.estimator, look: PlotStyle.baseline, isBanded: true)
    let shown = section.panels.map { panel in
      ([floor] + series(panel).filter { $0.anchors != floor.anchors || $0.estimator != floor.estimator })
        .map { series in
          (series, panel.counts.compactMap { panel.summary(series.anchors, series.estimator, $0) })
        }
        .filter { !$0.1.isEmpty }
    }
    // A curve far above the floor would press all others together; it leaves the picture at the top.
    let tops = shown.joined().flatMap { series, cells in
      series.isBanded ? cells.map { 100 * ($0.error + $0.standardError) } : []
    }
    let highest = shown.joined().flatMap { $0.1.map { 100 * $0.error } }.max() ?? 0
    // A band must be inside as a whole: gnuplot cuts one at the corners of what is cut off.
    let band = tops.max() ?? highest
    let range = PlotRange([0, band, min(highest, 1.4 * band)], step: 1, limits: 0...100)
    var panels = PlacementPanels(section, name: name, title: title)
    var data = PlotData(columns: ["answers", "mae", "low", "high", "anchors", "estimator"])
    for (index, curves) in shown.enumerated() {
      var (bands, lines): ([String], [String]) = ([], [])
      for (series, cells) in curves {
        let block = data.add(
          cells.map { cell in
            PlotData.Row(
              numbers: [
                Double(cell.answers), 100 * cell.error, 100 * (cell.error - cell.standardError),
                100 * (cell.error + cell.standardError),
              ], words: [cell.anchors, cell.estimator.rawValue])
          })
        if series.isBanded, cells.count > 1 {
          bands.append(
            "data index \(block) using 1:3:4 with filledcurves fc rgb \"\(series.look.color)\" "
              + "fs transparent solid 0.13 noborder")
        }
        lines.append("data index \(block) using 1:2 with linespoints \(series.look.line)")
      }
      let counts = section.panels[index].counts
      panels.add(
        index, axis: "mean absolute error, points", range: range,
        settings: [
          "set xlabel 'answers of the new LLM (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(Double(counts.first ?? 1)*0.9):\(Double(counts.last ?? 1)*1.1)]",
          "set xtics \(PlotRange.logarithmicTics(counts, length: panels.axisLength - 14))",
        ], plots: bands + lines)
    }
    panels.legend(
      Self.distinct(shown.joined().map(\.0)).map {
        PlotScript.Entry(name: $0.name, look: "with linespoints \($0.look.line)")
      })
    return Figure(
      name: name, title: title, caption: caption, data: data.text, script: panels.script.text)
  }

  private static func distinct(_ series: [Series]) -> [Series] {
    var seen: Set<String> = []
    return series.filter { seen.insert($0.name).inserted }
  }
}
