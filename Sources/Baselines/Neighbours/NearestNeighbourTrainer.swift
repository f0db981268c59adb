import Learning
import NumericKernels
import Routing
import RoutingData

/// Trains routers that trust the LLMs that did well on similar queries (RouterEval's PRkNN).
///
/// Source: RouterEval (arXiv 2503.10657), §5; k = 5 there. Where train queries share an embedding and only some of
/// them are among the k nearest, RouterEval's choice depends on the processor that numpy runs on; here the
/// smaller row is taken.
package struct NearestNeighbourTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "knn"

  /// One sentence for help texts.
  package static let summary = "the mean labels of the nearest train queries by cosine similarity"

  /// The candidates of one pool.
  package static let scope = TrainingScope.pool

  /// `knn:K`.
  package static let shorthand: String? = "neighbours"

  /// The number of neighbours, k; all train queries where there are fewer.
  package var neighbours = 5
  /// Unused: nothing is random.
  package var seed: UInt64 = 0
  /// What was learned of the train queries beforehand.
  private var prepared: Prepared?

  private struct Prepared: Sendable {
    let rows: [Int]?
    let search: NeighbourSearch
  }

  /// A trainer with the default settings.
  package init() {}

  /// A trainer for a number of neighbours, at least one.
  package init(neighbours: Int) {
    precondition(neighbours > 0, "\(neighbours) neighbours")
    self.neighbours = neighbours
  }

  /// Every hyper-parameter.
  package static let settings: [Setting<NearestNeighbourTrainer>] = [
    .integer(
      "neighbours", \.neighbours, placeholder: "K", in: 1...100_000, help: "train queries that are asked",
      search: .words(["5", "10", "20", "40", "80", "160"]))
  ]

  /// One.
  package var maximumEpochs: Int { 1 }

  /// This trainer with the embeddings of the train queries normalized.
  ///
  /// - Throws: `DataError` for no train queries or an embedding that is not finite.
  package func prepared(for queries: TrainQueries) throws -> NearestNeighbourTrainer {
    try queries.batch.requireTrainable(by: Self.algorithm)
    var result = self
    let inputs = Self.inputs([queries.batch.embeddings], queries.features)
    result.prepared = Prepared(
      rows: queries.batch.rows, search: NeighbourSearch(train: inputs[0], count: neighbours))
    return result
  }

  /// Raw embeddings, but for columns that are the same for all: an angle has no unit, but it counts from 0.
  private static func inputs(_ embeddings: [Matrix], _ features: TrainFeatures) -> [Matrix] {
    guard let standard = features.standardOfRaw else { return embeddings }
    return embeddings.map { standard.features(of: $0) }
  }

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for an embedding that is not finite.
  package func start(on data: TrainingData) throws -> SinglePassFit<NearestNeighbourRouter> {
    for block in data.blocks { try block.train.queries.requireTrainable(by: Self.algorithm) }
    let identity = data.identity(Self.algorithm, standard: data.features.standardOfRaw)
    return SinglePassFit { [prepared, neighbours] in
      let queries = LabelledQueries(
        data, inputs: Self.inputs(data.blocks.map(\.train.embeddings), data.features))
      if let prepared {
        precondition(
          data.blocks.count == 1 && data.blocks[0].train.queries.rows == prepared.rows, "other train queries")
      }
      return .init(
        NearestNeighbourRouter(
          identity, labels: queries.labels, weights: queries.weights,
          search: prepared?.search ?? NeighbourSearch(train: queries.inputs, count: neighbours)),
        objective: 0)
    } read: { contents throws(DataError) in
      try NearestNeighbourRouter(identity, contents: contents)
    }
  }
}
