import Learning
import NumericKernels

/// Estimates that look at an LLM's own answers alone.
enum SampleMeans {
  /// The mean of the answers, with the deviation of Wilson's interval (1927) less what the sample took of the queries.
  static func mean(_ answers: [GradedAnchor], of count: Int) -> EstimatedAccuracy {
    let n = Double(answers.count)
    let mean = answers.reduce(0.0) { $0 + Double($1.response) } / n
    // Wilson's centre and half-width at z = 1.96 as a mean and a deviation.
    let z2 = 1.959964 * 1.959964
    let variance = (mean * (1 - mean) / n + z2 / (4 * n * n)) / ((1 + z2 / n) * (1 + z2 / n))
    let left = max(1 - n / Double(count), 0)
    return EstimatedAccuracy(mean: mean, deviation: (variance * left).squareRoot())
  }

  /// Each answer weighs as many queries as it is the nearest anchor of (tinyBenchmarks, arXiv 2402.14992, §3.2).
  ///
  /// Near are queries whose `points`, N × k, are. Cost 2·N·n·k operations.
  static func weighted(_ answers: [GradedAnchor], among points: Matrix) -> EstimatedAccuracy {
    let anchors = points.selecting(rows: answers.map(\.query))
    var distances = BLAS.multiply(points, .asStored, anchors, .transposed).scaled(by: -2)
    distances.addToRows(anchors.rowDots(anchors))
    var shares = [Double](repeating: 0, count: answers.count)
    for row in 0..<distances.rows {
      var best = 0
      for column in 1..<max(answers.count, 1) where distances[row, column] < distances[row, best] {
        best = column
      }
      shares[best] += 1 / Double(distances.rows)
    }
    let mean = zip(answers, shares).reduce(0.0) { $0 + Double($1.0.response) * $1.1 }
    let spread = max(mean * (1 - mean), 1 / Double(4 * answers.count))
    let squares = shares.reduce(0.0) { $0 + $1 * $1 }
    return EstimatedAccuracy(mean: mean, deviation: (spread * squares).squareRoot())
  }
}
