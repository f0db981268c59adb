import NumericKernels

/// Of each cluster of points the point nearest to its centre.
struct Medoids {
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
    let clusters = QueryClusters(of: points, count: count, seed: seed)
    let (distances, sizes) = (clusters.distances, clusters.sizes)
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
