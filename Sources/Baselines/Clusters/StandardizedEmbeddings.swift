import Learning
import NumericKernels
import RoutingData

/// How embeddings are moved and scaled before clustering, so that sums of squares keep their digits.
///
/// One shift and one scale for all dimensions leave distances in proportion.
package struct EmbeddingStandard: Equatable, Sendable {
  /// The mean embedding.
  package let centre: [Double]
  /// The root mean square of what is left; 1 where nothing is.
  package let scale: Double

  package init(_ embeddings: Matrix) {
    let count = Double(max(embeddings.rows, 1))
    var sums = [Double](repeating: 0, count: embeddings.columns)
    for row in 0..<embeddings.rows {
      for (column, value) in embeddings.row(row).enumerated() { sums[column] += Double(value) }
    }
    let centre = sums.map { $0 / count }
    var squares = 0.0
    for row in 0..<embeddings.rows {
      for (column, value) in embeddings.row(row).enumerated() {
        let difference = Double(value) - centre[column]
        squares += difference * difference
      }
    }
    self.centre = centre
    let spread = (squares / (count * Double(max(embeddings.columns, 1)))).squareRoot()
    scale = spread > 0 ? spread : 1
  }

  /// A standard that was saved.
  package init(contents: TensorBundle) throws(DataError) {
    centre = contents.numbers["centre"] ?? []
    scale = try contents.number("scale")
    guard !centre.isEmpty, scale > 0 else { throw DataError("numbers 'centre' or 'scale' are not possible") }
  }

  /// The centre and the scale.
  package var contents: TensorBundle { TensorBundle(numbers: ["centre": centre, "scale": [scale]]) }

  /// One number of an embedding, moved and scaled.
  @inline(__always)
  package func apply(_ value: Float, dimension: Int) -> Double { (Double(value) - centre[dimension]) / scale }
}

/// The embeddings of the train queries, standardised, in blocks of 256 rows that fit a cache.
///
/// A product of such a block stays on one thread, so the blocks can run in parallel.
package struct StandardizedEmbeddings: Sendable {
  package let standard: EmbeddingStandard
  /// 256 × d each, the last may be shorter.
  package let blocks: [Matrix]
  /// The squared length of each row, n numbers.
  package let squaredNorms: [Float]

  package init(_ embeddings: Matrix) {
    let standard = EmbeddingStandard(embeddings)
    self.standard = standard
    let ranges = Parallel.blocks(of: embeddings.rows, size: Self.blockRows)
    blocks = Parallel.map(ranges.count) { index in
      var block = embeddings.selecting(rows: Array(ranges[index]))
      for place in block.storage.indices {
        block.storage[place] = Float(
          standard.apply(block.storage[place], dimension: place % embeddings.columns))
      }
      return block
    }
    squaredNorms = blocks.flatMap { block in (0..<block.rows).map { BLAS.dot(block.row($0), block.row($0)) } }
  }

  package static let blockRows = 256

  /// The number of rows, n.
  package var count: Int { squaredNorms.count }
  /// The length of a row, d.
  package var dimensions: Int { standard.centre.count }

  /// One row.
  package func row(_ index: Int) -> ArraySlice<Float> {
    blocks[index / Self.blockRows].row(index % Self.blockRows)
  }

  /// The squared distances of all rows to some points, n × points, at least 0 (SGEMM).
  package func squaredDistances(to points: Matrix) -> Matrix {
    let norms = (0..<points.rows).map { BLAS.dot(points.row($0), points.row($0)) }
    let parts = Parallel.map(blocks.count) { index -> Matrix in
      var part = BLAS.multiply(blocks[index], .asStored, points, .transposed, scale: -2)
      for row in 0..<part.rows {
        let own = squaredNorms[index * Self.blockRows + row]
        for point in norms.indices {
          let place = row * norms.count + point
          part.storage[place] = max(0, part.storage[place] + own + norms[point])
        }
      }
      return part
    }
    return Matrix.stacked(parts)
  }
}
