import Learning
import Metrics
import NumericKernels
import Routing
import RoutingData

/// A router whose score for an LLM is its mean response on the query's cluster of train queries.
package struct ClusterRouter: StorableRouter {
  /// The word for it in model folders.
  package static let kind = "clusters"

  /// Its name, encoder and LLMs.
  package var identity: RouterIdentity
  private let columns: CandidateColumns
  private let clustering: any QueryClustering
  /// The mean response of each LLM in each cluster, K × m in [0, 1].
  private let means: Matrix
  /// The mean response of each LLM to all train queries; −1 for one without any.
  private let trainMeans: [Double]

  /// A router from the responses to the train queries, n × m, their weights where they have some, and the queries'
  /// memberships, n × K.
  init(
    _ identity: RouterIdentity, responses: Matrix, weights: Matrix?, clustering: any QueryClustering,
    memberships: Matrix
  ) {
    let all = ObservedMeans(responses, weights: weights).values
    let groups = Parallel.map(memberships.columns) {
      ObservedMeans(responses, weights: weights, memberships: memberships, group: $0).values
    }
    self.init(
      identity, clustering: clustering,
      means: Matrix(groups.map { group in zip(group, all).map { Float(min($0 ?? $1 ?? 0.5, 1)) } }),
      trainMeans: all.map { $0 ?? -1 })
  }

  private init(
    _ identity: RouterIdentity, clustering: any QueryClustering, means: Matrix, trainMeans: [Double]
  ) {
    self.identity = identity
    columns = CandidateColumns(identity.llms)
    self.clustering = clustering
    self.means = means
    self.trainMeans = trainMeans
  }

  /// The number of features that it takes.
  package var featureCount: Int? { clustering.dimensions }

  /// Each LLM's mean response in the query's cluster, n × m in [0, 1], which is what it predicts too.
  ///
  /// Missing responses are left out; an LLM without a response in a cluster has its mean on all train
  /// queries there, and without any 0.5.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let columns = try columns.places(of: candidates, router: name)
    let features = try identity.features(of: batch, width: clustering.dimensions)
    let memberships = clustering.memberships(of: features.embeddings)
    var scores = Matrix(rows: batch.count, columns: candidates.count)
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
    return Scores(scores, probabilities: scores)
  }

  /// The kinds of clusters that a folder may hold.
  private static let clusterings: [any QueryClustering.Type] = [KMeans.self, MixtureAverage.self]

  /// The clusters, the means (K × m) and the means on all train queries.
  package var contents: TensorBundle {
    var bundle = TensorBundle(
      matrices: ["means": means], numbers: ["train_means": trainMeans],
      texts: ["clusters": [type(of: clustering).kind]])
    bundle.put(clustering.contents, under: "clusters")
    return bundle
  }

  /// A router from what was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package init(_ identity: RouterIdentity, contents: TensorBundle) throws(DataError) {
    let kind = try contents.text("clusters")
    guard let type = Self.clusterings.first(where: { $0.kind == kind }) else {
      throw DataError("clusters of unknown kind '\(kind)'")
    }
    let clustering = try type.init(contents: contents.part("clusters"))
    try identity.requireFeatures(clustering.dimensions)
    let means = try contents.matrix("means", rows: clustering.count, columns: identity.llms.count)
    guard means.firstOutside(0...1) == nil else { throw DataError("array 'means' leaves [0, 1]") }
    self.init(
      identity, clustering: clustering, means: means,
      trainMeans: try contents.numbers("train_means", count: identity.llms.count))
  }
}

extension ClusterRouter: PublishesSelectionProbabilities {
  /// The shares of the clusters that have an LLM as their best, added up, n × m.
  ///
  /// For k-means a cluster's share is its inverse distance, normalised, as RouterEval has it; for the
  /// mixture its probability. Of equally good LLMs the one with the better mean on all train queries
  /// is a cluster's best, and then the first.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix {
    let columns = try columns.places(of: candidates, router: name)
    let features = try identity.features(of: batch, width: clustering.dimensions)
    let shares = clustering.selectionShares(of: features.embeddings)
    let best = (0..<means.rows).map { cluster in
      columns.indices.reduce(0) { winner, place in
        let challenger = (means[cluster, columns[place]], trainMeans[columns[place]])
        return challenger > (means[cluster, columns[winner]], trainMeans[columns[winner]]) ? place : winner
      }
    }
    var probabilities = Matrix(rows: shares.rows, columns: candidates.count)
    for row in 0..<shares.rows {
      for (cluster, place) in best.enumerated() { probabilities[row, place] += shares[row, cluster] }
    }
    return probabilities
  }
}
