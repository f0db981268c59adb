import Routing
import RoutingData

/// What every trained router says of itself, and how it looks at queries.
public struct RouterIdentity: Equatable, Sendable {
  /// The name that tables show: the algorithm's, unless somebody gives it another.
  public var name: String
  /// The encoder of the embeddings that it was trained on; nil where it looks at none.
  public let encoder: String?
  /// The LLMs that it knows, in its own order.
  public let llms: [String]
  /// How embeddings become the features that it takes; nil where it takes them as they are.
  public let standard: FeatureStandard?
  /// How its scores become picks; nil leaves that to whoever asks.
  public var policy: SpreadPolicy?

  /// An identity from its parts.
  public init(
    name: String, encoder: String?, llms: [String], standard: FeatureStandard? = nil,
    policy: SpreadPolicy? = nil
  ) {
    self.name = name
    self.encoder = encoder
    self.llms = llms
    self.standard = standard
    self.policy = policy
  }

  /// A batch with the features, n × `width`, in place of the embeddings: what a router looks at.
  ///
  /// - Throws: `DataError` for embeddings of another encoder or length, or not finite.
  package func features(of batch: QueryBatch, width: Int) throws(DataError) -> QueryBatch {
    try batch.require(encoder: encoder, dimensions: standard?.dimensions ?? width, by: name)
    guard let standard else { return batch }
    return QueryBatch(
      embeddings: standard.features(of: batch.embeddings), encoder: batch.encoder, benchmark: batch.benchmark,
      subscenarios: batch.subscenarios, prompts: batch.prompts, rows: batch.rows)
  }

  /// Throws unless its features are as many as what was saved with it takes.
  package func requireFeatures(_ width: Int) throws(DataError) {
    guard let standard, standard.columns.count != width else { return }
    throw DataError("the standard has \(standard.columns.count) features, the model takes \(width)")
  }
}

/// A router that a trainer made: it can be stored, and read back to the same bits.
///
/// It doesn't know how it was trained; `TrainedModel` keeps that beside it.
public protocol StorableRouter: Router {
  /// The word for it in model folders.
  static var kind: String { get }

  /// Its name, encoder and LLMs.
  var identity: RouterIdentity { get set }

  /// Everything else that it is made of.
  var contents: TensorBundle { get }

  /// The number of factors; nil for a router without any.
  var factorCount: Int? { get }

  /// The number of features that it takes, d; nil for a router that doesn't look at them.
  var featureCount: Int? { get }
}

extension StorableRouter {
  /// The name of its identity.
  public var name: String { identity.name }

  /// The encoder of its identity.
  public var encoder: String? { identity.encoder }

  /// The policy of its identity.
  public var policy: (any Policy)? { identity.policy }

  /// None.
  public var factorCount: Int? { nil }

  /// None.
  public var featureCount: Int? { nil }

  /// The length of the embeddings that it takes; nil for one that doesn't look at them.
  public var embeddingLength: Int? { identity.standard?.dimensions ?? featureCount }
}

extension TrainingData {
  /// The identity of a router that an algorithm makes of the features of these data.
  package func identity(_ algorithm: String) -> RouterIdentity {
    identity(algorithm, standard: hasEmbeddings ? features.standard : nil)
  }

  /// The identity of a router that an algorithm makes of features by another standard; nil for raw embeddings.
  package func identity(_ algorithm: String, standard: FeatureStandard?) -> RouterIdentity {
    RouterIdentity(name: algorithm, encoder: encoder, llms: llms.map { llmNames[$0] }, standard: standard)
  }
}
