/// The mean as (n·x₀ + Σ (xᵢ − x₀)) / n, in `Double`.
///
/// Measured away from the first value, binary grades and constant columns have deviations that even
/// `Float` holds exactly. A statistic and its bootstrap replicates then agree to the last bit where
/// resampling changes nothing.
package enum ShiftedMean {
  /// The mean of some values, at least one.
  package static func of(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "the mean of nothing")
    let first = values[0]
    return of(first: first, deviations: values.reduce(0) { $0 + ($1 - first) }, count: values.count)
  }

  /// The mean of `count` values from the first and the sum of all deviations from it.
  @inline(__always)
  package static func of(first: Double, deviations: Double, count: Int) -> Double {
    (Double(count) * first + deviations) / Double(count)
  }
}
