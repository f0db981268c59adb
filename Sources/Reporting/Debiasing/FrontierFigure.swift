import Debiasing
import Evaluation
import RoutingData

/// What spreading the picks of a router costs in μ, against what it gains in entropy.
struct FrontierFigure {
  let spread: SpreadReport
  /// The number of the file among those of the report.
  let number: Int

  /// The figure, with a panel for each group and size.
  func figure() -> Figure? {
    let pools = CandidateGroup.allCases.flatMap { group in
      spread.pools.filter { $0.group == group }.sorted { $0.size < $1.size }
    }
    guard let first = pools.first else { return nil }
    let name = "frontier_\(first.benchmark)\(number > 0 ? "+\(number + 1)" : "")"
    let title = "\(first.benchmark): entropy of picks against μ"
    let families = pools.flatMap { $0.walks.map(\.family) }.groupedInOrder { $0 }.map(\.key)
    // What costs more than two points is of no use.
    let limit = -0.02
    func shown(_ pool: SpreadOutcome) -> [SpreadOutcome.FrontierPoint] {
      pool.frontier.filter { $0.difference >= limit && $0.entropyGain >= -0.1 }
    }
    let range = PlotRange(
      pools.flatMap { shown($0).map { 100 * $0.difference } } + [0.2, -1], step: 0.5, limits: -2...3)
    let most = pools.flatMap { shown($0).map(\.entropyGain) }.max() ?? 0.1
    var grid = PanelGrid(name: name, title: title, panels: pools.count)
    var data = PlotData(columns: ["gain", "delta_mu", "strength", "family", "pool"])
    for (index, pool) in pools.enumerated() {
      var plots = [
        "\(-100 * spread.margin) with lines lc rgb \"#999999\" dt 2", "0 with lines lc rgb \"#cccccc\"",
      ]
      for (place, family) in families.enumerated() {
        let curve = shown(pool).filter { $0.family == family }
        guard !curve.isEmpty else { continue }
        let block = data.add(
          curve.map {
            PlotData.Row(
              numbers: [$0.entropyGain, 100 * $0.difference, $0.strength],
              words: [family.rawValue, "\(pool.group.rawValue)/\(pool.size)"])
          })
        plots.append(
          "data index \(block) using 1:2 with lines lc rgb \"\(PlotStyle.look(ofSeries: place).color)\" lw 2")
      }
      if let family = pool.family, let strength = pool.strength {
        let block = data.add([
          PlotData.Row(
            numbers: [
              pool.after.entropy - pool.before.entropy, 100 * pool.difference.value, strength,
            ],
            words: [family.rawValue, "chosen"])
        ])
        plots.append("data index \(block) using 1:2 with points pt 6 ps 1.6 lw 2 lc rgb \"#000000\"")
      }
      grid.add(
        index, title: "\(pool.group.rawValue), m = \(pool.size)", axis: "Δμ, points", range: range,
        settings: [
          "set xlabel 'bits gained' offset 0,0.3", "set xrange [-0.05:\(max(most, 0.1) * 1.05)]",
          "set xtics \(most > 0.6 ? 0.5 : most > 0.25 ? 0.2 : 0.1)",
        ], plots: plots)
    }
    grid.legend(
      families.enumerated().map {
        PlotScript.Entry(
          name: $0.element.rawValue,
          look: "with lines lc rgb \"\(PlotStyle.look(ofSeries: $0.offset).color)\" lw 2")
      } + [
        PlotScript.Entry(name: "chosen", look: "with points pt 6 ps 1.6 lw 2 lc rgb \"#000000\""),
        PlotScript.Entry(name: "margin", look: "with lines lc rgb \"#999999\" dt 2"),
      ])
    return Figure(
      name: name, title: title,
      caption:
        "The entropy of the picks that a rule gains on test and what it costs there, as each family grows stronger; the "
        + "circle is what was chosen on \(spread.queries) queries. What costs more than two points is cut off.",
      data: data.text, script: grid.script.text)
  }
}
