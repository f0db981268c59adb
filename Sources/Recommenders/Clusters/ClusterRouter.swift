import NumericKernels
import RoutingData

/// Trains routers that know which LLM is best on each cluster of queries (RouterEval's C-RoBERTa).
///
/// The clusters are learnt once for a benchmark. On a pool, an LLM's score is its mean response to the
/// train queries of the query's cluster; in the mixture, each component counts with its probability.
/// Source: RouterEval (arXiv 2503.10657), §5; k-means with K = 3 there.
public struct ClusterRouterTrainer: RouterTrainer {
  /// What the clusters are.
  public enum Model: Sendable {
    /// The nearest of K centroids.
    case kMeans
    /// A mixture of K Gaussians with diagonal covariances.
    case gaussianMixture
  }

  /// `cluster` or `gmm`, or the name given.
  public let name: String
  /// What the clusters are.
  public let model: Model
  /// The number of clusters, K; fewer where there are fewer distinct train queries.
  public let count: Int
  /// How often k-means starts; the best start is kept.
  public let starts: Int
  /// The seed of the starts.
  public let seed: UInt64

  /// A trainer for at least one cluster and one start.
  public init(
    _ model: Model = .kMeans, name: String? = nil, count: Int = 3, starts: Int = 10, seed: UInt64 = 0
  ) {
    precondition(count > 0 && starts > 0, "\(count) clusters, \(starts) starts")
    self.name = name ?? (model == .kMeans ? "cluster" : "gmm")
    self.model = model
    self.count = count
    self.starts = starts
    self.seed = seed
  }

  /// Clusters the train queries.
  ///
  /// - Throws: `DataError` for no train queries or an embedding that is not finite.
  public func prepare(_ train: QueryBatch) throws -> PoolTrainer {
    try train.requireTrainable(router: name)
    let data = StandardizedEmbeddings(train.embeddings)
    let clusters = KMeans(data, count: count, starts: starts, seed: seed)
    let clustering: any QueryClustering
    switch model {
    case .kMeans: clustering = clusters
    case .gaussianMixture: clustering = GaussianMixture(data, start: clusters)
    }
    let memberships = clustering.memberships(of: train.embeddings)
    return { [name] set in
      precondition(set.train.queries == train.queries, "a training set of other queries")
      return ClusterRouter(name: name, set: set, clustering: clustering, memberships: memberships)
    }
  }
}

/// The mean responses of each cluster's queries, on one pool.
struct ClusterRouter: Router {
  let name: String
  private let columns: PoolColumns
  private let clustering: any QueryClustering
  /// The mean response of each LLM in each cluster, K × m in [0, 1].
  private let means: Matrix
  /// The mean response of each LLM to all train queries; −1 for one without any.
  private let trainMeans: [Double]

  /// A router from the training set of a pool and the memberships of its queries, n × K.
  init(name: String, set: PoolTrainingSet, clustering: any QueryClustering, memberships: Matrix) {
    self.name = name
    self.clustering = clustering
    columns = PoolColumns(set.llms)
    let all = ObservedMeans(set.responses).values
    trainMeans = all.map { $0 ?? -1 }
    let groups = Parallel.map(memberships.columns) {
      ObservedMeans(set.responses, memberships: memberships, group: $0).values
    }
    means = Matrix(groups.map { group in zip(group, all).map { Float(min($0 ?? $1 ?? 0.5, 1)) } })
  }

  /// Each LLM's mean response in the query's cluster, n × m in [0, 1].
  ///
  /// Missing responses are left out; an LLM without a response in a cluster has its mean on all train
  /// queries there, and without any 0.5.
  func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    let columns = try columns.places(of: llms, router: name)
    try batch.requireEmbeddings(dimensions: clustering.dimensions, router: name)
    let memberships = clustering.memberships(of: batch.embeddings)
    var scores = Matrix(rows: batch.queries.count, columns: llms.count)
    Parallel.fillRows(of: &scores, blockRows: 64) { range, values in
      for (offset, query) in range.enumerated() {
        for (place, column) in columns.enumerated() {
          var score = 0.0
          for cluster in 0..<means.rows {
            score += Double(memberships[query, cluster]) * Double(means[cluster, column])
          }
          values[offset * columns.count + place] = min(Float(score), 1)
        }
      }
    }
    return scores
  }

  /// The shares of the clusters that have an LLM as their best, added up, n × m.
  ///
  /// For k-means a cluster's share is its inverse distance, normalised, as RouterEval has it; for the
  /// mixture its probability. Of equally good LLMs the one with the better mean on all train queries
  /// is a cluster's best, and then the first.
  func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) throws -> Matrix {
    let columns = try columns.places(of: llms, router: name)
    let shares = clustering.selectionShares(of: batch.embeddings)
    let best = (0..<means.rows).map { cluster in
      columns.indices.reduce(0) { winner, place in
        let challenger = (means[cluster, columns[place]], trainMeans[columns[place]])
        return challenger > (means[cluster, columns[winner]], trainMeans[columns[winner]]) ? place : winner
      }
    }
    var probabilities = Matrix(rows: shares.rows, columns: llms.count)
    for row in 0..<shares.rows {
      for (cluster, place) in best.enumerated() { probabilities[row, place] += shares[row, cluster] }
    }
    return probabilities
  }

  /// The scores.
  func predictedResponses(ofScores scores: Matrix) -> Matrix? { scores }
}
