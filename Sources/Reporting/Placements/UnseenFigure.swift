import ColdStart

/// Log-loss and V_B on queries that a model never saw, against the number of them that have answers.
struct UnseenFigure {
  let outline: UnseenOutline

  private static let (left, gap, height, width) = (76.0, 84.0, 380.0, 1000.0)
  /// The size of pools that is shown.
  private static let size = 5

  /// The methods without a label whose labels are not drawn on.
  private static let plain = ["map", "kernel", "neighbours", "subscenarios"]
  private static let floor = "means"
  private static let start = "average"

  /// A curve or a point.
  private struct Series {
    let name: String
    let look: PlotStyle.Look
    /// Places on the axis with what was measured there.
    let cells: [(x: Double, summary: UnseenSummary)]
  }

  /// The figure.
  func figure() -> Figure {
    let summaries = outline.run.summaries
    let labels = Set(summaries.map(\.labels)).sorted()
    let series = series(summaries, labels)
    let floor = summaries.first { $0.method == Self.floor }
    var script = PlotScript(name: outline.name, title: outline.title, width: Self.width, height: Self.height)
    var data = PlotData(columns: ["x", "value", "low", "high", "labels", "method"])
    let panel = (Self.width - PlotScript.legendWidth - 24 - Self.left + Self.gap) / 2 - Self.gap
    let measures: [(axis: String, step: Double, of: (UnseenSummary) -> RoutingSummary.Mean?)] = [
      ("log-loss", 0.02, { $0.logLoss }), ("V_B, pools of \(Self.size)", 0.01, { $0.ratios[Self.size] }),
    ]
    for (index, measure) in measures.enumerated() {
      var plots: [String] = []
      var values: [Double] = []
      if let mean = floor.flatMap(measure.of) {
        plots.append("\(NumberText.fixed(mean.value, 5)) with lines \(Self.floorLook)")
        values.append(mean.value)
      }
      for one in series {
        let rows = one.cells.compactMap { cell -> PlotData.Row? in
          guard let mean = measure.of(cell.summary) else { return nil }
          let error = mean.standardError ?? 0
          values += [mean.value - error, mean.value + error]
          return PlotData.Row(
            numbers: [cell.x, mean.value, mean.value - error, mean.value + error],
            words: ["\(cell.summary.labels)", cell.summary.method])
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        plots.append("data index \(block) using 1:2:3:4 with yerrorbars \(one.look.line)")
        if rows.count > 1 { plots.append("data index \(block) using 1:2 with lines \(one.look.line)") }
      }
      let start = Self.left + Double(index) * (panel + Self.gap)
      let range = PlotRange(values, step: measure.step, limits: 0...1000)
      let tics = labels.enumerated().map { "'\($0.element)' \($0.offset)" }.joined(separator: ", ")
      script.panel(
        PlotScript.Frame(left: start, right: start + panel, bottom: 62, top: Self.height - 66),
        settings: [
          "set title \(PlotScript.quoted(measure.axis)) offset 0,-0.4", "unset ylabel",
          "set format y '\(range.tic.hasSuffix("0") ? "%.2f" : "%.3f")'", "set yrange \(range.text)",
          "set ytics \(range.tic)", "set xlabel 'labelled queries' offset 0,0.3",
          "set xrange [-1:\(NumberText.fixed(Double(labels.count) - 0.7, 2))]", "set xtics (\(tics))",
        ], plots: plots.isEmpty ? ["NaN notitle"] : plots)
    }
    script.legend(
      series.map { PlotScript.Entry(name: $0.name, look: "with linespoints \($0.look.line)") }
        + (floor == nil
          ? [] : [PlotScript.Entry(name: "LLMs' means", look: "with lines \(Self.floorLook)")]))
    return Figure(
      name: outline.name, title: outline.title,
      caption:
        "Means over folds with ± one standard error. Left of 0 stand the parts of average, which is where the curves "
        + "begin: shift moves it by what the labels say of the benchmark and of each LLM, local also by labelled queries near "
        + "by. V_B divides by the best single LLM on the measured queries themselves, chosen after the fact.",
      data: data.text, script: script.text)
  }

  private static let floorLook = "lc rgb \"\(PlotStyle.baseline.color)\" dt 2 lw 2"

  private func series(_ summaries: [UnseenSummary], _ labels: [Int]) -> [Series] {
    func cell(_ method: String, _ count: Int) -> UnseenSummary? {
      summaries.first { $0.method == method && $0.labels == count }
    }
    let begin = cell(Self.start, 0).map { [(x: 0.0, summary: $0)] } ?? []
    let learned = [UnseenResult.shift, UnseenResult.local].enumerated().map { place, method in
      let later = labels.enumerated().compactMap { index, count in
        count == 0
          ? nil : cell(method, count).map { (x: Double(index) + 0.08 * (Double(place) - 0.5), summary: $0) }
      }
      return Series(
        name: "average, \(method)", look: PlotStyle.look(ofSeries: place), cells: begin + later)
    }
    let points = Self.plain.enumerated().map { place, method in
      Series(
        name: method, look: PlotStyle.look(ofSeries: place + 2),
        cells: cell(method, 0).map { [(x: -0.75 + 0.15 * Double(place), summary: $0)] } ?? [])
    }
    return (learned + points).filter { !$0.cells.isEmpty }
  }
}
