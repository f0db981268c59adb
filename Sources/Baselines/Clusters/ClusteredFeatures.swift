import Learning
import NumericKernels
import RoutingData

/// The features of the train queries in blocks of 256 rows that fit a cache, with elements of mean square 1.
///
/// A product of such a block stays on one thread, so the blocks can run in parallel. Rows stand in the order of their
/// lengths, whatever order the queries came in: what is drawn from them, and their sums, are then the same.
package struct ClusteredFeatures: Sendable {
  /// The number of features, d.
  package let dimensions: Int
  /// 256 × d each, the last may be shorter.
  package let blocks: [Matrix]
  /// The squared length of each row, n numbers.
  package let squaredNorms: [Float]

  /// Takes standardized features, n × d, whose rows have the mean squared length 1.
  package init(_ features: Matrix) {
    dimensions = features.columns
    let order = Self.order(of: features)
    let ranges = Parallel.blocks(of: features.rows, size: Self.blockRows)
    blocks = Parallel.map(ranges.count) { index in
      Self.scaled(features.selecting(rows: Array(order[ranges[index]])))
    }
    squaredNorms = blocks.flatMap { block in (0..<block.rows).map { BLAS.dot(block.row($0), block.row($0)) } }
  }

  package static let blockRows = 256

  /// The rows by their lengths; of equally long ones the one that is less in its first different column comes first.
  private static func order(of features: Matrix) -> [Int] {
    let lengths = (0..<features.rows).map { BLAS.dot(features.row($0), features.row($0)) }
    return lengths.indices.sorted { first, second in
      guard lengths[first] == lengths[second] else { return lengths[first] < lengths[second] }
      return features.row(first).lexicographicallyPrecedes(features.row(second))
    }
  }

  /// The number of rows, n.
  package var count: Int { squaredNorms.count }

  /// Features in the scale of the blocks.
  package static func scaled(_ features: Matrix) -> Matrix {
    features.scaled(by: Float(max(features.columns, 1)).squareRoot())
  }

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
          part[row, point] = max(0, part[row, point] + own + norms[point])
        }
      }
      return part
    }
    return Matrix.stacked(parts)
  }
}
