import NumericKernels
import RoutingData

/// Trains routers that trust the LLMs that did well on similar queries (RouterEval's PRkNN).
///
/// An LLM's score is the mean of its labels, the selection vectors, over the train queries nearest to
/// the query by cosine similarity. Source: RouterEval (arXiv 2503.10657), §5; k = 5 there. Where train
/// queries share an embedding and only some of them are among the k nearest, RouterEval's choice
/// depends on the processor that numpy runs on; here the smaller row is taken.
public struct NearestNeighbourRouterTrainer: RouterTrainer {
  /// `knn`, or the name given.
  public let name: String
  /// The number of neighbours, k; all train queries where there are fewer.
  public let count: Int

  /// A trainer for at least one neighbour.
  public init(name: String = "knn", count: Int = 5) {
    precondition(count > 0, "\(count) neighbours")
    self.name = name
    self.count = count
  }

  /// Normalises the embeddings of the train queries.
  ///
  /// - Throws: `DataError` for no train queries or an embedding that is not finite.
  public func prepare(_ train: QueryBatch) throws -> PoolTrainer {
    try train.requireTrainable(router: name)
    let search = NeighbourSearch(train: train.embeddings, count: count)
    return { [name] set in
      precondition(set.train.queries == train.queries, "a training set of other queries")
      return NearestNeighbourRouter(name: name, set: set, search: search)
    }
  }
}

/// The mean labels of the nearest train queries, on one pool.
struct NearestNeighbourRouter: Router {
  let name: String
  private let columns: PoolColumns
  private let labels: Matrix
  private let fallback: [Float]
  private let search: NeighbourSearch

  init(name: String, set: PoolTrainingSet, search: NeighbourSearch) {
    self.name = name
    columns = PoolColumns(set.llms)
    labels = set.labels
    fallback = ObservedMeans(set.labels).values.map { Float($0 ?? 0.5) }
    self.search = search
  }

  /// The share of each query's neighbours that each LLM answered well, n × m in [0, 1].
  ///
  /// Missing labels are left out; an LLM without a label among the neighbours has its mean label on
  /// all train queries, and without any 0.5.
  func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    let columns = try columns.places(of: llms, router: name)
    try batch.requireEmbeddings(dimensions: search.dimensions, router: name)
    let neighbours = search.neighbours(of: batch)
    var scores = Matrix(rows: batch.queries.count, columns: llms.count)
    Parallel.fillRows(of: &scores, blockRows: 64) { range, values in
      for (offset, query) in range.enumerated() {
        for (place, column) in columns.enumerated() {
          var sum: Float = 0
          var observed: Float = 0
          for neighbour in neighbours[query] {
            let label = labels[neighbour, column]
            if label.isNaN { continue }
            sum += label
            observed += 1
          }
          values[offset * columns.count + place] = observed > 0 ? sum / observed : fallback[column]
        }
      }
    }
    return scores
  }

  /// The scores.
  func predictedResponses(ofScores scores: Matrix) -> Matrix? { scores }
}
