import ColdStart

/// How much of what a new LLM is worth to pools is reached, against the number of its answers.
struct ValueFigure {
  let section: PlacementOutline.Section

  /// The figure, a curve for each size of pools; nil where no run routes.
  func figure() -> Figure? {
    let cells = section.panels.map { panel in panel.routing.filter { $0.share != nil && $0.answers > 0 } }
    guard cells.contains(where: { !$0.isEmpty }) else { return nil }
    let values = cells.joined().compactMap { $0.share?.value }
    let range = PlotRange([0, 1.05] + values, step: 0.2, limits: -0.4...1.4)
    let sizes = Set(cells.joined().map(\.size)).sorted()
    let name = "value_\(section.name)"
    let title = "\(section.title): share of a new LLM's value that its pools reach"
    var panels = PlacementPanels(section, name: name, title: title)
    var data = PlotData(columns: ["answers", "share", "low", "high", "pool_size"])
    for (index, own) in cells.enumerated() {
      let counts = Set(own.map(\.answers)).sorted()
      var plots = counts.isEmpty ? [] : ["1 with lines lc rgb \"#666666\" dt 3 lw 2"]
      for (place, size) in sizes.enumerated() {
        let look = PlotStyle.look(ofSeries: place)
        // Curves of one number of answers would hide each other's bars.
        let shift = 1 + 0.03 * (Double(place) - Double(sizes.count - 1) / 2)
        let rows = own.filter { $0.size == size }.sorted { $0.answers < $1.answers }.map { cell in
          let (value, error) = (cell.share?.value ?? 0, cell.share?.standardError ?? 0)
          return PlotData.Row(
            numbers: [shift * Double(cell.answers), value, value - error, value + error], words: ["\(size)"])
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        plots.append("data index \(block) using 1:2:3:4 with yerrorbars \(look.line)")
        plots.append("data index \(block) using 1:2 with lines \(look.line)")
      }
      panels.add(
        index, axis: "share of the value", range: range,
        settings: [
          "set xlabel 'answers of the new LLM (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(Double(counts.first ?? 1)*0.85):\(Double(counts.last ?? 1)*1.15)]",
          "set xtics \(PlotRange.logarithmicTics(counts, length: panels.axisLength - 14))",
        ], plots: plots)
    }
    panels.legend(
      sizes.enumerated().map {
        PlotScript.Entry(
          name: "m = \($0.element)", look: "with linespoints \(PlotStyle.look(ofSeries: $0.offset).line)")
      } + [PlotScript.Entry(name: "all answers", look: "with lines lc rgb \"#666666\" dt 3 lw 2")])
    return Figure(
      name: name, title: title,
      caption:
        "(μ with the LLM placed − μ without it)/(μ with all its answers − μ without it), of pools of m LLMs by lot, "
        + "on test queries; bars are ± one standard error over LLMs (jackknife). Where an LLM is worth little, the ratio "
        + "says little; the table has the gap itself.",
      data: data.text, script: panels.script.text)
  }
}
