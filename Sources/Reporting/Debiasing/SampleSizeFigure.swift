import Debiasing
import Evaluation

/// The share of intervals that hold the truth against the effective sample size.
struct SampleSizeFigure {
  let coverage: [CoverageSummary]

  /// The figure, with a panel for each grading; nil without estimates.
  func figure() -> Figure? {
    let gradings = coverage.groupedInOrder(by: \.grading).map(\.key)
    let estimators = coverage.groupedInOrder(by: \.estimator).map(\.key)
    guard !gradings.isEmpty else { return nil }
    let range = PlotRange(coverage.map(\.coverage) + [0.9, 1], step: 0.1, limits: 0.5...1)
    let name = "coverage"
    let title = "Coverage of 95% intervals by effective sample size"
    var grid = PanelGrid(name: name, title: title, panels: gradings.count)
    var data = PlotData(columns: ["ess", "coverage", "low", "high", "estimator", "grading"])
    let sizes = coverage.map { max($0.effectiveSampleSize, 1) }
    let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
    for (index, grading) in gradings.enumerated() {
      var plots = [
        "0.97 with filledcurves y1=0.93 fc rgb \"#009e73\" fs transparent solid 0.12 noborder",
        "0.95 with lines lc rgb \"#009e73\" dt 3 lw 2",
      ]
      for (place, estimator) in estimators.enumerated() {
        let curve = coverage.filter { $0.grading == grading && $0.estimator == estimator }
        guard !curve.isEmpty else { continue }
        let block = data.add(
          curve.map {
            let error = $0.coverageError ?? 0
            return PlotData.Row(
              numbers: [
                max($0.effectiveSampleSize, 1), $0.coverage, max($0.coverage - error, 0),
                min($0.coverage + error, 1),
              ],
              words: [$0.estimator, $0.grading])
          })
        let look = PlotStyle.look(ofSeries: place)
        // Before the points, which they would cover.
        plots.append("data index \(block) using 1:2:3:4 with yerrorbars lc rgb \"\(look.color)\" pt -1 ps 0")
        plots.append("data index \(block) using 1:2 with linespoints \(look.line)")
      }
      let tics = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000].filter {
        Double($0) >= least && Double($0) <= most
      }
      grid.add(
        index, title: "grading \(grading)", axis: "coverage", range: range,
        settings: [
          "set xlabel 'effective sample size (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(least * 0.8):\(most * 1.25)]",
          tics.isEmpty
            ? "set xtics autofreq"
            : "set xtics \(PlotRange.logarithmicTics(tics, length: grid.axisLength - 30))",
        ], plots: plots)
    }
    grid.legend(
      estimators.enumerated().map {
        PlotScript.Entry(
          name: $0.element, look: "with linespoints \(PlotStyle.look(ofSeries: $0.offset).line)")
      } + [PlotScript.Entry(name: "95%", look: "with lines lc rgb \"#009e73\" dt 3 lw 2")])
    return Figure(
      name: name, title: title,
      caption:
        "The share of 95% intervals that hold what a router truly earns, over all logs, pools and routers of the runs; "
        + "bars are ± one standard error over logs. The band from 93 to 97% is where intervals should be. Where grades depend "
        + "on the answers, no estimator can know it.",
      data: data.text, script: grid.script.text)
  }
}
