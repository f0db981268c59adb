import NumericKernels
import Routing

/// The standard of the train queries of all blocks together, and their features by it.
public struct TrainFeatures: Sendable {
  /// How embeddings become features.
  public let standard: FeatureStandard
  /// The features of each block's train queries, n × p.
  package let blocks: [Matrix]
  /// The columns of the embeddings that are the same for every train query.
  package let constants: [Int]

  /// Standardizes train embeddings, n × d, one matrix for each block; some passes over them.
  ///
  /// `widths` are the columns of each encoder of several that stand side by side; nil for one.
  package init(_ embeddings: [Matrix], widths: [Int]? = nil) {
    let moments = FeatureMoments(embeddings, widths: widths)
    standard = moments.standard
    constants = moments.constants
    blocks = embeddings.map { moments.standard.features(of: $0) }
  }

  /// Embeddings as they are, without constant columns; nil where there is no such column.
  package var standardOfRaw: FeatureStandard? {
    constants.isEmpty || constants.count == standard.dimensions
      ? nil : .raw(dimensions: standard.dimensions, without: constants)
  }
}

/// The train queries of a benchmark with their features, gathered once for all of its pools.
public struct TrainQueries: Sendable {
  /// The queries.
  public let batch: QueryBatch
  /// Their features.
  public let features: TrainFeatures

  /// Standardizes the embeddings of train queries.
  public init(_ batch: QueryBatch) {
    self.batch = batch
    features = TrainFeatures([batch.embeddings], widths: batch.widths)
  }
}
