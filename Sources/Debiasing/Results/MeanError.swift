import Metrics

/// A mean of independent numbers, at least one, with its standard error.
package struct MeanError: Sendable {
  /// The mean.
  package let mean: Double
  /// Its standard error; nil where it is not known, as for one number.
  package let standardError: Double?

  /// A mean of means that have standard errors of their own, which it has one of only if all have.
  package init(of means: [MeanError]) {
    mean = ShiftedMean.of(means.map(\.mean))
    standardError = Self.error(of: means.map(\.standardError))
  }

  /// A mean that was computed elsewhere.
  package init(_ mean: Double, standardError: Double?) {
    self.mean = mean
    self.standardError = standardError
  }

  init(_ values: [Double]) {
    let mean = ShiftedMean.of(values)
    self.mean = mean
    guard values.count > 1 else {
      standardError = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
  }

  /// The standard error of a mean of independent means; nil where one of them has none.
  package static func error(of errors: [Double?]) -> Double? {
    let known = errors.compactMap { $0 }
    guard !known.isEmpty, known.count == errors.count else { return nil }
    return known.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(known.count)
  }
}
