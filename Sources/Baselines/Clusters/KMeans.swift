import Learning
import NumericKernels
import RoutingData

/// Clusters of queries around centroids, found by Lloyd's steps from several starts.
///
/// As scikit-learn's `KMeans`: greedy k-means++ starts, the best inertia kept, and a start ends where
/// no query changes its cluster, the centroids hardly move (1e-4 of the mean variance) or after 300
/// steps. A cluster that loses all its queries moves to the query farthest from its centroid.
package struct KMeans: Sendable {
  /// The centroids in the scale of `ClusteredFeatures`, K × d; no cluster is empty.
  package let centroids: Matrix
  /// The sum of the squared distances to the nearest centroids, in that scale.
  package let inertia: Double

  package static let stepLimit = 300
  package static let tolerance = 1e-4

  /// The best of some starts.
  package init(_ data: ClusteredFeatures, count: Int, starts: Int, seed: UInt64) {
    self = Self.best(of: Self.all(data, count: count, starts: starts, seed: seed))
  }

  /// The first one of the least inertia, of at least one.
  static func best(of all: [KMeans]) -> KMeans {
    all.dropFirst().reduce(all[0]) { $1.inertia < $0.inertia ? $1 : $0 }
  }

  private init(centroids: Matrix, inertia: Double) {
    self.centroids = centroids
    self.inertia = inertia
  }

  /// What each start ends in, at least one; at most as many clusters as there are distinct rows.
  ///
  /// Cost for each step: 4·n·d·K·starts operations in SGEMM, over fixed blocks of rows.
  package static func all(_ data: ClusteredFeatures, count: Int, starts: Int, seed: UInt64) -> [KMeans] {
    precondition(data.count > 0 && count > 0 && starts > 0, "\(count) clusters of \(data.count) rows")
    let count = min(count, data.count)
    let rows = KMeansStart.rows(data, count: count, starts: starts, seed: seed)
    // As many starts side by side as one panel of a product takes.
    let groups = Parallel.blocks(of: starts, size: max(1, ClusteredFeatures.blockRows / count))
    var runs: [LloydRun] = []
    for group in groups {
      var active = rows[group].map { LloydRun(data, rows: $0) }
      for _ in 0..<Self.stepLimit where active.contains(where: { !$0.isDone }) {
        let open = active.indices.filter { !active[$0].isDone }
        let steps = LloydStep.all(data, centroids: open.map { active[$0].centroids })
        for (run, step) in zip(open, steps) { active[run].take(step, data) }
      }
      runs += active
    }
    return runs.map {
      KMeans(centroids: $0.centroids.selecting(rows: Set($0.labels).sorted()), inertia: $0.inertia)
    }
  }

  /// Clusters that were saved.
  package init(contents: TensorBundle) throws(DataError) {
    centroids = try contents.matrix("centroids")
    inertia = try contents.number("inertia")
    guard centroids.rows > 0, centroids.columns > 0 else {
      throw DataError("array 'centroids' is \(centroids.shapeText)")
    }
  }

  /// The centroids and the inertia.
  package var contents: TensorBundle {
    TensorBundle(matrices: ["centroids": centroids], numbers: ["inertia": [inertia]])
  }
}

/// One start on its way.
private struct LloydRun {
  private(set) var centroids: Matrix
  private(set) var labels: [Int] = []
  private(set) var inertia = Double.infinity
  private(set) var isDone = false

  init(_ data: ClusteredFeatures, rows: [Int]) {
    centroids = Matrix(rows: rows.count, columns: data.dimensions, storage: rows.flatMap { data.row($0) })
  }

  mutating func take(_ step: LloydStep, _ data: ClusteredFeatures) {
    inertia = step.distances.reduce(0.0) { $0 + Double($1) }
    isDone = step.labels == labels
    labels = step.labels
    if isDone { return }
    var farthest = data.squaredNorms.indices.sorted { step.distances[$0] > step.distances[$1] }[...]
      .prefix(step.counts.contains(0) ? centroids.rows : 0)
    var shift = 0.0
    for cluster in 0..<centroids.rows {
      var next = centroids.row(cluster)
      if step.counts[cluster] > 0 {
        next = step.sums.row(cluster)
        for index in next.indices { next[index] /= Float(step.counts[cluster]) }
      } else if let row = farthest.popFirst(), step.distances[row] > 0 {
        next = data.row(row)
      }
      for (column, value) in next.enumerated() {
        let difference = Double(value - centroids[cluster, column])
        shift += difference * difference
        centroids[cluster, column] = value
      }
    }
    isDone = shift <= KMeans.tolerance
  }
}

/// What one pass over the rows says about the centroids of one start.
private struct LloydStep {
  /// The nearest centroid of each row and the squared distance to it.
  let labels: [Int]
  let distances: [Float]
  /// The sum of the rows of each cluster, K × d, and their number.
  let sums: Matrix
  let counts: [Int]

  /// The steps of several starts of K centroids each: two products for each block of rows.
  static func all(_ data: ClusteredFeatures, centroids: [Matrix]) -> [LloydStep] {
    let starts = centroids.count
    let count = centroids[0].rows
    let points = Matrix.stacked(centroids)
    let norms = (0..<points.rows).map { BLAS.dot(points.row($0), points.row($0)) }
    let parts = Parallel.map(data.blocks.count) {
      index -> (labels: [Int], distances: [Float], sums: Matrix) in
      let block = data.blocks[index]
      let products = BLAS.multiply(block, .asStored, points, .transposed, scale: -2)
      var members = Matrix(rows: block.rows, columns: points.rows)
      var labels = [Int](repeating: 0, count: block.rows * starts)
      var distances = [Float](repeating: 0, count: block.rows * starts)
      for row in 0..<block.rows {
        let own = data.squaredNorms[index * ClusteredFeatures.blockRows + row]
        for start in 0..<starts {
          var best = 0
          var least = Float.infinity
          for cluster in 0..<count {
            let point = start * count + cluster
            let value = products[row, point] + norms[point]
            if value < least { (best, least) = (cluster, value) }
          }
          labels[row * starts + start] = best
          distances[row * starts + start] = max(0, least + own)
          members[row, start * count + best] = 1
        }
      }
      return (labels, distances, BLAS.multiply(members, .transposed, block, .asStored))
    }
    var sums = Matrix(rows: points.rows, columns: points.columns)
    for part in parts { sums += part.sums }
    return (0..<starts).map { start in
      let labels = parts.flatMap { part in
        stride(from: start, to: part.labels.count, by: starts).map { part.labels[$0] }
      }
      let distances = parts.flatMap { part in
        stride(from: start, to: part.distances.count, by: starts).map { part.distances[$0] }
      }
      var counts = [Int](repeating: 0, count: count)
      for label in labels { counts[label] += 1 }
      return LloydStep(
        labels: labels, distances: distances,
        sums: sums.selecting(rows: Array(start * count..<(start + 1) * count)), counts: counts)
    }
  }
}
