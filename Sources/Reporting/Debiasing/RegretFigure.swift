import Debiasing
import Evaluation

/// What is lost by choosing among routers by what a log says of them, against the number of rows.
struct RegretFigure {
  let section: DebiasingOutline.Section

  /// The figure, means over policies whose answers were graded alike; nil where there is nothing to choose.
  func figure() -> Figure? {
    let own = section.estimators.filter { $0.regret != nil }
    let gradings = section.gradings.filter { grading in own.contains { $0.grading == grading } }
    guard !gradings.isEmpty else { return nil }
    let estimators = own.groupedInOrder(by: \.estimator).map(\.key)
    let rows = section.configuration.rows
    let name = "regret_\(section.name)"
    let title = "\(section.title): regret of choosing a router by a log"
    var grid = PanelGrid(name: name, title: title, panels: gradings.count)
    var data = PlotData(columns: ["rows", "regret", "low", "high", "estimator", "grading"])
    var curves: [[(estimator: Int, points: [PlotData.Row])]] = []
    for grading in gradings {
      curves.append(
        estimators.enumerated().compactMap { place, estimator in
          let points = rows.compactMap { count -> PlotData.Row? in
            let cells = own.filter {
              $0.grading == grading && $0.estimator == estimator && $0.rows == count
            }
            guard !cells.isEmpty else { return nil }
            let mean = cells.reduce(0) { $0 + ($1.regret ?? 0) } / Double(cells.count)
            let error = MeanError.error(of: cells.map(\.regretError)) ?? 0
            return PlotData.Row(
              numbers: [Double(count), 100 * mean, 100 * (mean - error), 100 * (mean + error)],
              words: [estimator, grading])
          }
          return points.isEmpty ? nil : (place, points)
        })
    }
    let tops = curves.joined().flatMap { $0.points.compactMap { $0.numbers[3] } }
    let range = PlotRange([0] + tops, step: 0.2, limits: 0...100)
    for (index, grading) in gradings.enumerated() {
      var plots: [String] = []
      for curve in curves[index] {
        let block = data.add(curve.points)
        let look = PlotStyle.look(ofSeries: curve.estimator)
        plots.append("data index \(block) using 1:2 with linespoints \(look.line)")
      }
      grid.add(
        index, title: "grading \(grading)", axis: "regret, points of μ", range: range,
        settings: [
          "set xlabel 'rows (log scale)' offset 0,0.3", "set logscale x",
          "set xrange [\(Double(rows.first ?? 1) * 0.8):\(Double(rows.last ?? 1) * 1.25)]",
          "set xtics \(PlotRange.logarithmicTics(rows, length: grid.axisLength - 30))",
        ], plots: plots)
    }
    grid.legend(
      estimators.enumerated().map {
        PlotScript.Entry(
          name: $0.element, look: "with linespoints \(PlotStyle.look(ofSeries: $0.offset).line)")
      })
    let lot = own.compactMap(\.regretByLot)
    let byLot = lot.isEmpty ? nil : 100 * lot.reduce(0, +) / Double(lot.count)
    return Figure(
      name: name, title: title,
      caption:
        "What the best of the routers earns more than the one with the highest estimate, the mean over pools, policies and "
        + "logs. A choice by lot loses \(NumberText.fixed(byLot, 2)) points.",
      data: data.text, script: grid.script.text)
  }
}
