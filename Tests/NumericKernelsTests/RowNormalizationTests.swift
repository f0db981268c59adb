import Foundation
import NumericKernels
import Testing

@Suite struct RowNormalizationTests {
  static func normalized(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  @Test(arguments: [2, 8, 13, 64]) func agreesWithTheDefinition(columns: Int) {
    var rows = Matrix.random(5, columns, seed: 4, scale: 3)
    let expected = (0..<5).map { Self.normalized(rows.row($0).map { Double($0) + 7 }) }
    for index in rows.storage.indices { rows.storage[index] += 7 }
    _ = RowNormalization.apply(&rows)
    #expect(rows.distance(to: expected) < 1e-5)
  }

  @Test func aConstantRowBecomesZero() {
    var rows = Matrix(rows: 1, columns: 11, repeating: 4)
    _ = RowNormalization.apply(&rows)
    #expect(rows.storage.allSatisfy { abs($0) < 1e-3 })
  }

  @Test(arguments: [3, 8, 21]) func gradientAgreesWithFiniteDifferences(columns: Int) {
    let start = Matrix.random(4, columns, seed: 6)
    let weights = Matrix.random(4, columns, seed: 7)
    var normalized = start
    let factors = RowNormalization.apply(&normalized)
    var gradient = weights
    RowNormalization.backpropagate(&gradient, normalized: normalized, factors: factors)
    for row in 0..<4 {
      var x = start.row(row).map(Double.init)
      func value() -> Double {
        zip(Self.normalized(x), weights.row(row)).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      for column in 0..<columns {
        x[column] += 1e-5
        let above = value()
        x[column] -= 2e-5
        let slope = (above - value()) / 2e-5
        x[column] += 1e-5
        #expect(abs(Double(gradient[row, column]) - slope) < 2e-5)
      }
    }
  }
}
