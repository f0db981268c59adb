import Evaluation
import FileFormats
import RoutingData

/// The paper's Figure 3, groups as bars: μ of each router by group, a panel for each number of candidates.
struct GroupFigures {
  let run: FinishedRun

  /// The figure of a benchmark.
  func figure(_ benchmark: String) -> Figure {
    let cells = run.cells.filter { $0.belongs(to: benchmark) }
    let outline = RunOutline(cells)
    let sizes = outline.shownSizes
    let looks = PlotStyle.looks(RunOutline(run.cells).routers)
    let reference = ReferenceAccuracy.values[benchmark]
    let name = "figure_3_\(benchmark)"
    let title = "Figure 3, \(benchmark): μ by group"
    let (width, panelHeight, gap, bottom, left) = (1000.0, 180.0, 62.0, 36.0, 66.0)
    let height = 66 + bottom + Double(sizes.count) * panelHeight + Double(sizes.count - 1) * gap
    let step = Double(outline.routers.count) + 1.5
    var data = PlotData(columns: ["x", "mu", "low", "high", "m", "group", "router"])
    var script = PlotScript(name: name, title: title, width: width, height: height)
    for (row, size) in sizes.enumerated() {
      var bars: [String] = []
      var marks: [String] = []
      for (place, router) in outline.routers.enumerated() {
        guard let look = looks[Name(router)] else { continue }
        let rows = outline.groups.enumerated().compactMap { index, group -> PlotData.Row? in
          let result = cells.first { $0.size == size && $0.group == group }?.router(named: router)
          return result.map {
            PlotData.Row(
              numbers: [Double(index) * step + Double(place), $0.mu.value, $0.mu.low, $0.mu.high],
              words: ["\(size)", group.rawValue, router])
          }
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        bars.append(
          "data index \(block) using 1:2 with boxes fs solid 0.85 noborder lc rgb \"\(look.color)\"")
        marks.append(
          "data index \(block) using 1:3:(0):($4-$3) with vectors heads size screen 0.003,90 lw 1.2 lc rgb \"#222222\""
        )
      }
      guard !bars.isEmpty else { continue }
      if let reference {
        marks.append("\(NumberText.fixed(reference, 4)) with lines \(Self.referenceLook)")
      }
      let tics = outline.groups.enumerated().map { index, group in
        let centre = Double(index) * step + Double(outline.routers.count - 1) / 2
        let isThin = cells.contains { $0.size == size && $0.group == group && $0.hasTooFewQueries }
        return "\(PlotScript.quoted(group.words + ThinCells.mark(isThin))) \(NumberText.fixed(centre, 2))"
      }
      let base = bottom + Double(sizes.count - 1 - row) * (panelHeight + gap)
      script.panel(
        PlotScript.Frame(
          left: left, right: width - PlotScript.legendWidth - 24, bottom: base, top: base + panelHeight),
        settings: [
          "# m = \(size)", "set title 'm = \(size) candidates' offset 0,-0.5",
          "set ylabel 'μ (mean response)' offset 0.5,0", "set boxwidth 0.9", "set yrange [0:1.03]",
          "set ytics 0.2", "set format y '%.1f'",
          "set xrange [-1.25:\(NumberText.fixed(Double(outline.groups.count) * step - 1.25, 2))]",
          "set xtics (\(tics.joined(separator: ", "))) scale 0",
        ], plots: bars + marks)
    }
    script.legend(
      outline.routers.compactMap { router in
        looks[Name(router)].map {
          PlotScript.Entry(name: router, look: "with boxes fs solid 0.85 noborder lc rgb \"\($0.color)\"")
        }
      }
        + (reference.map {
          [
            PlotScript.Entry(
              name: "reference \(NumberText.fixed($0, 3))", look: "with lines \(Self.referenceLook)")
          ]
        } ?? []))
    return Figure(
      name: name, title: title, caption: ThinCells.caption("Whiskers are \(IntervalText.words(run)).", cells),
      data: data.text,
      script: script.text)
  }

  private static let referenceLook = "lc rgb \"#b00020\" dt 3 lw 2"
}
