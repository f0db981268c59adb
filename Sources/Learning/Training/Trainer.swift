import Routing
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

  /// Whose answers a model of this kind is usually trained on.
  static var scope: TrainingScope { get }

  /// Whether it can learn from answers alone where queries have no embeddings; its models then know the train queries only.
  static var learnsWithoutEmbeddings: Bool { get }

  /// The setting that stands behind the colon where a router is named, as in `knn:10`; nil for none.
  static var shorthand: String? { get }

  /// This trainer with whatever depends on the train queries alone learned already: done once for many pools.
  ///
  /// Only data of these train queries may follow. What is trained is the same, bit for bit.
  ///
  /// - Throws: `DataError` for queries that nothing can be learned from.
  func prepared(for queries: TrainQueries) throws -> Self

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for data that nothing can be learned from; `NumericalError`.
  func start(on data: TrainingData) throws -> Fit
}

/// Whose answers a model is usually trained on.
public enum TrainingScope: Sendable {
  /// All LLMs of a dataset, at once for all pools.
  case dataset
  /// The candidates of one pool, as RouterEval's routers are; `rs-eval` trains them anew for each pool.
  case pool
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

  /// Trains with the usual early stopping and without checkpoints.
  public func train(on data: TrainingData) throws -> TrainedModel<Fit.Model> {
    try TrainingRun(self).train(on: data) { _ in }
  }

  /// Itself: nothing is learned beforehand.
  public func prepared(for queries: TrainQueries) throws -> Self { self }

  /// All LLMs of a dataset.
  public static var scope: TrainingScope { .dataset }

  /// It can't.
  public static var learnsWithoutEmbeddings: Bool { false }

  /// None.
  public static var shorthand: String? { nil }
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
