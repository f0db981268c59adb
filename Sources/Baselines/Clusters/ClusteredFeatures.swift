import Learning
import NumericKernels
import RoutingData

/// The features of the train queries in blocks of 256 rows that fit a cache, with elements of mean square 1.
///
/// A product of such a block stays on one thread, so the blocks can run in parallel.
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
    let ranges = Parallel.blocks(of: features.rows, size: Self.blockRows)
    blocks = Parallel.map(ranges.count) { index in
      Self.scaled(features.selecting(rows: Array(ranges[index])))
    }
    squaredNorms = blocks.flatMap { block in (0..<block.rows).map { BLAS.dot(block.row($0), block.row($0)) } }
  }

  package static let blockRows = 256

  /// The number of rows, n.
  package var count: Int { squaredNorms.count }

  /// Features in the scale of the blocks.
  static func scaled(_ features: Matrix) -> Matrix {
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
