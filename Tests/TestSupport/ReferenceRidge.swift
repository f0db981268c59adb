/// Ridge regression with free intercepts by its normal equations, in `Double`.
package struct ReferenceRidge: Sendable {
  /// One row for each dimension and one for each group's intercept.
  package let weights: [[Double]]
  /// The covariance of the residuals, divided by the number of rows less the trace of the hat matrix.
  package let covariance: [[Double]]

  /// Regresses `targets` on `inputs`, each a list of rows for each group.
  package init(inputs: [[[Double]]], targets: [[[Double]]], ridge: Double, interceptRidge: Double) {
    let dimensions = inputs[0][0].count
    let width = dimensions + inputs.count
    var rows: [[Double]] = []
    for (group, members) in inputs.enumerated() {
      for row in members { rows.append(row + inputs.indices.map { $0 == group ? 1 : 0 }) }
    }
    let values = targets.flatMap { $0 }
    var normal = Self.crossProduct(rows, rows)
    for index in 0..<width { normal[index][index] += index < dimensions ? ridge : interceptRidge }
    let cross = Self.crossProduct(rows, values)
    let columns = values[0].indices.map { column in
      ReferenceLinearSystem.solve(normal, cross.map { $0[column] })
    }
    weights = (0..<width).map { row in columns.map { $0[row] } }
    let fitted = rows.map { row in
      columns.map { weights in zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let residuals = zip(values, fitted).map { zip($0, $1).map { $0 - $1 } }
    // The trace of X·(XᵀX + R)⁻¹·Xᵀ, row by row.
    let spent = rows.reduce(0) { total, row in
      total + zip(row, ReferenceLinearSystem.solve(normal, row)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    covariance = Self.crossProduct(residuals, residuals).map { row in
      row.map { $0 / (Double(rows.count) - spent) }
    }
  }

  private static func crossProduct(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a[0].indices.map { i in b[0].indices.map { j in zip(a, b).reduce(0) { $0 + $1.0[i] * $1.1[j] } } }
  }
}
