import Baselines
import NumericKernels

/// Points in clusters by k-means.
struct QueryClusters {
  private static let starts = 4

  /// The squared distance of each point to each centre, n × c.
  let distances: Matrix
  /// The cluster of each point.
  let numbers: [Int]
  /// The number of points of each cluster.
  let sizes: [Int]

  /// At most so many clusters of the rows of points, n × d, and the seed of the first centres.
  init(of points: Matrix, count: Int, seed: UInt64) {
    // Points of the length that features have; the clustering keeps its rows in an order of its own.
    let length = points.rowDots(points).reduce(0, +) / Float(max(points.rows, 1))
    let features = points.scaled(by: 1 / max(length, .leastNormalMagnitude).squareRoot())
    let centres = KMeans(ClusteredFeatures(features), count: count, starts: Self.starts, seed: seed).centroids
    let scaled = ClusteredFeatures.scaled(features)
    var distances = BLAS.multiply(scaled, .asStored, centres, .transposed).scaled(by: -2)
    distances.addToRows(centres.rowDots(centres))
    let lengths = scaled.rowDots(scaled)
    for row in 0..<distances.rows {
      for column in 0..<distances.columns { distances[row, column] += lengths[row] }
    }
    let numbers = (0..<points.rows).map { row in
      distances.row(row).enumerated().min { ($0.element, $0.offset) < ($1.element, $1.offset) }?.offset ?? 0
    }
    self.distances = distances
    self.numbers = numbers
    sizes = numbers.reduce(into: [Int](repeating: 0, count: centres.rows)) { $0[$1] += 1 }
  }
}
