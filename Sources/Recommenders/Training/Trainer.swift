import RoutingData

/// Learns a model from the train and validation parts of a dataset.
///
/// A trainer is a value that holds its settings; `start` begins a fit, which `TrainingRun` takes epoch by
/// epoch to its end: with validation, early stopping, checkpoints and the history.
public protocol Trainer: Sendable {
  /// A fit in progress.
  associatedtype Fit: TrainingFit

  /// The name on the command line and in model folders.
  static var algorithm: String { get }

  /// One sentence for help texts.
  static var summary: String { get }

  /// Every hyper-parameter.
  static var settings: [Setting<Self>] { get }

  /// A trainer with the default settings.
  init()

  /// The seed of all random choices.
  var seed: UInt64 { get set }

  /// The largest number of epochs of a fit.
  var maximumEpochs: Int { get }

  /// What settings that are to be chosen stand for, in the order to try them; just this trainer where none is.
  ///
  /// Two candidates in a row that predict the validation part worse than the best one end the trials.
  var candidates: [Self] { get }

  /// What to do about an objective that grows beyond all bounds, for the error message.
  var remedyForDivergence: String { get }

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for data that nothing can be learned from; `NumericalError`.
  func start(on data: TrainingData) throws -> Fit
}

extension Trainer {
  /// Just this trainer.
  public var candidates: [Self] { [self] }

  /// A stronger penalty.
  public var remedyForDivergence: String { "choose a larger --l2" }

  /// The settings by name, as texts.
  public var settingTexts: [String: String] {
    Dictionary(uniqueKeysWithValues: Self.settings.map { ($0.name, $0.text(of: self)) })
  }

  /// Gives settings new values.
  ///
  /// - Throws: `DataError` for a setting that there is not, or a value that it can't have.
  public mutating func set(_ texts: [String: String]) throws(DataError) {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let setting = Self.settings.first(where: { $0.name == name }) else {
        throw DataError("\(Self.algorithm) has no setting '\(name)'")
      }
      try setting.set(text, in: &self)
    }
  }

  /// Trains without early stopping or checkpoints beyond the defaults.
  public func train(on data: TrainingData) throws -> FactorModel {
    try TrainingRun(self).train(on: data) { _ in }
  }
}

/// A fit in progress, epoch by epoch; a value, so that a copy keeps the best state.
public protocol TrainingFit: Sendable {
  /// Learns for one epoch; returns the objective that the epoch met, per response, lower is better.
  ///
  /// - Throws: `NumericalError`.
  mutating func advance() throws -> Double

  /// Whether further epochs can't help.
  var isFinished: Bool { get }

  /// Whether the last epoch only prepared what is to be fitted: its state can't become the model, nor does
  /// patience count it.
  var isPreparing: Bool { get }

  /// The number of epochs that the fit will probably take in all; nil where the largest number is the best guess.
  var expectedEpochs: Double? { get }

  /// An objective that no sound fit has: above it training has diverged.
  var highestObjective: Double { get }

  /// The model as it stands; a final one has also what is chosen once, at the end.
  ///
  /// Its record needs nothing but what was chosen; the run fills in the rest.
  func model(isFinal: Bool) throws -> FactorModel

  /// Everything that `advance` changes.
  var state: TensorBundle { get }

  /// Takes up a state that was saved, of a fit of the same trainer on the same data.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  mutating func restore(_ state: TensorBundle) throws(DataError)
}

extension TrainingFit {
  /// Never.
  public var isPreparing: Bool { false }

  /// Unknown.
  public var expectedEpochs: Double? { nil }

  /// None.
  public var highestObjective: Double { .infinity }
}

/// Where a training run stands.
public struct TrainingProgress: Sendable {
  /// The fit in hand, from 1.
  public let fit: Int
  /// The number of fits at most.
  public let fits: Int
  /// What this fit tries, such as `l2 10`; empty for the only one.
  public let candidate: String
  /// Epochs done in this fit.
  public let epoch: Int
  /// The share of the whole work that is probably done, in [0, 1); an estimate that may fall back.
  public let share: Double
  /// The objective of the last epoch, per response.
  public let objective: Double
}
