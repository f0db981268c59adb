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
  ) throws -> FactorModel {
    let validation = ValidationSet(data)
    let candidates = trainer.candidates
    guard candidates.count == 1 || validation != nil else {
      let names = Self.chosenSettings(trainer, candidates).map { "--\($0)" }.joined(separator: " and ")
      throw DataError("there are no validation responses to choose on: give \(names) a number")
    }
    let record = TrainingRecord(trainer, on: data, patience: patience, criterion: criterion)
    var state = RunState()
    var resumed: Checkpoint?
    if let plan = checkpoints {
      resumed = try plan.load(for: record)
      if let resumed { state = resumed.state }
    }
    while state.candidate < candidates.count, state.worse < 2 {
      let candidate = candidates[state.candidate]
      var trial = try begin(candidate, data, resumed)
      resumed = nil
      while !isOver(trial, of: candidate) {
        try advance(&trial, of: candidate, validation)
        try report(progress(trial, state, of: candidate, candidates.count))
        if let plan = checkpoints, trial.progress.history.count % plan.interval == 0 {
          try plan.save(state, trial.progress, fit: trial.fit.state, best: trial.best.state, of: record)
        }
      }
      try state.finish(
        trial.progress, model: trial.best.model(isFinal: true), end: end(of: trial, candidate),
        chosen: Self.chosenValues(trainer, candidate), validation: validation, criterion: criterion)
    }
    guard var model = state.chosen else {
      throw NumericalError.noConvergence(operation: "the choice of settings")
    }
    var final = record
    final.chosen = state.chosenValues.merging(model.training.chosen) { first, _ in first }
    final.factors = model.llmFactors.columns
    final.fits = state.fits
    final.history = state.chosenHistory
    final.validation = state.chosenValidation
    model.training = final
    return model
  }

  private func begin(_ candidate: T, _ data: TrainingData, _ resumed: Checkpoint?) throws -> Trial {
    var fit = try candidate.start(on: data)
    guard let resumed else { return Trial(fit: fit, best: fit, progress: TrialProgress()) }
    var best = fit
    do throws(DataError) {
      try best.restore(resumed.best)
      try fit.restore(resumed.fit)
    } catch {
      throw DataError("the checkpoint does not fit this run: \(error)")
    }
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
    let metrics = try validation.map { try $0.metrics(of: trial.fit.model(isFinal: false)) }
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
    _ trial: Trial, _ state: RunState, of candidate: T, _ count: Int
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

/// Where one fit stands, apart from its numbers.
struct TrialProgress: Codable, Equatable, Sendable {
  var history: [TrainingRecord.Epoch] = []
  /// The epoch of the best state, from 1; 0 before the first.
  var bestEpoch = 0
  /// Its loss by the criterion on the validation part; nil without validation responses.
  var leastLoss: Double?
}

/// Where a run of several fits stands between two of them.
struct RunState: Sendable {
  /// The candidate in hand.
  var candidate = 0
  /// How many candidates in a row did worse than the best.
  var worse = 0
  var fits: [TrainingRecord.Fit] = []
  /// The best finished model.
  var chosen: FactorModel?
  var chosenValues: [String: Double] = [:]
  var chosenHistory: [TrainingRecord.Epoch] = []
  var chosenValidation: ValidationMetrics?

  /// Enters a fit that ended, and keeps its model if it is the best one.
  mutating func finish(
    _ progress: TrialProgress, model: FactorModel, end: TrainingRecord.End, chosen values: [String: Double],
    validation: ValidationSet?, criterion: SelectionCriterion
  ) throws {
    let metrics = try validation?.metrics(of: model)
    fits.append(
      TrainingRecord.Fit(
        chosen: values, epochs: progress.history.count, bestEpoch: progress.bestEpoch, end: end,
        validation: metrics))
    candidate += 1
    if let metrics, let best = chosenValidation, criterion.loss(of: metrics) >= criterion.loss(of: best) {
      worse += 1
      return
    }
    worse = 0
    chosen = model
    chosenValues = values
    chosenHistory = progress.history
    chosenValidation = metrics
  }
}
