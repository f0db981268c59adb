import Learning
import RoutingData

/// A router as a model folder holds it, with the record of how it was trained.
public struct StoredModel: Sendable {
  /// What was learned.
  public var router: any StorableRouter
  /// How.
  public var record: TrainingRecord
  /// The encoders whose embeddings it was trained on, side by side; empty where nobody noted them.
  public internal(set) var encoderParts: [EncoderPart] = []
  /// The text featurizers among them, by the encoder's name.
  var featurizers: [String: FeaturizerFile] = [:]

  /// Texts by which another encoder is noticed; nil where the dataset had no prompts, or nobody noted them.
  public internal(set) var probes: EncoderProbes?

  /// A model from its parts.
  public init(_ router: any StorableRouter, record: TrainingRecord) {
    self.router = router
    self.record = record
  }

  /// A model that a trainer made.
  public init<Model>(_ trained: TrainedModel<Model>) { self.init(trained.router, record: trained.record) }

  /// Its factors and biases.
  ///
  /// - Throws: `DataError` for a router that has none.
  public func factorModel() throws(DataError) -> FactorModel {
    guard let model = router as? FactorModel else {
      throw DataError("a model of \(record.algorithm) has no embeddings: it is no model of factors")
    }
    return model
  }
}
