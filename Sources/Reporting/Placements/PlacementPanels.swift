import ColdStart

/// A figure with a panel for each run of a benchmark, side by side, and one legend.
struct PlacementPanels {
  let section: PlacementOutline.Section
  private(set) var script: PlotScript
  private let panelWidth: Double
  private static let (left, gap, height) = (76.0, 38.0, 380.0)

  /// A figure without its panels.
  init(_ section: PlacementOutline.Section, name: String, title: String) {
    self.section = section
    let width = section.panels.count > 1 ? 1000.0 : 760.0
    script = PlotScript(name: name, title: title, width: width, height: Self.height)
    let count = Double(section.panels.count)
    panelWidth = (width - PlotScript.legendWidth - 24 - Self.left + Self.gap) / count - Self.gap
  }

  /// The length of an axis in pixels.
  var axisLength: Double { panelWidth }

  /// Adds the next panel; one without plots stays empty.
  mutating func add(_ index: Int, axis: String, range: PlotRange, settings: [String], plots: [String]) {
    let start = Self.left + Double(index) * (panelWidth + Self.gap)
    let panel = section.panels[index]
    let own =
      index == 0
      ? "set ylabel \(PlotScript.quoted(axis)) offset 0.5,0; set format y '\(range.ticFormat)'"
      : "unset ylabel; set format y ''"
    script.panel(
      PlotScript.Frame(left: start, right: start + panelWidth, bottom: 62, top: Self.height - 66),
      settings: [
        "# \(PlotData.plain(panel.title))", "set title \(PlotScript.quoted(panel.title)) offset 0,-0.4", own,
        "set yrange \(range.text)", "set ytics \(range.tic)",
      ] + settings, plots: plots.isEmpty ? ["NaN notitle"] : plots)
  }

  /// Adds the legend.
  mutating func legend(_ entries: [PlotScript.Entry]) { script.legend(entries) }
}

/// How the series of placement figures look, the same in all figures of a report.
enum PlacementLook {
  /// The look of an estimator.
  static func look(_ estimator: EstimatorName) -> PlotStyle.Look {
    // The featured one comes first, so that it has the first colour.
    let order =
      [PlacementOutline.featured] + EstimatorName.allCases.filter { $0 != PlacementOutline.featured }
    return PlotStyle.look(ofSeries: order.firstIndex(of: estimator) ?? 0)
  }

  /// The look of a choice of anchors.
  static func look(anchors: String) -> PlotStyle.Look {
    // Those that are told apart most have colours that are told apart best.
    let first = [AnchorPolicy.adaptive, .fixed(.random)]
    let order = (first + AnchorPolicy.all.filter { !first.contains($0) }).map(\.name)
    return PlotStyle.look(ofSeries: order.firstIndex(of: anchors) ?? 0)
  }
}
