import Foundation

/// A figure with equal panels in rows, four side by side at most, and one legend.
struct PanelGrid {
  private(set) var script: PlotScript
  private let columns: Int
  private let rows: Int
  private let width: Double
  private let height: Double
  private static let (left, gap, panelHeight, gutter) = (76.0, 30.0, 210.0, 88.0)

  /// A figure of so many panels, at least one.
  init(name: String, title: String, panels: Int) {
    columns = min(panels, 4)
    rows = (panels + columns - 1) / columns
    width = panels == 1 ? 760 : columns < 4 ? 1_000 : 1_160
    height = 66 + Double(rows) * (Self.panelHeight + Self.gutter)
    script = PlotScript(name: name, title: title, width: width, height: height)
  }

  /// The length of an axis in pixels.
  var axisLength: Double {
    (width - PlotScript.legendWidth - 24 - Self.left + Self.gap) / Double(columns) - Self.gap
  }

  /// Adds the panel of a number; one without plots stays empty.
  mutating func add(
    _ index: Int, title: String, axis: String, range: PlotRange, settings: [String], plots: [String]
  ) {
    let (row, column) = (index / columns, index % columns)
    let start = Self.left + Double(column) * (axisLength + Self.gap)
    let top = height - 66 - Double(row) * (Self.panelHeight + Self.gutter)
    let own =
      column == 0
      ? "set ylabel \(PlotScript.quoted(axis)) offset 0.5,0; set format y '\(range.ticFormat)'"
      : "unset ylabel; set format y ''"
    script.panel(
      PlotScript.Frame(
        left: start, right: start + axisLength, bottom: top - Self.panelHeight, top: top),
      settings: [
        "# \(PlotData.plain(title))", "set title \(PlotScript.quoted(title)) offset 0,-0.4", own,
        "set yrange \(range.text)", "set ytics \(range.tic)",
      ] + settings, plots: plots.isEmpty ? ["NaN notitle"] : plots)
  }

  /// Adds the legend.
  mutating func legend(_ entries: [PlotScript.Entry]) { script.legend(entries) }
}
