import NumericKernels

/// Singular triplets of what biases leave unexplained of the responses, and those biases.
struct ResidualSpectrum {
  let biases: BiasedFactors
  let decomposition: RandomizedSVD

  /// Biases and factors V = L·√S and U = R·√S, each singular value less `shrinkage`.
  ///
  /// Values below that keep a hundredth, because a factor that starts at zero on both sides stays there.
  func factors(_ count: Int, shrinkage: Float) -> BiasedFactors {
    var result = BiasedFactors(
      factors: count, queryCounts: decomposition.left.map(\.rows), llmCount: decomposition.right.rows)
    let scales = decomposition.values.map { max($0 - shrinkage, $0 / 100).squareRoot() }
    func place(_ vectors: Matrix, _ biases: Matrix, free: Int, into matrix: inout Matrix) {
      for row in 0..<matrix.rows {
        for column in 0..<min(count, scales.count) {
          matrix[row, column] = vectors[row, column] * scales[column]
        }
        matrix[row, count + free] = biases[row, free]
      }
    }
    for block in result.queries.indices {
      place(decomposition.left[block], biases.queries[block], free: 0, into: &result.queries[block])
    }
    place(decomposition.right, biases.llms, free: 1, into: &result.llms)
    return result
  }
}
