#if canImport(Glibc)
  import Glibc
#endif

/// What decides a score interval of a mean of numbers in a known range, see `BoundedMean`.
struct MeanBounds {
  /// The observed mean.
  let mean: Double
  /// How many numbers it is the mean of.
  let count: Int
  /// The variance of one of them inside its stratum, on the range scaled to 0…1.
  let variance: Double
  /// The degrees of freedom that the variance is known with.
  let freedom: Int
  /// Whether all numbers are the same.
  let isUniform: Bool

  /// The least and the greatest mean at a level in (0, 1).
  ///
  /// - Parameter quantile: Student's t of the level for so many degrees of freedom; slow to work out, so who needs it often may keep it.
  func ends(
    in range: ClosedRange<Double>, level: Double, quantile: (_ freedom: Int) -> Double
  ) -> [Double] {
    let count = Double(count)
    let width = range.upperBound - range.lowerBound
    let share = min(max((mean - range.lowerBound) / width, 0), 1)
    // Rounding is no variation.
    guard freedom > 0, variance > 1e-12, share > 0, share < 1 else {
      let known = isUniform ? count : Double(max(freedom, 1))
      let most = 1 - pow((1 - level) / 2, 1 / known)
      return [mean - most * (mean - range.lowerBound), mean + most * (range.upperBound - mean)]
    }
    let t = quantile(freedom)
    let spread = variance / (share * (1 - share)) / count
    let (reach, centre) = (t * t * spread, share + t * t * spread / 2)
    let half = t * (share * (1 - share) * spread + reach * spread / 4).squareRoot()
    return [(centre - half) / (1 + reach), (centre + half) / (1 + reach)].map {
      range.lowerBound + width * min(max($0, 0), 1)
    }
  }
}
