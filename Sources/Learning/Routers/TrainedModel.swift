/// A router with the record of how it was trained.
public struct TrainedModel<Model: StorableRouter>: Sendable {
  /// What was learned.
  public var router: Model
  /// How.
  public var record: TrainingRecord

  /// A model from its parts.
  public init(_ router: Model, record: TrainingRecord) {
    self.router = router
    self.record = record
  }
}
