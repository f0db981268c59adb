import Routing
import RoutingData

/// What every trained router says of itself.
public struct RouterIdentity: Equatable, Sendable {
  /// The name that tables show: the algorithm's, unless somebody gives it another.
  public var name: String
  /// The encoder of the embeddings that it was trained on; nil where it looks at none.
  public let encoder: String?
  /// The LLMs that it knows, in its own order.
  public let llms: [String]

  /// An identity from its parts.
  public init(name: String, encoder: String?, llms: [String]) {
    self.name = name
    self.encoder = encoder
    self.llms = llms
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
}

extension StorableRouter {
  /// The name of its identity.
  public var name: String { identity.name }

  /// The encoder of its identity.
  public var encoder: String? { identity.encoder }

  /// None.
  public var factorCount: Int? { nil }
}

extension TrainingData {
  /// The identity of a router that an algorithm makes of these data.
  package func identity(_ algorithm: String) -> RouterIdentity {
    RouterIdentity(name: algorithm, encoder: encoder, llms: llms.map { llmNames[$0] })
  }
}
