import Foundation
import NumericKernels

/// Scores that were made elsewhere, compared in double precision.
///
/// Single precision would make equal what differs in the ninth digit, and a tie goes to the LLM that was better on
/// train. `values` therefore are the nearest single-precision numbers that keep each row's order.
struct ExactScores: Sendable {
  /// The number of queries.
  let rows: Int
  /// The number of LLMs.
  let columns: Int
  private let numbers: [Double]

  /// Scores from their numbers, row by row; they must be finite.
  init(rows: Int, columns: Int, numbers: [Double]) {
    precondition(numbers.count == rows * columns, "\(numbers.count) scores for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.numbers = numbers
  }

  /// The scores of one query.
  func row(_ index: Int) -> ArraySlice<Double> { numbers[index * columns..<(index + 1) * columns] }

  /// Numbers in single precision that are equal, less or greater in a row where the scores are, n × m.
  ///
  /// A number moves by no more than as many steps of single precision as there are columns. Cost: a sort of
  /// each row.
  var values: Matrix {
    let reach = Double(Float.greatestFiniteMagnitude) / 2
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows).flatMap { row -> [Float] in
        let own = Array(self.row(row))
        var result = [Float](repeating: 0, count: columns)
        var last: (score: Double, value: Float)?
        for column in own.indices.sorted(by: { own[$0] < own[$1] }) {
          var value = Float(min(max(own[column], -reach), reach))
          if let last { value = own[column] == last.score ? last.value : max(value, last.value.nextUp) }
          result[column] = value
          last = (own[column], value)
        }
        return result
      })
  }

  /// The softmax of each row, worked out in double precision, n × m.
  var softmax: Matrix {
    mapped { row in
      let highest = row.max() ?? 0
      let weights = row.map { exp($0 - highest) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  /// Rows made from the rows, in double precision.
  func mapped(_ transform: (ArraySlice<Double>) -> [Double]) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows).flatMap { transform(row($0)).map { Float($0) } })
  }
}
