/// How a model was trained: everything needed to train it again, and what happened on the way.
public struct TrainingRecord: Codable, Equatable, Sendable {
  /// One epoch of a fit.
  public struct Epoch: Codable, Equatable, Sendable {
    /// Its number, from 1.
    public let epoch: Int
    /// The objective that it met, per response; see the trainer.
    public let objective: Double
    /// How well the model after it predicts the validation part; nil without validation responses.
    public let validation: ValidationMetrics?
  }

  /// Why a fit ended.
  public enum End: String, Codable, Sendable {
    /// By itself: further epochs could not help.
    case converged
    /// The validation log-loss had not fallen for as many epochs as patience allows.
    case patience
    /// It had as many epochs as it may have.
    case limit
  }

  /// One fit on the way to the model.
  public struct Fit: Codable, Equatable, Sendable {
    /// The values that it tried where settings were to be chosen, by name.
    public let chosen: [String: Double]
    /// The number of epochs.
    public let epochs: Int
    /// The epoch whose state was kept, from 1; 0 for the state that training began at.
    public let bestEpoch: Int
    /// Why it ended.
    public let end: End
    /// How well its best model predicts the validation part.
    public let validation: ValidationMetrics?

    private enum CodingKeys: String, CodingKey {
      case chosen, epochs, end, validation
      case bestEpoch = "best_epoch"
    }
  }

  /// The algorithm, as `--model` names it.
  public internal(set) var algorithm = ""
  /// Every setting as it was given, as text.
  public internal(set) var settings: [String: String] = [:]
  /// What was chosen on the validation part where a setting was `auto`, by name.
  public package(set) var chosen: [String: Double] = [:]
  /// The number of factors of the model; nil for one without factors.
  public package(set) var factors: Int?
  /// The seed of all random choices.
  public internal(set) var seed: UInt64 = 0
  /// The patience of early stopping in epochs; nil for none.
  public internal(set) var patience: Int?
  /// What validation was judged by.
  public internal(set) var criterion = SelectionCriterion.logLoss
  /// The hash of the dataset; nil for one that was not in a folder.
  public internal(set) var datasetHash: String?
  /// The folder of the dataset when the model was trained, for commands that need the queries' texts or answers.
  public var datasetFolder: String?
  /// The encoder of the query embeddings; nil where there are none.
  public internal(set) var encoder: String?
  /// The benchmarks trained on.
  public internal(set) var benchmarks: [String] = []
  /// Every fit, in the order they were made.
  public package(set) var fits: [Fit] = []
  /// The epochs of the fit that became the model.
  public internal(set) var history: [Epoch] = []
  /// How well the model predicts the validation part; nil without validation responses.
  public package(set) var validation: ValidationMetrics?
  /// The trials of a search that ended in this model; nil without one.
  public internal(set) var search: [SearchTrial]?
  /// The log that the model was learned from; nil for one learned from a dataset's responses.
  public var log: LogRecord?

  /// A record of nothing, for a trainer to fill.
  public init() {}

  /// What is known before training.
  package init<T: Trainer>(
    _ trainer: T, on data: TrainingData, patience: Int? = nil, criterion: SelectionCriterion = .logLoss
  ) {
    algorithm = T.algorithm
    settings = trainer.settingTexts
    seed = trainer.seed
    self.patience = patience
    self.criterion = criterion
    datasetHash = data.datasetHash
    encoder = data.encoder
    benchmarks = data.blocks.map(\.benchmark)
  }

  private enum CodingKeys: String, CodingKey {
    case algorithm, settings, chosen, factors, seed, patience, encoder, benchmarks, fits, history
    case validation, search, log
    case criterion = "selected_by"
    case datasetHash = "dataset_hash"
    case datasetFolder = "dataset_folder"
  }
}
