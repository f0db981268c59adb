/// How the training of one model went, epoch by epoch.
public struct TrainingCurve: Equatable, Sendable {
  /// One epoch.
  public struct Epoch: Equatable, Sendable {
    /// Its number, from 1.
    public let epoch: Int
    /// What was minimized, per response, in the model's own unit.
    public let objective: Double
    /// The log-loss of the validation responses, in nats; nil where there are none.
    public let validation: Double?

    /// An epoch from its parts.
    public init(epoch: Int, objective: Double, validation: Double?) {
      self.epoch = epoch
      self.objective = objective
      self.validation = validation
    }
  }

  /// The router's name in the run.
  public let name: String
  /// The algorithm, as `rs-train` names it.
  public let algorithm: String
  /// The epochs in order.
  public let epochs: [Epoch]
  /// The epoch whose model was kept; nil where nobody says, 0 for the start.
  public let kept: Int?
  /// Why training ended, in a word; nil where nobody says.
  public let end: String?

  /// A curve from its parts.
  public init(name: String, algorithm: String, epochs: [Epoch], kept: Int?, end: String?) {
    self.name = name
    self.algorithm = algorithm
    self.epochs = epochs
    self.kept = kept
    self.end = end
  }
}
