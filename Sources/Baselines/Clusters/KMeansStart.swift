import Foundation
import NumericKernels

/// Greedy k-means++ (Arthur and Vassilvitskii 2007): each next centroid is the best of a few draws.
///
/// A row is drawn with a probability proportional to its squared distance to the nearest centroid so
/// far; of 2 + ⌊log K⌋ draws the one stays that lowers the sum of these distances most. All starts run
/// side by side, so that a step is one matrix product.
enum KMeansStart {
  /// The `count` rows that each start begins with, drawn from the stream `kmeans` with the number of the start.
  static func rows(_ data: ClusteredFeatures, count: Int, starts: Int, seed: UInt64) -> [[Int]] {
    let draws = 2 + Int(log(Double(count)))
    var generators = (0..<starts).map { SeededGenerator(seed: seed, stream: "kmeans", $0) }
    var chosen = generators.indices.map { [generators[$0].below(data.count)] }
    var nearest = columns(of: data.squaredDistances(to: points(data, chosen.map { $0[0] })))
    for _ in 1..<max(count, 1) {
      let drawn = nearest.indices.map { start in
        (0..<draws).map { _ in draw(nearest[start], &generators[start]) }
      }
      let distances = columns(of: data.squaredDistances(to: points(data, drawn.flatMap { $0 })))
      let current = nearest
      let best = Parallel.map(starts) { start -> (row: Int, nearest: [Float]) in
        let options = (0..<draws).map { option in
          zip(current[start], distances[start * draws + option]).map { min($0, $1) }
        }
        let totals = options.map { $0.reduce(0.0) { $0 + Double($1) } }
        let option = totals.indices.reduce(0) { totals[$1] < totals[$0] ? $1 : $0 }
        return (drawn[start][option], options[option])
      }
      for start in best.indices {
        chosen[start].append(best[start].row)
        nearest[start] = best[start].nearest
      }
    }
    return chosen
  }

  private static func points(_ data: ClusteredFeatures, _ rows: [Int]) -> Matrix {
    Matrix(rows: rows.count, columns: data.dimensions, storage: rows.flatMap { data.row($0) })
  }

  private static func columns(of matrix: Matrix) -> [[Float]] {
    (0..<matrix.columns).map { matrix.column($0) }
  }

  /// A row with a probability proportional to its weight; any row where all weights are 0.
  private static func draw(_ weights: [Float], _ generator: inout SeededGenerator) -> Int {
    let total = weights.reduce(0.0) { $0 + Double($1) }
    guard total > 0 else { return generator.below(weights.count) }
    var left = Double(generator.uniform()) * total
    for (row, weight) in weights.enumerated() {
      left -= Double(weight)
      if left < 0 { return row }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
