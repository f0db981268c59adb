import CommandLineKit
import FileFormats
import Learning
import Models

/// What a training run prints at its end.
struct TrainingReport {
  let model: StoredModel
  /// What it was trained on; nil for a log, of which the record says all.
  let data: TrainingData?
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
    if !model.record.fits.isEmpty { try StandardOutput.write(fits()) }
    if let log = model.record.log { try StandardOutput.write(Self.table(of: log)) }
    if factorsAreGiven { noteFewerFactors() }
    let chosen = model.record.chosen.sorted { $0.key < $1.key }.map { "\($0.key) \(Float($0.value))" }
    if !chosen.isEmpty {
      try StandardOutput.writeLine("chosen: \(chosen.joined(separator: ", "))")
    }
    if model.record.chosen["llm-means"] == 1 {
      Log.note(
        "on validation queries the embeddings told no more than LLMs' means: the model gives every query of a benchmark the "
          + "same scores, and says so as llm-means 1")
    }
    try StandardOutput.writeLine(
      "\(model.record.algorithm): \(NumberFormatting.count(model.router.identity.llms.count)) LLMs, "
        + learned
        + (model.record.factors.map { "\($0) factors, " } ?? "")
        + "\(NumberFormatting.fixed(seconds, 1)) s; wrote \(output)")
  }

  private var learned: String {
    if let data {
      return "\(NumberFormatting.count(data.trainQueryCount)) train queries, "
        + "\(NumberFormatting.count(data.trainResponseCount)) responses, "
    }
    return model.record.log.map { log in
      "\(NumberFormatting.count(log.rows)) rows of log '\(log.name)', \(NumberFormatting.count(log.graded)) graded, "
        + "debiased by \(log.method), "
    } ?? ""
  }

  /// What a log taught of each LLM.
  private static func table(of log: LogRecord) -> String {
    var table = TextTable([.left("LLM"), .right("effective rows"), .right("standard error")])
    for (llm, size) in log.effectiveSampleSizes.sorted(by: { Name($0.key) < Name($1.key) }) {
      table.append([
        llm, NumberFormatting.fixed(size, 1),
        log.standardErrors?[llm].map { NumberFormatting.fixed($0, 4) } ?? "",
      ])
    }
    let numbers = [
      ("weighted share", log.weightedShare), ("spread of LLMs", log.spread),
      ("bias that the logger left", log.confounding),
    ].compactMap { name, value in value.map { "\(name) \(NumberFormatting.fixed($0, 3))" } }
    return table.render() + (numbers.isEmpty ? "" : numbers.joined(separator: ", ") + "\n")
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
