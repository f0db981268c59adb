import Learning
import NumericKernels
import Routing
import RoutingData

/// A router whose score for an LLM is the mean of its labels over the train queries nearest to the query.
package struct NearestNeighbourRouter: StorableRouter {
  /// The word for it in model folders.
  package static let kind = "nearest-neighbours"

  /// Its name, encoder and LLMs.
  package var identity: RouterIdentity
  private let columns: CandidateColumns
  private let labels: Matrix
  /// How much each label counts, n × m; nil where all count 1.
  private let weights: Matrix?
  private let fallback: [Float]
  private let search: NeighbourSearch

  /// A router from the labels of the train queries, n × m, their weights where they have some, and the search.
  init(_ identity: RouterIdentity, labels: Matrix, weights: Matrix?, search: NeighbourSearch) {
    self.identity = identity
    columns = CandidateColumns(identity.llms)
    self.labels = labels
    self.weights = weights
    fallback = ObservedMeans(labels, weights: weights).values.map { Float($0 ?? 0.5) }
    self.search = search
  }

  /// The number of features that it takes.
  package var featureCount: Int? { search.dimensions }

  /// The share of each query's neighbours that each LLM answered well, n × m in [0, 1], which is what it predicts too.
  ///
  /// Missing labels are left out; an LLM without a label among the neighbours has its mean label on
  /// all train queries, and without any 0.5.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let columns = try columns.places(of: candidates, router: name)
    let neighbours = search.neighbours(of: try identity.features(of: batch, width: search.dimensions))
    var scores = Matrix(rows: batch.count, columns: candidates.count)
    Parallel.fillRows(of: &scores, blockRows: 64) { range, values in
      for (offset, query) in range.enumerated() {
        for (place, column) in columns.enumerated() {
          var sum: Float = 0
          var observed: Float = 0
          for neighbour in neighbours[query] {
            let label = labels[neighbour, column]
            if label.isNaN { continue }
            let weight = weights.map { $0[neighbour, column] } ?? 1
            sum += weight * label
            observed += weight
          }
          values[offset * columns.count + place] = observed > 0 ? sum / observed : fallback[column]
        }
      }
    }
    return Scores(scores, probabilities: scores)
  }

  /// The normalized embeddings of the train queries (n × d), their labels (n × m; −1 where one is missing), the
  /// labels' weights where they have some, and k.
  package var contents: TensorBundle {
    var bundle = TensorBundle(
      matrices: ["train_queries": search.train, "labels": labels.mapped { $0.isNaN ? Self.missing : $0 }],
      numbers: ["neighbours": [Double(search.count)]])
    if let weights { bundle.matrices["weights"] = weights }
    return bundle
  }

  private static let missing: Float = -1

  /// A router from what was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package init(_ identity: RouterIdentity, contents: TensorBundle) throws(DataError) {
    let train = try contents.matrix("train_queries")
    let labels = try contents.matrix("labels", rows: train.rows, columns: identity.llms.count)
    let count = try contents.count("neighbours")
    guard train.rows > 0, count > 0, labels.firstOutside(-1...1) == nil else {
      throw DataError("arrays 'train_queries' and 'labels' or the number of neighbours are not possible")
    }
    var weights: Matrix?
    if contents.matrices["weights"] != nil {
      let found = try contents.matrix("weights", rows: train.rows, columns: identity.llms.count)
      guard found.firstOutside(0...Float.greatestFiniteMagnitude) == nil else {
        throw DataError("array 'weights' holds a weight that is no number from 0 on")
      }
      weights = found
    }
    try identity.requireFeatures(train.columns)
    self.init(
      identity, labels: labels.mapped { $0 == Self.missing ? .nan : $0 }, weights: weights,
      search: NeighbourSearch(normalized: train, count: count))
  }
}
