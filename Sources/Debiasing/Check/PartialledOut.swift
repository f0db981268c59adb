import Foundation

/// Least squares on a few columns: what is left of numbers when these are taken out.
enum PartialledOut {
  /// The residuals of `values` on some columns of the same length, one of which should be constant.
  ///
  /// By Gram and Schmidt, so columns that say nothing new are left out.
  static func residuals(of values: [Double], on columns: [[Double]]) -> [Double] {
    var basis: [[Double]] = []
    func takeOut(_ vector: [Double]) -> [Double] {
      var left = vector
      for axis in basis {
        let share = zip(left, axis).reduce(0) { $0 + $1.0 * $1.1 }
        for index in left.indices { left[index] -= share * axis[index] }
      }
      return left
    }
    for column in columns {
      let before = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let left = takeOut(column)
      let norm = left.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 1e-6 * before, norm > 0 else { continue }
      basis.append(left.map { $0 / norm })
    }
    return takeOut(values)
  }
}
