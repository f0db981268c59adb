import Evaluation
import FileFormats
import Foundation
import Metrics

/// Quality against cost: the hull of each router's prices, the single LLMs as points, and what mixing these reaches.
struct CostFigures {
  let run: FinishedRun

  private static let (left, gap, height) = (66.0, 22.0, 400.0)
  private static let width = 1_000.0
  private static let singleLook = "lc rgb \"#222222\" dt 2 lw 1.5"
  private static let pointLook = "lc rgb \"#222222\" pt 6 ps 0.7 lw 1.2"
  /// From this ratio of the greatest cost to the least on, the axis is logarithmic.
  private static let wide = 8.0
  /// More panels than this are too narrow.
  private static let mostPanels = 3

  /// The figures of a benchmark, one for each size that pictures show; none where costs are not known.
  func figures(_ benchmark: String) -> [Figure] {
    let cells = run.cells.filter { $0.belongs(to: benchmark) && $0.singleCosts != nil }
    return RunOutline(cells).shownSizes.flatMap { size in
      let own = cells.filter { $0.size == size }
      return stride(from: 0, to: own.count, by: Self.mostPanels).map { start in
        let more = start == 0 ? "" : "_\(1 + start / Self.mostPanels)"
        return figure(
          Array(own[start..<min(start + Self.mostPanels, own.count)]), benchmark, size,
          name: "costs_\(benchmark)_\(size)\(more)")
      }
    }
  }

  /// The routers that are shown: those that learned, or all where none did.
  private func routers(_ cells: [CellResult]) -> [String] {
    let all = RunOutline(cells).routers.filter { name in
      cells.contains { $0.router(named: name)?.costCurve != nil }
    }
    let learned = all.filter { RouterFamily($0) == .other }
    return learned.isEmpty ? all : learned
  }

  private func figure(_ cells: [CellResult], _ benchmark: String, _ size: Int, name: String) -> Figure {
    let names = routers(cells)
    let looks = PlotStyle.looks(RunOutline(run.cells).routers)
    let title = "\(benchmark): quality against cost, m = \(size) candidates"
    let values = cells.flatMap { cell in
      (cell.singleCosts?.means ?? [])
        + names.flatMap { name in
          (cell.router(named: name)?.costCurve?.points ?? []).flatMap {
            [$0.mu.value, $0.mu.low, $0.mu.high]
          }
          .compactMap { $0 }
        }
    }
    let range = PlotRange(values, step: 0.05, limits: 0...1)
    let space = Self.width - PlotScript.legendWidth - 24 - Self.left + Self.gap
    let panelWidth = space / Double(cells.count) - Self.gap
    var data = PlotData(columns: ["cost", "mu", "low", "high", "group", "what"])
    var script = PlotScript(name: name, title: title, width: Self.width, height: Self.height)
    for (index, cell) in cells.enumerated() {
      guard let single = cell.singleCosts else { continue }
      let start = Self.left + Double(index) * (panelWidth + Self.gap)
      script.panel(
        PlotScript.Frame(left: start, right: start + panelWidth, bottom: 62, top: Self.height - 66),
        settings: [
          "# \(cell.group.words)",
          "set title \(PlotScript.quoted(cell.group.words + ThinCells.mark(cell.hasTooFewQueries))) offset 0,-0.4",
          index == 0
            ? "set ylabel 'μ (mean response)' offset 0.5,0; set format y '\(range.ticFormat)'"
            : "unset ylabel; set format y ''",
          "set yrange \(range.text)", "set ytics \(range.tic)",
        ] + axis(single.costs), plots: plots(cell, single, names, looks, &data))
    }
    script.legend(
      names.compactMap { router in
        looks[Name(router)].map { PlotScript.Entry(name: router, look: "with lines \(Self.line($0))") }
      } + [
        PlotScript.Entry(name: "single LLMs, mixed", look: "with lines \(Self.singleLook)"),
        PlotScript.Entry(name: "single LLMs", look: "with points \(Self.pointLook)"),
      ])
    return Figure(
      name: name, title: title,
      caption: ThinCells.caption(
        "Each line is the non-decreasing convex hull of what a router reaches as the price λ of its picks on p − λ·cost "
          + "grows from 0; bands are \(IntervalText.words(run)) of μ at each price. Above the broken line a router tells "
          + "queries apart; on it, one might as well mix single LLMs by lot.", cells),
      data: data.text, script: script.text)
  }

