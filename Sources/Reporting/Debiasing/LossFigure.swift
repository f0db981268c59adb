import Debiasing

/// What routers trained on logs lose against the number of rows, a panel for each policy.
struct LossFigure {
  let section: DebiasingOutline.Section

  /// The figure of logs whose answers were all graded, or else of the first grading; nil where nothing was trained.
  func figure() -> Figure? {
    guard let grading = section.gradings.first(where: { $0 == "all" }) ?? section.gradings.first else {
      return nil
    }
    let own = section.losses.filter { $0.grading == grading }
    let policies = section.policies.filter { policy in own.contains { $0.policy == policy } }
    guard !policies.isEmpty else { return nil }
    let methods = section.configuration.methods
    let tops = own.map { 100 * ($0.loss + ($0.standardError ?? 0)) }
    let lows = own.map { 100 * ($0.loss - ($0.standardError ?? 0)) }
    let range = PlotRange([0] + tops + lows, step: 1, limits: -100...100)
    let rows = section.configuration.rows
    let name = "loss_\(section.name)"
    let title = "\(section.title): loss of routers trained on logs, by policy and method"
    var grid = PanelGrid(name: name, title: title, panels: policies.count)
    var data = PlotData(columns: ["rows", "loss", "low", "high", "policy", "method"])
    for (index, policy) in policies.enumerated() {
      var (bands, lines): ([String], [String]) = ([], [])
      for (place, method) in methods.enumerated() {
        let curve = rows.compactMap { section.loss(policy, grading, method, $0) }
        guard !curve.isEmpty else { continue }
        let block = data.add(
          curve.map {
            let error = $0.standardError ?? 0
            return PlotData.Row(
              numbers: [
                Double($0.rows), 100 * $0.loss, 100 * ($0.loss - error), 100 * ($0.loss + error),
              ],
              words: [$0.policy, $0.method])
          })
        let look = PlotStyle.look(ofSeries: place)
        if curve.count > 1 {
          bands.append(
            "data index \(block) using 1:3:4 with filledcurves fc rgb \"\(look.color)\" "
              + "fs transparent solid 0.13 noborder")
        }
        lines.append("data index \(block) using 1:2 with linespoints \(look.line)")
      }
      grid.add(
        index, title: policy, axis: "loss of μ, points", range: range,
        settings: [
          "set xlabel 'rows (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(Double(rows.first ?? 1) * 0.8):\(Double(rows.last ?? 1) * 1.25)]",
          "set xtics \(PlotRange.logarithmicTics(rows, length: grid.axisLength - 30))",
        ], plots: bands + lines)
    }
    grid.legend(
      methods.enumerated().map {
        PlotScript.Entry(
          name: $0.element, look: "with linespoints \(PlotStyle.look(ofSeries: $0.offset).line)")
      })
    return Figure(
      name: name, title: title,
      caption:
        "Points of μ on test queries that a router trained on a log loses against one that was trained on all "
        + "answers; the mean over \(HTMLPage.count(own.map(\.pools).max() ?? 0, "pool")), bands are ± one standard error over "
        + "logs. 'none' takes the log for a random sample of all answers.",
      data: data.text, script: grid.script.text)
  }
}
