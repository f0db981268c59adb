import Baselines
import Learning
import Regression
import RoutingData
import TwoTower

/// A kind of router that a model folder may hold.
package struct StoredRouterKind: Sendable {
  /// The word for it in model folders.
  let kind: String
  /// Makes a router of what was saved; throws for parts that are missing or do not fit.
  let read: @Sendable (RouterIdentity, TensorBundle) throws(DataError) -> any StorableRouter

  /// A kind and how it is read.
  package init(
    _ kind: String,
    read: @escaping @Sendable (RouterIdentity, TensorBundle) throws(DataError) -> any StorableRouter
  ) {
    self.kind = kind
    self.read = read
  }
}

/// The routers that a model folder may hold, and what query encoders those of factors may have.
///
/// Reading a folder needs no trainer. A new kind is a line here.
package enum StoredRouterCatalog {
  private static let queryEncoders: [any QueryEncoder.Type] = [
    NoQueryEncoder.self,
    EmbeddingMap.self, QueryTower.self, KernelMap.self,
  ]

  /// All kinds.
  package static let all: [StoredRouterKind] = [
    StoredRouterKind(FactorModel.kind) { (identity, contents) throws(DataError) in
      try FactorModel(identity, contents: contents, queryEncoders: queryEncoders)
    },
    StoredRouterKind(NearestNeighbourRouter.kind) { (identity, contents) throws(DataError) in
      try NearestNeighbourRouter(identity, contents: contents)
    },
    StoredRouterKind(ClusterRouter.kind) { (identity, contents) throws(DataError) in
      try ClusterRouter(identity, contents: contents)
    },
    StoredRouterKind(NetworkRouter.kind) { (identity, contents) throws(DataError) in
      try NetworkRouter(identity, contents: contents)
    },
  ]
}
