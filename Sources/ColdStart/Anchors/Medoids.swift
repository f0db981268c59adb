import Baselines
import NumericKernels

/// Of each cluster of points the point nearest to its centre.
struct Medoids {
  private static let starts = 4

  private let points: Matrix
  private let seed: UInt64

  /// Points, n × d, and the seed of the first centres.
  init(of points: Matrix, seed: UInt64) {
    self.points = points
    self.seed = seed
  }

  /// So many points, each another, those of the largest clusters first; more than there are distinct points are filled
  /// up with the points nearest to the centres.
  func places(_ count: Int) -> [Int] {
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
    var sizes = [Int](repeating: 0, count: centres.rows)
    for row in 0..<points.rows {
      let nearest = distances.row(row).enumerated().min { ($0.element, $0.offset) < ($1.element, $1.offset) }
      sizes[nearest?.offset ?? 0] += 1
    }
    let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var isTaken = [Bool](repeating: false, count: points.rows)
    return (0..<count).map { index in
      let centre = order[index % order.count]
      var best = -1
      for row in 0..<points.rows
      where !isTaken[row] && (best < 0 || distances[row, centre] < distances[best, centre]) { best = row }
      isTaken[best] = true
      return best
    }
  }
}
