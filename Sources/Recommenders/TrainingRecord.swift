/// How a model was trained: everything needed to train it again, and what happened on the way.
public struct TrainingRecord: Codable, Equatable, Sendable {
  /// One fit on the way to the model.
  public struct Fit: Codable, Equatable, Sendable {
    /// The penalty on the factors.
    public let l2: Float
    /// The ridge of the embedding map that did best with it.
    public let ridge: Float
    /// The objective before each sweep.
    public let objectives: [Double]
    /// Whether the sweeps stopped by themselves.
    public let converged: Bool
    /// The mean negative log-likelihood of a response to a validation query; nil without validation queries.
    public let validationLogLoss: Double?

    private enum CodingKeys: String, CodingKey {
      case l2, ridge, objectives, converged
      case validationLogLoss = "validation_log_loss"
    }
  }

  /// The algorithm, as `--model` names it.
  public let algorithm: String
  /// The number of latent factors.
  public let factors: Int
  /// The penalty on the factors.
  public let l2: Float
  /// The penalty on the biases.
  public let biasL2: Float
  /// The ridge of the embedding map.
  public let ridge: Float
  /// Whether the penalty was given or chosen on the validation part.
  public let isL2Chosen: Bool
  /// Whether the ridge was given or chosen on the validation part.
  public let isRidgeChosen: Bool
  /// The largest number of sweeps.
  public let maximumSweeps: Int
  /// The relative change of the objective that ends training.
  public let tolerance: Double
  /// The seed of all random choices.
  public let seed: UInt64
  /// The hash of the dataset; nil for one that was not in a folder.
  public let datasetHash: String?
  /// The encoder of the query embeddings.
  public let encoder: String
  /// The benchmarks trained on.
  public let benchmarks: [String]
  /// Every fit, in the order they were made.
  public let history: [Fit]

  private enum CodingKeys: String, CodingKey {
    case algorithm, factors, l2, ridge, tolerance, seed, encoder, benchmarks, history
    case biasL2 = "bias_l2"
    case isL2Chosen = "l2_chosen_on_validation"
    case isRidgeChosen = "ridge_chosen_on_validation"
    case maximumSweeps = "maximum_sweeps"
    case datasetHash = "dataset_hash"
  }
}
