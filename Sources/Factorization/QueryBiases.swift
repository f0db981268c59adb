import Foundation
import NumericKernels

/// The difficulty of each query, where a model knows only how LLMs differ on it.
///
/// Given that one of two answers is right, the logistic model says σ(z_better − z_worse) for the better one: what
/// pairs teach is that model but for a constant of each query (Rasch 1960). The constant is the b that maximises
/// the likelihood of σ(z + b).
enum QueryBiases {
  /// The LLMs looked at: so many give a bias to a tenth, much less than what an embedding leaves open.
  private static let columnLimit = 1_024
  private static let steps = 12

  /// The biases of the rows of graded cells, n of them, by Newton's method with penalty ½λb²; each cell has its weight.
  ///
  /// Where there are more than 1,024 LLMs, as many spread evenly over them are looked at.
  static func fitted(_ cells: GradedCells, rows: Matrix, columns: Matrix, l2: Double) -> [Float] {
    let step = max((cells.columns + columnLimit - 1) / columnLimit, 1)
    let places = Array(stride(from: 0, to: cells.columns, by: step))
    let other = columns.selecting(rows: places)
    let ranges = Parallel.blocks(of: rows.rows, size: 256)
    let parts = Parallel.map(ranges.count) { index -> [Float] in
      let z = BLAS.multiply(rows.selecting(rows: Array(ranges[index])), .asStored, other, .transposed)
      return ranges[index].enumerated().map { offset, row in
        var observed: [(score: Double, label: Double, weight: Double)] = []
        for (place, column) in places.enumerated() where cells.observed?[row, column] ?? true {
          let label: Double
          switch cells.values {
          case .bits(let bits): label = bits[row, column] ? 1 : 0
          case .floats(let matrix): label = Double(matrix[row, column])
          }
          let weight = cells.weights.map { Double($0[row, column]) } ?? 1
          observed.append((Double(z[offset, place]), label, weight))
        }
        return Float(bias(of: observed, l2: l2))
      }
    }
    return parts.flatMap { $0 }
  }

  private static func bias(of cells: [(score: Double, label: Double, weight: Double)], l2: Double) -> Double {
    var bias = 0.0
    for _ in 0..<steps {
      var slope = -l2 * bias
      var curvature = l2
      for cell in cells {
        let probability = 1 / (1 + exp(-(cell.score + bias)))
        slope += cell.weight * (cell.label - probability)
        curvature += cell.weight * (probability * (1 - probability))
      }
      // Far from the optimum a full step of Newton's overshoots.
      let change = min(max(slope / curvature, -2), 2)
      bias += change
      if abs(change) < 1e-4 { break }
    }
    return bias
  }
}