  /// The words for the axis of costs.
  private func axis(_ costs: [Double]) -> [String] {
    let (least, most) = (costs.min() ?? 0, costs.max() ?? 0)
    // A free LLM has no place on a logarithmic axis.
    let isLogarithmic = least > 0 && most > Self.wide * least
    let margin = most > least ? (most - least) * 0.04 : max(most, 1) * 0.1
    return [
      "set xlabel 'mean cost\(isLogarithmic ? " (log)" : "")' offset 0,0.3",
      isLogarithmic
        ? "set logscale x; set xrange [\(least / 1.15):\(most * 1.15)]"
        : "unset logscale x; set xrange [\(max(0, least - margin)):\(most + margin)]",
      "set format x '%.4g'", "set xtics \(isLogarithmic ? Self.tics(least, most) : "autofreq")",
    ]
  }

  /// Tics at 1, 2 and 5 times powers of ten for a logarithmic axis, in gnuplot's words.
  private static func tics(_ least: Double, _ most: Double) -> String {
    let powers = Int(log10(least).rounded(.down))...Int(log10(most).rounded(.up))
    let tics = powers.flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }
    // Over many powers of ten these alone have room, and not all of them.
    let rare = max(1, powers.count / 4)
    let shown =
      powers.count > 3 ? tics.enumerated().filter { $0.offset % (3 * rare) == 0 }.map(\.element) : tics
    return "("
      + shown.filter { $0 >= least / 1.15 && $0 <= most * 1.15 }.map { NumberText.significant($0) }
      .joined(separator: ", ") + ")"
  }

  /// The parts of a panel: bands and hulls of the routers, what single LLMs reach, and these as points.
  private func plots(
    _ cell: CellResult, _ single: SingleCosts, _ names: [String], _ looks: [Name: PlotStyle.Look],
    _ data: inout PlotData
  ) -> [String] {
    let most = single.costs.max() ?? 0
    var bands: [String] = []
    var lines: [String] = []
    for router in names {
      guard let look = looks[Name(router)], let curve = cell.router(named: router)?.costCurve else {
        continue
      }
      let band = data.add(
        curve.points.sorted { $0.cost < $1.cost }.map {
          PlotData.Row(
            numbers: [$0.cost, $0.mu.value, $0.mu.low, $0.mu.high], words: [cell.group.rawValue, router])
        })
      bands.append(
        "data index \(band) using 1:3:4 with filledcurves fc rgb \"\(look.color)\" fs transparent solid 0.10 noborder"
      )
      let drawn = rows(curve.hull, to: most, cell, router)
      // A point alone makes no line.
      let mark = drawn.count > 1 ? "lines \(Self.line(look))" : "points \(look.dot)"
      lines.append("data index \(data.add(drawn)) using 1:2 with \(mark)")
    }
    let mixed = data.add(rows(single.hull, to: most, cell, "single LLMs"))
    lines.append("data index \(mixed) using 1:2 with lines \(Self.singleLook)")
    let points = data.add(
      zip(cell.llms, zip(single.costs, single.means)).map { llm, point in
        PlotData.Row(numbers: [point.0, point.1, nil, nil], words: [cell.group.rawValue, llm])
      })
    return bands + lines + ["data index \(points) using 1:2 with points \(Self.pointLook)"]
  }

  /// Between two corners so many steps are drawn: what is a straight line in costs is none on a logarithmic axis.
  private static let steps = 24

  /// A hull, drawn on to the greatest cost, where more money buys nothing.
  private func rows(
    _ hull: [CostHull.Point], to most: Double, _ cell: CellResult, _ what: String
  ) -> [PlotData.Row] {
    let end = hull.last.flatMap { $0.cost < most ? CostHull.Point(cost: most, quality: $0.quality) : nil }
    let corners = hull + [end].compactMap { $0 }
    let between = zip(corners, corners.dropFirst()).flatMap { left, right in
      (1..<Self.steps).map { step -> CostHull.Point in
        let share = Double(step) / Double(Self.steps)
        // Even steps on a logarithmic axis, where there may be one.
        let cost =
          left.cost > 0
          ? left.cost * pow(right.cost / left.cost, share) : left.cost + share * (right.cost - left.cost)
        let slope = (right.quality - left.quality) / (right.cost - left.cost)
        return CostHull.Point(cost: cost, quality: left.quality + slope * (cost - left.cost))
      }
    }
    return (corners + between).sorted { $0.cost < $1.cost }.map {
      PlotData.Row(numbers: [$0.cost, $0.quality, nil, nil], words: [cell.group.rawValue, what])
    }
  }

  private static func line(_ look: PlotStyle.Look) -> String {
    "lc rgb \"\(look.color)\" dt \(look.dash) lw 2"
  }
}
