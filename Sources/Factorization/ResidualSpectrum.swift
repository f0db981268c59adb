import NumericKernels

/// Singular triplets of what biases leave unexplained of the responses, and those biases.
package struct ResidualSpectrum {
  let biases: BiasedFactors
  /// What the weights were divided by, 1 without weights.
  let largestWeight: Float
  let decomposition: RandomizedSVD

  /// Biases and factors V = L·√S and U = R·√S, each singular value less `shrinkage` over the largest weight.
  ///
  /// Values below that keep a hundredth, because a factor that starts at zero on both sides stays there.
  package func factors(_ count: Int, shrinkage: Float) -> BiasedFactors {
    var result = BiasedFactors(
      factors: count, queryCounts: decomposition.left.map(\.rows), llmCount: decomposition.right.rows)
    let scales = decomposition.values.map { max($0 - shrinkage / largestWeight, $0 / 100).squareRoot() }
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
