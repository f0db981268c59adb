import Foundation
import NumericKernels

/// Slow, readable versions of the fast kernels, in `Double`.
enum ReferenceKernels {
  static func multiply(_ a: Matrix, _ b: Matrix) -> [[Double]] {
    (0..<a.rows).map { row in
      (0..<b.columns).map { column in
        (0..<a.columns).reduce(0.0) { $0 + Double(a[row, $1]) * Double(b[$1, column]) }
      }
    }
  }

  static func multiply(_ a: [[Double]], _ b: Matrix) -> [[Double]] {
    a.map { row in
      (0..<b.columns).map { column in
        row.indices.reduce(0.0) { $0 + row[$1] * Double(b[$1, column]) }
      }
    }
  }

  static func transposed(_ a: [[Double]]) -> [[Double]] {
    a[0].indices.map { column in a.map { $0[column] } }
  }

  /// The value of a cell.
  static func value(_ cells: GradedCells, _ row: Int, _ column: Int) -> Double {
    switch cells.values {
    case .bits(let bits): bits[row, column] ? 1 : 0
    case .floats(let matrix): Double(matrix[row, column])
    }
  }

  /// How much a cell counts, 0 where it is missing.
  static func weight(_ cells: GradedCells, _ row: Int, _ column: Int) -> Double {
    guard cells.observed?[row, column] ?? true else { return 0 }
    return cells.weights.map { Double($0[row, column]) } ?? 1
  }

  /// The same target with the values and weights of missing cells made as harmful as they can be.
  static func withJunkWhereMissing(_ cells: GradedCells) -> GradedCells {
    guard let observed = cells.observed else { return cells }
    var weights = cells.weights
    for row in 0..<cells.rows {
      for column in 0..<cells.columns where !observed[row, column] { weights?[row, column] = .nan }
    }
    switch cells.values {
    case .bits(var bits):
      for row in 0..<cells.rows {
        for column in 0..<cells.columns where !observed[row, column] { bits[row, column].toggle() }
      }
      return GradedCells(.bits(bits), observed: observed, weights: weights)
    case .floats(var matrix):
      for row in 0..<cells.rows {
        for column in 0..<cells.columns where !observed[row, column] { matrix[row, column] = .nan }
      }
      return GradedCells(.floats(matrix), observed: observed, weights: weights)
    }
  }

  static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  /// y − σ(z) and −log p(y) of one cell.
  static func residualAndLoss(y: Double, z: Double) -> (Double, Double) {
    let p = sigmoid(z)
    return (y - p, max(z, 0) - y * z + log1p(exp(-abs(z))))
  }

  /// Residuals n × m (0 where a cell is missing) and the loss of a logistic model.
  static func residuals(_ cells: GradedCells, rows: Matrix, columns: Matrix) -> ([[Double]], Double) {
    let z = multiply(rows, columns.transposed)
    var loss = 0.0
    var result = z
    for row in 0..<cells.rows {
      for column in 0..<cells.columns {
        let weight = weight(cells, row, column)
        guard weight > 0 else {
          result[row][column] = 0
          continue
        }
        let (residual, cell) = residualAndLoss(y: value(cells, row, column), z: z[row][column])
        result[row][column] = weight * residual
        loss += weight * cell
      }
    }
    return (result, loss)
  }

  /// The curvatures w·σ(z)(1 − σ(z)) of a logistic model, n × m.
  static func curvatures(_ cells: GradedCells, rows: Matrix, columns: Matrix) -> [[Double]] {
    var result = multiply(rows, columns.transposed)
    for row in 0..<cells.rows {
      for column in 0..<cells.columns {
        let p = sigmoid(result[row][column])
        result[row][column] = weight(cells, row, column) * p * (1 - p)
      }
    }
    return result
  }
}

extension Matrix {
  /// Seeded normal numbers.
  static func random(_ rows: Int, _ columns: Int, seed: UInt64, scale: Float = 1) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, storage: (0..<rows * columns).map { _ in generator.normal() * scale })
  }

  /// The largest absolute difference to a reference.
  func distance(to reference: [[Double]]) -> Double {
    var largest = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        largest = max(largest, abs(Double(self[row, column]) - reference[row][column]))
      }
    }
    return largest
  }
}
