import NumericKernels
import RoutingData

/// Takes a trainer's fits to their ends: validation after each epoch, early stopping, checkpoints, the history.
///
/// A fit keeps the state of the epoch that predicts the validation part best, by the log-loss unless another
/// criterion is asked for. Where settings are to be chosen, candidates are tried in turn and the one whose final
/// model does best is kept.
public struct TrainingRun<T: Trainer>: Sendable {
  /// What to train.
  public let trainer: T
  /// How many epochs in a row may fail to do better on validation; nil for any number.
  public let patience: Int?
  /// What validation is judged by.
  public let criterion: SelectionCriterion
  /// Where and when to save the state; nil for nowhere.
  public let checkpoints: CheckpointPlan?
  /// Whether epochs and settings are judged on the validation part.
  private let validates: Bool

  /// The epochs that early stopping waits where nobody says otherwise.
  public static var standardPatience: Int { 10 }

  /// A fall of the criterion's loss below this is none.
  private static var leastImprovement: Double { 1e-6 }

  /// A run of a trainer.
  public init(
    _ trainer: T, patience: Int? = Self.standardPatience, criterion: SelectionCriterion = .logLoss,
    checkpoints: CheckpointPlan? = nil
  ) {
    precondition(patience.map { $0 > 0 } ?? true, "patience")
    self.trainer = trainer
    self.patience = patience
    self.criterion = criterion
    self.checkpoints = checkpoints
    validates = true
  }

  /// A run of all epochs that the trainer has, which looks at no validation responses: as RouterEval trains.
  public init(withoutValidation trainer: T) {
    self.trainer = trainer
    patience = nil
    criterion = .logLoss
    checkpoints = nil
    validates = false
  }

  /// A fit with what was seen on the way.
  private struct Trial {
    var fit: T.Fit
    var best: T.Fit
    var progress: TrialProgress
  }

  /// Trains; `report` is told of each epoch and may throw to stop.
  ///
  /// With a plan for checkpoints, a run that was killed goes on from the last one to the same bits.
  ///
  /// - Throws: `DataError` for data that nothing can be learned from, a training that diverged (naming the epoch
  ///   and a remedy) or a checkpoint of another run; `NumericalError`; `FileError` for a checkpoint.
  public func train(
    on data: TrainingData, report: (TrainingProgress) throws -> Void
  ) throws -> TrainedModel<T.Fit.Model> {
    let validation = validates ? ValidationSet(data) : nil
    let candidates = trainer.candidates
    guard candidates.count == 1 || validation != nil else {
      let names = Self.chosenSettings(trainer, candidates).map { "--\($0)" }.joined(separator: " and ")
      throw DataError("there are no validation responses to choose on: give \(names) a number")
    }
    let record = TrainingRecord(trainer, on: data, patience: patience, criterion: criterion)
    var state = RunState<T.Fit.Model>()
    var resumed: Checkpoint<T.Fit.Model>?
    if let plan = checkpoints {
      resumed = try plan.load(for: record)
      if let resumed { state = resumed.state }
    }
    while state.candidate < candidates.count, state.worse < 2 {
      let candidate = candidates[state.candidate]
      var trial = try begin(candidate, data, resumed, validation)
      resumed = nil
      while !isOver(trial, of: candidate) {
        try advance(&trial, of: candidate, validation)
        try report(progress(trial, state, of: candidate, candidates.count))
        if let plan = checkpoints, trial.progress.history.count % plan.interval == 0 {
          try plan.save(state, trial.progress, fit: trial.fit.state, best: trial.best.state, of: record)
        }
      }
      try state.finish(
        trial.progress, state: trial.best.state, model: trial.best.model(isFinal: true),
        end: end(of: trial, candidate), values: Self.chosenValues(trainer, candidate), validation: validation,
        criterion: criterion)
    }
    guard let chosen = state.chosen else {
      throw NumericalError.noConvergence(operation: "the choice of settings")
    }
    let model = try chosen.model ?? self.model(of: chosen, among: candidates, data)
    var final = record
    final.chosen = chosen.values.merging(model.chosen) { first, _ in first }
    final.factors = model.router.factorCount
    final.fits = state.fits
    final.history = chosen.history
    final.validation = chosen.validation
    return TrainedModel(model.router, record: final)
  }

