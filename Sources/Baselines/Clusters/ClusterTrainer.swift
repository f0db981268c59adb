import Learning
import NumericKernels
import Routing
import RoutingData

/// What clusters of train queries are.
package protocol ClusterModel: Sendable {
  /// The name of the algorithm.
  static var algorithm: String { get }
  /// One sentence for help texts.
  static var summary: String { get }
  /// The clustering of the features of train queries, from what some starts of k-means ended in, at least one.
  static func clustering(of data: ClusteredFeatures, starts: [KMeans]) -> any QueryClustering
}

/// The nearest of K centroids (RouterEval's C-RoBERTa).
package enum CentroidClusters: ClusterModel {
  /// `cluster`.
  package static let algorithm = "cluster"
  /// One sentence for help texts.
  package static let summary = "the mean responses on the query's cluster, by k-means"
  /// The centroids of the best start.
  package static func clustering(of data: ClusteredFeatures, starts: [KMeans]) -> any QueryClustering {
    KMeans.best(of: starts)
  }
}

/// Mixtures of K Gaussians with diagonal covariances, one from each start.
package enum MixtureClusters: ClusterModel {
  /// `gmm`.
  package static let algorithm = "gmm"
  /// One sentence for help texts.
  package static let summary = "the mean responses on the query's clusters, by a mixture of Gaussians"
  /// The mixtures that EM makes of the centroids.
  package static func clustering(of data: ClusteredFeatures, starts: [KMeans]) -> any QueryClustering {
    MixtureAverage(data, starts: starts)
  }
}

/// Trains routers that know which LLM is best on each cluster of queries (RouterEval's C-RoBERTa).
///
/// An LLM's score is its mean response to the train queries of the query's cluster; in mixtures, each component
/// counts with its probability. Source: RouterEval (arXiv 2503.10657), §5; k-means with K = 3 there.
package struct ClusterTrainer<Clusters: ClusterModel>: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static var algorithm: String { Clusters.algorithm }

  /// One sentence for help texts.
  package static var summary: String { Clusters.summary }

  /// The candidates of one pool.
  package static var scope: TrainingScope { .pool }

  /// `cluster:K`.
  package static var shorthand: String? { "clusters" }

  /// The number of clusters, K; fewer where there are fewer distinct train queries.
  package var clusters = 3
  /// How often k-means starts; the best start is kept, or a mixture of each.
  package var starts = 10
  /// The seed of the starts.
  package var seed: UInt64 = 0
  /// What was learned of the train queries beforehand.
  private var prepared: Prepared?

  /// Clusters of train queries, and how much each query belongs to each, n × K.
  private struct Prepared: Sendable {
    let rows: [Int]?
    let clustering: any QueryClustering
    let memberships: Matrix
  }

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static var settings: [Setting<ClusterTrainer>] {
    [
      .integer(
        "clusters", \.clusters, placeholder: "K", in: 1...100_000, help: "clusters of train queries",
        search: .words(["2", "3", "5", "8", "12", "20"])),
      .integer(
        "starts", \.starts, in: 1...1_000,
        help: "starts of k-means: cluster keeps the best, gmm averages a mixture from each"),
    ]
  }

  /// One.
  package var maximumEpochs: Int { 1 }

  /// This trainer with the train queries clustered.
  ///
  /// - Throws: `DataError` for no train queries or an embedding that is not finite.
  package func prepared(for queries: TrainQueries) throws -> ClusterTrainer {
    try queries.batch.requireTrainable(by: Self.algorithm)
    var result = self
    result.prepared = clustered(queries.features.blocks[0], rows: queries.batch.rows)
    return result
  }

  private func clustered(_ features: Matrix, rows: [Int]?) -> Prepared {
    let data = ClusteredFeatures(features)
    let clustering = Clusters.clustering(
      of: data, starts: KMeans.all(data, count: clusters, starts: starts, seed: seed))
    return Prepared(
      rows: rows, clustering: clustering, memberships: clustering.memberships(of: features))
  }

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for an embedding that is not finite.
  package func start(on data: TrainingData) throws -> SinglePassFit<ClusterRouter> {
    for block in data.blocks { try block.train.queries.requireTrainable(by: Self.algorithm) }
    let identity = data.identity(Self.algorithm)
    return SinglePassFit {
      let queries = LabelledQueries(data, inputs: data.features.blocks)
      if let prepared {
        precondition(
          data.blocks.count == 1 && data.blocks[0].train.queries.rows == prepared.rows, "other train queries")
      }
      let known = prepared ?? clustered(queries.inputs, rows: nil)
      return .init(
        ClusterRouter(
          identity, responses: queries.responses, weights: queries.weights, clustering: known.clustering,
          memberships: known.memberships),
        objective: known.clustering.objective(queries: queries.inputs.rows))
    } read: { contents throws(DataError) in
      try ClusterRouter(identity, contents: contents)
    }
  }
}
