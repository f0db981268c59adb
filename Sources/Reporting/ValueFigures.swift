import Evaluation
import Metrics
import RoutingData

/// V_B of every router on every benchmark at one number of candidates: a panel for each benchmark, a row
/// for each router, a dot with its interval for each group.
struct ValueFigures {
  let run: FinishedRun

  private static let columns = 3
  private static let rowHeight = 24.0
  private static let gap = 64.0
  private static let nullName = "null V_B"

  /// The figures for the sizes that pictures show.
  func figures() -> [Figure] { RunOutline(run.cells).shownSizes.compactMap(figure) }

  /// The routers worth comparing with the best single LLM; the oracle and its mixtures only where there
  /// are no others, because they stretch the axis.
  private func routers(_ outline: RunOutline) -> [String] {
    let real = outline.routers.filter { RouterFamily($0).mixtureShare == nil }
    return real.contains { RouterFamily($0) == .other } ? real : outline.routers
  }

  private func figure(_ size: Int) -> Figure? {
    let cells = run.cells.filter { $0.size == size }
    let outline = RunOutline(cells)
    let names = routers(outline)
    // The last row is what chance alone would do.
    let routers = names + [Self.nullName]
    let range = range(cells, names)
    let (name, title) = ("v_b_\(size)", "V_B of each router, m = \(size) candidates")
    let (width, gap, left, bottom, top) = (1000.0, 40.0, 150.0, 58.0, 66.0)
    let columns = min(Self.columns, outline.benchmarks.count)
    let rows = (outline.benchmarks.count + columns - 1) / columns
    let panelHeight = Self.rowHeight * Double(routers.count) + 12
    let panelWidth = (width - PlotScript.legendWidth - 20 - left + gap) / Double(columns) - gap
    let height = top + bottom + Double(rows) * panelHeight + Double(rows - 1) * Self.gap
    var data = PlotData(columns: ["vb", "low", "high", "row", "benchmark", "group", "router"])
    var script = PlotScript(name: name, title: title, width: width, height: height)
    for (index, benchmark) in outline.benchmarks.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      var plots: [String] = []
      for (order, group) in outline.groups.enumerated() {
        guard let cell = cells.first(where: { $0.belongs(to: benchmark) && $0.group == group }) else {
          continue
        }
        let offset = (Double(outline.groups.count - 1) / 2 - Double(order)) * 0.24
        let dots = routers.enumerated().compactMap { place, router -> PlotData.Row? in
          let isNull = place == names.count
          guard
            let value = isNull
              ? cell.nullBestSingleModelValue
              : cell.router(named: router)?[.bestSingleModelValue]
          else { return nil }
          return PlotData.Row(
            numbers: [
              value.value, value.low ?? value.value, value.high ?? value.value,
              Double(routers.count - 1 - place) + offset,
            ], words: [benchmark, group.rawValue, router])
        }
        guard !dots.isEmpty else { continue }
        plots.append(
          "data index \(data.add(dots)) using 1:4:2:3 with xerrorbars \(PlotStyle.look(ofGroup: order).dot)")
      }
      // gnuplot draws no panel of nothing.
      if plots.isEmpty { plots = ["NaN notitle"] }
      let start = left + Double(column) * (panelWidth + gap)
      let base = bottom + Double(rows - 1 - row) * (panelHeight + Self.gap)
      let tics = routers.enumerated().map { place, router in
        let text = column > 0 ? "" : router.count <= 18 ? router : String(router.prefix(17)) + "…"
        return "\(PlotScript.quoted(text)) \(routers.count - 1 - place)"
      }
      script.panel(
        PlotScript.Frame(left: start, right: start + panelWidth, bottom: base, top: base + panelHeight),
        settings: [
          "# \(PlotData.plain(benchmark))",
          "set title \(PlotScript.quoted(benchmark + ThinCells.mark(cells.contains { $0.belongs(to: benchmark) && $0.hasTooFewQueries }))) offset 0,-0.5",
          "set grid xtics noytics lc rgb \"#dddddd\" lt 1 lw 1", "set clip two",
          "set xrange \(range.text)", "set xtics \(range.tic)", "set format x '\(range.ticFormat)'",
          row == rows - 1 || index + columns >= outline.benchmarks.count
            ? "set xlabel 'V_B' offset 0,0.4" : "unset xlabel",
          "set arrow 2 from graph 0, first 0.5 to graph 1, first 0.5 nohead lc rgb \"#aaaaaa\" lw 1 back",
          "set yrange [-0.6:\(NumberText.fixed(Double(routers.count) - 0.4, 2))]",
          "set ytics (\(tics.joined(separator: ", "))) scale 0",
          "set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb \"#333333\" lw 1.5 back",
        ], plots: plots)
    }
    script.legend(
      outline.groups.enumerated().map { order, group in
        PlotScript.Entry(name: group.words, look: "with points \(PlotStyle.look(ofGroup: order).dot)")
      })
    return Figure(
      name: name, title: title,
      caption: ThinCells.caption(
        "Right of 1 the router beats the best single LLM of its pool, which is chosen on the test "
          + "queries themselves. Null V_B is what that LLM itself gets on resampled queries: a V_B between the two "
          + "does not show that a router is worse than it. Lines are \(IntervalText.words(run)); they may end outside the picture.",
        cells),
      data: data.text, script: script.text)
  }

  /// All values, and their intervals as far as they are not much wider than the values are spread.
  private func range(_ cells: [CellResult], _ routers: [String]) -> PlotRange {
    let estimates = routers.flatMap { router in cells.compactMap { $0.router(named: router) } }
      .compactMap { $0[.bestSingleModelValue] }
    let values = estimates.map(\.value) + [1]
    let (least, most) = (values.min() ?? 1, values.max() ?? 1)
    let ends = estimates.flatMap { [$0.low, $0.high] }.compactMap { $0 }
      .map { min(max($0, least - 0.3), most + 0.3) }
    return PlotRange(values + ends, step: 0.1, limits: 0...1e6)
  }
}
