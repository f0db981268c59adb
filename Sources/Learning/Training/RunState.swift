/// Where one fit stands, apart from its numbers.
struct TrialProgress: Codable, Equatable, Sendable {
  var history: [TrainingRecord.Epoch] = []
  /// The epoch of the best state, from 1; 0 before the first, or where none is better than the start.
  var bestEpoch = 0
  /// Its loss by the criterion on the validation part; nil without validation responses.
  var leastLoss: Double?
}

/// Where a run of several fits stands between two of them.
struct RunState<Model: StorableRouter>: Sendable {
  /// The candidate that did best so far.
  struct Chosen: Sendable {
    /// Its place among the candidates.
    let candidate: Int
    /// The state of its best epoch, from which the model can be made again.
    let state: TensorBundle
    /// The model; nil where another process made it.
    let model: FittedModel<Model>?
    /// The values of the settings that were to be chosen.
    let values: [String: Double]
    let history: [TrainingRecord.Epoch]
    let validation: ValidationMetrics?
  }

  /// The candidate in hand.
  var candidate = 0
  /// How many candidates in a row did worse than the best.
  var worse = 0
  var fits: [TrainingRecord.Fit] = []
  var chosen: Chosen?

  /// Enters a fit that ended, and keeps its model if it is the best one.
  mutating func finish(
    _ progress: TrialProgress, state: TensorBundle, model: FittedModel<Model>, end: TrainingRecord.End,
    values: [String: Double], validation: ValidationSet?, criterion: SelectionCriterion
  ) throws {
    let metrics = try validation?.metrics(of: model.router)
    fits.append(
      TrainingRecord.Fit(
        chosen: values, epochs: progress.history.count, bestEpoch: progress.bestEpoch, end: end,
        validation: metrics))
    let own = candidate
    candidate += 1
    if let metrics, let best = chosen?.validation, criterion.loss(of: metrics) >= criterion.loss(of: best) {
      worse += 1
      return
    }
    worse = 0
    chosen = Chosen(
      candidate: own, state: state, model: model, values: values, history: progress.history,
      validation: metrics)
  }
}
