import Learning
import NumericKernels

/// Features of a log's queries, standardized by their own moments.
struct StandardFeatures {
  /// The features, n × p.
  let values: Matrix

  /// Standardizes embeddings, n × d.
  init(_ embeddings: Matrix) { values = TrainFeatures([embeddings]).blocks[0] }
}
