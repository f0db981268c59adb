/// Learns a router from the train and validation parts of a dataset.
public protocol Trainer: Sendable {
  /// What it learns.
  associatedtype Model: Router

  /// Trains a model; `report` is told of each step and may throw to stop.
  func train(on data: TrainingData, report: (TrainingProgress) throws -> Void) throws -> Model
}

/// Where a training run stands.
public struct TrainingProgress: Sendable {
  /// The fit in hand, from 1, and how many there are at most.
  public let fit: Int
  /// The number of fits at most.
  public let fits: Int
  /// Sweeps done in this fit.
  public let sweep: Int
  /// The share of the whole work that is probably done, in [0, 1); an estimate that may fall back.
  public let share: Double
  /// The penalty of this fit.
  public let l2: Float
  /// The objective divided by the number of responses.
  public let loss: Double
}
