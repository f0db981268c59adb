import NumericKernels
import Routing
import RoutingData

/// Turns queries into the vectors that a model multiplies with its LLM factors; saved with the model.
public protocol QueryEncoder: Sendable {
  /// The word for it in model folders.
  static var kind: String { get }

  /// The length of a query's vector: the number of factors k, or k + 1 where the last entry is the query's bias.
  var width: Int { get }

  /// The number of features that it takes, d.
  var dimensions: Int { get }

  /// The vectors of some queries, n × width; their embeddings must be the features of the model's standard, n × d.
  func vectors(of batch: QueryBatch) -> Matrix

  /// The covariance of what the encoder can't know of a vector, width × width; nil where none is allowed for.
  var residualCovariance: Matrix? { get }

  /// Everything that `init(tensors:)` needs.
  var tensors: TensorBundle { get }

  /// An encoder from what was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  init(tensors: TensorBundle) throws(DataError)
}

extension QueryEncoder {
  /// None.
  public var residualCovariance: Matrix? { nil }
}
