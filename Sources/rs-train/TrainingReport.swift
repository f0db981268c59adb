import CommandLineKit
import Learning
import Models

/// What a training run prints at its end.
struct TrainingReport {
  let model: StoredModel
  let data: TrainingData
  let seconds: Double
  let output: String
  /// Whether the user asked for a number of factors.
  let factorsAreGiven: Bool

  /// Prints tables, or the training record as JSON.
  func print(asJSON json: Bool) throws {
    guard !json else {
      try StandardOutput.writeJSON(model.record)
      return
    }
    if let trials = model.record.search { try StandardOutput.write(table(of: trials)) }
    try StandardOutput.write(fits())
    if factorsAreGiven { noteFewerFactors() }
    let chosen = model.record.chosen.sorted { $0.key < $1.key }.map { "\($0.key) \(Float($0.value))" }
    if !chosen.isEmpty {
      try StandardOutput.writeLine("chosen: \(chosen.joined(separator: ", "))")
    }
    try StandardOutput.writeLine(
      "\(model.record.algorithm): \(NumberFormatting.count(model.router.identity.llms.count)) LLMs, "
        + "\(NumberFormatting.count(data.trainQueryCount)) train queries, "
        + "\(NumberFormatting.count(data.trainResponseCount)) responses, "
        + (model.record.factors.map { "\($0) factors, " } ?? "")
        + "\(NumberFormatting.fixed(seconds, 1)) s; wrote \(output)")
  }

  private func noteFewerFactors() {
    guard let asked = model.record.settings["factors"].flatMap(Int.init),
      let used = model.record.factors, used < asked
    else {
      return
    }
    Log.note(
      "\(asked) factors asked for, \(used) used: there are no more LLMs or train queries than that"
    )
  }

  private func fits() -> String {
    let names = Set(model.record.fits.flatMap(\.chosen.keys)).sorted()
    var table = TextTable(
      names.map { .right($0) } + [
        .right("epochs"), .right("best"), .left("end"), .right("validation log-loss"), .right("AUC"),
        .right("V_B"), .left(""),
      ])
    for fit in model.record.fits {
      let isChosen = names.count > 0 && fit.chosen.allSatisfy { model.record.chosen[$0] == $1 }
      table.append(
        names.map { fit.chosen[$0].map { "\(Float($0))" } ?? "" } + [
          "\(fit.epochs)", "\(fit.bestEpoch)", fit.end.rawValue,
        ] + Self.cells(fit.validation) + [isChosen ? "chosen" : ""])
    }
    return table.render()
  }

  private func table(of trials: [SearchTrial]) -> String {
    let names = Set(trials.flatMap(\.settings.keys)).sorted()
    var table = TextTable(
      [.right("trial")] + names.map { .right($0) } + [
        .right("epochs run"), .right("validation log-loss"), .right("AUC"), .right("V_B"), .left(""),
      ])
    let criterion = model.record.criterion
    let ordered = trials.sorted {
      ($0.validation.map(criterion.loss) ?? .infinity, $0.number)
        < ($1.validation.map(criterion.loss) ?? .infinity, $1.number)
    }
    for trial in ordered {
      let note = trial.failure ?? (trial.number == trials.best(by: criterion)?.number ? "chosen" : "")
      table.append(
        ["\(trial.number)"] + names.map { trial.settings[$0] ?? "" }
          + ["\(trial.epochs)"] + Self.cells(trial.validation) + [note])
    }
    return table.render() + "\n"
  }

  private static func cells(_ metrics: ValidationMetrics?) -> [String] {
    [
      NumberFormatting.fixed(metrics?.logLoss, 5), NumberFormatting.fixed(metrics?.auc, 4),
      NumberFormatting.fixed(metrics?.bestSingleModelValue, 4),
    ]
  }
}
