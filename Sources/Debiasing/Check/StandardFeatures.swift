import Learning
import NumericKernels

/// Features of a log's queries, standardized by their own moments.
struct StandardFeatures {
  /// The features, n × p.
  let values: Matrix

  /// Standardizes embeddings, n × d.
  init(_ embeddings: Matrix) { values = TrainFeatures([embeddings]).blocks[0] }

  private static let mostSampled = 500

  /// The leading principal components of the features, n × count or fewer; axes are those of at most 500 rows, evenly
  /// spread.
  ///
  /// - Throws: `NumericalError` for features that are not finite.
  func leadingComponents(_ count: Int) throws(NumericalError) -> Matrix {
    let step = max(1, (values.rows + Self.mostSampled - 1) / Self.mostSampled)
    let sample = values.selecting(rows: Array(stride(from: 0, to: values.rows, by: step)))
    let kept = min(count, sample.rows, sample.columns)
    let eigen = try SymmetricEigen(BLAS.multiply(sample, .asStored, sample, .transposed))
    // Eigenvectors come as rows, with ascending values.
    let leading = eigen.vectors.selecting(rows: (0..<kept).map { sample.rows - 1 - $0 })
    return BLAS.multiply(values, .asStored, BLAS.multiply(leading, sample), .transposed)
  }
}
