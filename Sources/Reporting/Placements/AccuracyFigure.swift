import ColdStart

/// The predicted accuracy of every held-out LLM against its true one, with intervals.
struct AccuracyFigure {
  /// What the LLMs are placed by.
  enum Kind: String {
    /// The featured choice of anchors, estimator and number of answers.
    case answers = "accuracy"
    /// Their names and what the catalogue says, no answer.
    case metadata
  }

  let section: PlacementOutline.Section
  var kind = Kind.answers

  private static let (inside, outside) = ("#0072b2", "#d55e00")

  /// The figure; nil where no LLM is placed so.
  func figure() -> Figure? {
    let shown = section.panels.map { panel in panel.estimates.filter { isShown($0, in: panel) } }
    guard shown.contains(where: { !$0.isEmpty }) else { return nil }
    let values = shown.joined().flatMap { [$0.truth, $0.low, $0.high] }
    let range = PlotRange(values, step: 0.1, limits: 0...1)
    // Intervals without answers are far wider than the truths are apart.
    let truths = kind == .answers ? range : PlotRange(shown.joined().map(\.truth), step: 0.1, limits: 0...1)
    let name = "\(kind.rawValue)_\(section.name)"
    let title =
      "\(section.title): predicted against true accuracy" + (kind == .metadata ? ", by metadata alone" : "")
    var panels = PlacementPanels(section, name: name, title: title)
    var data = PlotData(columns: ["truth", "estimate", "low", "high", "llm"])
    for (index, own) in shown.enumerated() {
      var plots = ["x with lines lc rgb \"#888888\" dt 2 lw 1"]
      for (color, isInside) in [(Self.inside, true), (Self.outside, false)] {
        let rows = own.filter { ($0.low <= $0.truth && $0.truth <= $0.high) == isInside }.map {
          PlotData.Row(numbers: [$0.truth, $0.estimate, $0.low, $0.high], words: [$0.llm])
        }
        guard !rows.isEmpty else { continue }
        let block = data.add(rows)
        plots.append(
          "data index \(block) using 1:2:3:4 with yerrorbars lc rgb \"\(color)\" pt 7 ps 0.45 lw 1")
      }
      panels.add(
        index, axis: "predicted accuracy", range: range,
        settings: [
          "set xlabel 'true accuracy' offset 0,0.3", "set xrange \(truths.text)", "set xtics \(truths.tic)",
          "set format x '\(truths.ticFormat)'",
        ], plots: plots)
    }
    panels.legend([
      PlotScript.Entry(
        name: "holds the truth", look: "with yerrorbars lc rgb \"\(Self.inside)\" pt 7 ps 0.45 lw 1"),
      PlotScript.Entry(
        name: "misses it", look: "with yerrorbars lc rgb \"\(Self.outside)\" pt 7 ps 0.45 lw 1"),
      PlotScript.Entry(name: "no error", look: "with lines lc rgb \"#888888\" dt 2 lw 1"),
    ])
    return Figure(
      name: name, title: title, caption: caption(), data: data.text, script: panels.script.text)
  }

  private func isShown(_ placed: PlacedLLM, in panel: PlacementOutline.Panel) -> Bool {
    switch kind {
    case .answers:
      return placed.anchors == panel.featuredAnchors && placed.estimator == PlacementOutline.featured
        && placed.answers == panel.featuredCount
    case .metadata: return placed.estimator == .metadata && placed.answers == 0
    }
  }

  private func caption() -> String {
    let start = "Each point is an LLM that the model had never seen, with its 95% interval; "
    let parts = section.panels.map { panel in
      switch kind {
      case .answers:
        return "\(panel.title): \(panel.featuredCount) answers to \(panel.featuredAnchors) anchors"
      case .metadata:
        func error(_ estimator: EstimatorName) -> String {
          let own = panel.summary(PlacedLLM.withoutAnchors, estimator, 0)
          return NumberText.fixed(own.map { 100 * $0.error }, 1)
        }
        return
          "\(panel.title): mean absolute error \(error(.metadata)) points, \(error(.mirt)) for what is known of any LLM"
      }
    }
    switch kind {
    case .answers: return "\(start)estimator \(PlacementOutline.featured.rawValue). \(HTMLPage.list(parts))."
    case .metadata:
      return
        "\(start)placed by what its name and the catalogue say, without an answer. \(HTMLPage.list(parts))."
    }
  }
}
