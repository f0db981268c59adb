import RoutingData

/// A fit in progress, epoch by epoch; a value, so that a copy keeps the best state.
public protocol TrainingFit: Sendable {
  /// What it makes.
  associatedtype Model: StorableRouter

  /// Learns for one epoch; returns the objective that the epoch met, per response, lower is better.
  ///
  /// - Throws: `NumericalError`.
  mutating func advance() throws -> Double

  /// Whether further epochs can't help.
  var isFinished: Bool { get }

  /// Whether the last epoch only prepared what is to be fitted: its state can't become the model, nor does
  /// patience count it.
  var isPreparing: Bool { get }

  /// Whether the fit begins at a model in its own right, which epochs have to beat on validation.
  var beginsTrained: Bool { get }

  /// The number of epochs that the fit will probably take in all; nil where the largest number is the best guess.
  var expectedEpochs: Double? { get }

  /// An objective that no sound fit has: above it training has diverged.
  var highestObjective: Double { get }

  /// The model as it stands; a final one has also what is chosen once, at the end.
  func model(isFinal: Bool) throws -> FittedModel<Model>

  /// Everything that `advance` changes.
  var state: TensorBundle { get }

  /// Takes up a state that was saved, of a fit of the same trainer on the same data.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  mutating func restore(_ state: TensorBundle) throws(DataError)
}

/// A model of a fit, and what the fit chose on the way.
public struct FittedModel<Model: StorableRouter>: Sendable {
  /// The model.
  public let router: Model
  /// The settings that were chosen while fitting, by name.
  public let chosen: [String: Double]

  /// A model from its parts.
  public init(_ router: Model, chosen: [String: Double] = [:]) {
    self.router = router
    self.chosen = chosen
  }
}

extension TrainingFit {
  /// Never.
  public var isPreparing: Bool { false }

  /// No.
  public var beginsTrained: Bool { false }

  /// Unknown.
  public var expectedEpochs: Double? { nil }

  /// None.
  public var highestObjective: Double { .infinity }
}
