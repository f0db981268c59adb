import NumericKernels

/// The train queries nearest to a query by cosine similarity.
package struct NearestNeighbours: Sendable {
  /// The normalized embeddings of the train queries, N × d.
  let train: Matrix

  /// Normalises the embeddings of the train queries, N × d, once; they must be finite.
  package init(train: Matrix) { self.train = Self.normalized(train) }

  /// Takes embeddings that are normalized already.
  init(normalized train: Matrix) { self.train = train }

  /// The number of dimensions of an embedding, d.
  var dimensions: Int { train.columns }

  /// For each query (n × d, finite) the rows of its `count` nearest train queries, nearest first.
  ///
  /// Equal similarities go to the smaller row; a zero embedding has similarity 0 to all; a `count`
  /// above N gives all train queries. The same on every processor. Cost: 2·n·N·d operations in SGEMM.
  package func nearest(to queries: Matrix, count: Int) -> [[Int]] {
    LargestProducts.rows(of: Self.normalized(queries), in: train, count: count)
  }

  /// The rows at length 1; a zero row stays zero.
  private static func normalized(_ matrix: Matrix) -> Matrix {
    var result = matrix
    let width = matrix.columns
    Parallel.fillRows(of: &result, blockRows: 256) { range, values in
      for start in stride(from: 0, to: range.count * width, by: max(width, 1)) {
        var square = 0.0
        for index in start..<start + width { square += Double(values[index]) * Double(values[index]) }
        guard square > 0 else { continue }
        let factor = 1 / square.squareRoot()
        for index in start..<start + width { values[index] = Float(Double(values[index]) * factor) }
      }
    }
    return result
  }
}
