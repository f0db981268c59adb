import Evaluation
import FileFormats
import RoutingData

/// The paper's Figure 2, model-level scaling up: μ against the number of candidates, a panel for each group.
struct ScalingFigures {
  let run: FinishedRun

  /// Fewer sizes than this make no curve.
  private static let leastSizes = 3

  /// The figures of a benchmark: r_o(p) for the shares p that were run, and the routers that learned; none
  /// where the benchmark has too few sizes.
  func figures(_ benchmark: String) -> [Figure] {
    // A pool of a user's own has one size.
    let cells = run.cells.filter { $0.belongs(to: benchmark) && CandidateGroup.allCases.contains($0.group) }
    let outline = RunOutline(cells)
    guard outline.sizes.count >= Self.leastSizes else { return [] }
    let mixtures = outline.routers.filter { RouterFamily($0).mixtureShare != nil }
      .sorted { (RouterFamily($0).mixtureShare ?? 0) > (RouterFamily($1).mixtureShare ?? 0) }
    let learned = outline.routers.filter { RouterFamily($0) == .other }
    let bounds = mixtures.filter { ["oracle", "random"].contains($0) }
    let single = outline.routers.filter { RouterFamily($0) == .bestSingle }
    var figures: [Figure] = []
    if mixtures.count >= 2 {
      figures.append(
        figure(
          cells, benchmark, name: "figure_2_\(benchmark)",
          title: "Figure 2, \(benchmark): μ of r_o(p) as the pool grows", routers: mixtures, banded: [],
          caption:
            "r_o(p) follows the oracle with probability p and else picks at random; p = 1 is the oracle, "
            + "p = 0 the random router. Intervals are in the tables by pool."))
    }
    if !learned.isEmpty {
      figures.append(
        figure(
          cells, benchmark, name: "figure_2_routers_\(benchmark)",
          title: "Figure 2, \(benchmark): μ of trained routers as the pool grows",
          routers: bounds + single + learned, banded: Set(learned.map { Name($0) }),
          caption: "Bands are \(IntervalText.words(run)) of the trained routers."))
    }
    return figures
  }

  private func figure(
    _ cells: [CellResult], _ benchmark: String, name: String, title: String, routers: [String],
    banded: Set<Name>, caption: String
  ) -> Figure {
    let outline = RunOutline(cells)
    let looks = PlotStyle.looks(RunOutline(run.cells).routers)
    let reference = ReferenceAccuracy.values[benchmark]
    let shown = routers.flatMap { router in cells.compactMap { $0.router(named: router) } }
    let values = shown.flatMap { router in
      [router.mu.value]
        + (banded.contains(Name(router.name)) ? [router.mu.low, router.mu.high] : []).compactMap { $0 }
    }
    let range = PlotRange(values + [reference].compactMap { $0 }, step: 0.1, limits: 0...1)
    let (width, height, left, gap) = (1000.0, 380.0, 66.0, 22.0)
    let panelWidth = (width - PlotScript.legendWidth - 24 - left + gap) / Double(outline.groups.count) - gap
    var data = PlotData(columns: ["m", "mu", "low", "high", "group", "router"])
    var script = PlotScript(name: name, title: title, width: width, height: height)
    for (index, group) in outline.groups.enumerated() {
      let start = left + Double(index) * (panelWidth + gap)
      var bands: [String] = []
      var lines: [String] = []
      for router in routers {
        guard let look = looks[Name(router)] else { continue }
        let rows = outline.sizes.compactMap { size -> PlotData.Row? in
          let result = cells.first { $0.size == size && $0.group == group }?.router(named: router)
          return result.map {
            PlotData.Row(
              numbers: [Double(size), $0.mu.value, $0.mu.low, $0.mu.high], words: [group.rawValue, router])
          }
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        if banded.contains(Name(router)) {
          bands.append(
            "data index \(block) using 1:3:4 with filledcurves fc rgb \"\(look.color)\" "
              + "fs transparent solid 0.13 noborder")
        }
        lines.append("data index \(block) using 1:2 with linespoints \(look.line)")
      }
      if let reference {
        lines.append("\(NumberText.fixed(reference, 4)) with lines \(Self.referenceLook)")
      }
      let axis =
        index == 0
        ? "set ylabel 'μ (mean response)' offset 0.5,0; set format y '\(range.ticFormat)'"
        : "unset ylabel; set format y ''"
      script.panel(
        PlotScript.Frame(left: start, right: start + panelWidth, bottom: 62, top: height - 66),
        settings: [
          "# \(group.words)",
          "set title \(PlotScript.quoted(group.words + ThinCells.mark(cells.contains { $0.group == group && $0.hasTooFewQueries }))) offset 0,-0.4",
          axis,
          "set xlabel 'candidates m (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(outline.sizes.first ?? 1)*0.93:\(outline.sizes.last ?? 1)*1.07]",
          "set yrange \(range.text)", "set ytics \(range.tic)",
          "set xtics \(PlotRange.logarithmicTics(outline.sizes, length: panelWidth - 14))",
        ], plots: bands + lines)
    }
    script.legend(
      routers.compactMap { router in
        looks[Name(router)].map {
          PlotScript.Entry(name: Self.label(router), look: "with linespoints \($0.line)")
        }
      }
        + (reference.map {
          [
            PlotScript.Entry(
              name: "reference \(NumberText.fixed($0, 3))", look: "with lines \(Self.referenceLook)")
          ]
        } ?? []))
    return Figure(
      name: name, title: title, caption: ThinCells.caption(caption, cells), data: data.text,
      script: script.text)
  }

  private static let referenceLook = "lc rgb \"#b00020\" dt 3 lw 2"

  /// A router's name in the legend.
  private static func label(_ router: String) -> String {
    switch router {
    case "oracle": return "oracle, r_o(1)"
    case "random": return "random, r_o(0)"
    default:
      return RouterFamily(router).mixtureShare == nil ? router : "r_o(\(router.dropFirst(4)))"
    }
  }
}

/// How the intervals of a run are called.
enum IntervalText {
  /// Such as `95% bootstrap intervals`.
  static func words(_ run: FinishedRun) -> String {
    "\(NumberText.fixed(100 * run.configuration.bootstrap.level, 0))% bootstrap intervals"
  }
}