  /// The model of a candidate that another process chose, from the state of its best epoch: the same bits.
  private func model(
    of chosen: RunState<T.Fit.Model>.Chosen, among candidates: [T], _ data: TrainingData
  ) throws -> FittedModel<T.Fit.Model> {
    guard candidates.indices.contains(chosen.candidate) else {
      throw DataError("the checkpoint does not fit this run: it chose a candidate that there is not")
    }
    var fit = try candidates[chosen.candidate].start(on: data)
    try restore(&fit, from: chosen.state)
    return try fit.model(isFinal: true)
  }

  private func restore(_ fit: inout T.Fit, from state: TensorBundle) throws {
    do throws(DataError) {
      try fit.restore(state)
    } catch {
      throw DataError("the checkpoint does not fit this run: \(error)")
    }
  }

  private func begin(
    _ candidate: T, _ data: TrainingData, _ resumed: Checkpoint<T.Fit.Model>?, _ validation: ValidationSet?
  ) throws -> Trial {
    var fit = try candidate.start(on: data)
    guard let resumed else {
      var progress = TrialProgress()
      if fit.beginsTrained, let validation {
        let loss = criterion.loss(of: try validation.metrics(of: fit.model(isFinal: false).router))
        if loss.isFinite { progress.leastLoss = loss }
      }
      return Trial(fit: fit, best: fit, progress: progress)
    }
    var best = fit
    try restore(&best, from: resumed.best)
    try restore(&fit, from: resumed.fit)
    return Trial(fit: fit, best: best, progress: resumed.progress)
  }

  private func advance(_ trial: inout Trial, of candidate: T, _ validation: ValidationSet?) throws {
    let epoch = trial.progress.history.count + 1
    var objective = Double.nan
    do {
      objective = try trial.fit.advance()
    } catch NumericalError.notFinite {}
    guard objective.isFinite, objective <= trial.fit.highestObjective else {
      throw DataError(
        "\(T.algorithm) diverged in epoch \(epoch) (objective \(objective)): \(candidate.remedyForDivergence)"
      )
    }
    let metrics = try validation.map { try $0.metrics(of: trial.fit.model(isFinal: false).router) }
    trial.progress.history.append(
      TrainingRecord.Epoch(epoch: epoch, objective: objective, validation: metrics))
    guard !trial.fit.isPreparing else { return }
    let loss = metrics.map(criterion.loss)
    guard loss != .infinity else {
      throw DataError(
        "\(criterion.rawValue) is not defined on the validation responses: choose another --select-by")
    }
    if let loss, let least = trial.progress.leastLoss, loss >= least - Self.leastImprovement { return }
    trial.best = trial.fit
    trial.progress.bestEpoch = epoch
    trial.progress.leastLoss = loss
  }

  private func isOver(_ trial: Trial, of candidate: T) -> Bool {
    !trial.progress.history.isEmpty
      && (trial.fit.isFinished || trial.progress.history.count >= candidate.maximumEpochs
        || isOutOfPatience(trial))
  }

  private func isOutOfPatience(_ trial: Trial) -> Bool {
    guard let patience, trial.progress.leastLoss != nil else { return false }
    return trial.progress.history.count - trial.progress.bestEpoch >= patience
  }

  private func end(of trial: Trial, _ candidate: T) -> TrainingRecord.End {
    if trial.fit.isFinished { return .converged }
    return isOutOfPatience(trial) ? .patience : .limit
  }

  private func progress(
    _ trial: Trial, _ state: RunState<T.Fit.Model>, of candidate: T, _ count: Int
  ) -> TrainingProgress {
    let epochs = trial.progress.history.count
    let expected = trial.fit.expectedEpochs ?? Double(candidate.maximumEpochs)
    let share = Double(state.candidate) + min(Double(epochs) / max(expected, 1), 0.99)
    let values = Self.chosenValues(trainer, candidate)
    return TrainingProgress(
      fit: state.candidate + 1, fits: count,
      candidate: values.sorted { $0.key < $1.key }.map { "\($0.key) \(shortText($0.value))" }
        .joined(separator: ", "), epoch: epochs, share: share / Double(count),
      objective: trial.progress.history.last?.objective ?? .nan)
  }

  /// The settings in which candidates differ from the trainer.
  private static func chosenSettings(_ trainer: T, _ candidates: [T]) -> [String] {
    T.settings.filter { setting in candidates.contains { setting.text(of: $0) != setting.text(of: trainer) } }
      .map(\.name)
  }

  private static func chosenValues(_ trainer: T, _ candidate: T) -> [String: Double] {
    var values: [String: Double] = [:]
    for setting in T.settings where setting.text(of: candidate) != setting.text(of: trainer) {
      values[setting.name] = Double(setting.text(of: candidate))
    }
    return values
  }
}
