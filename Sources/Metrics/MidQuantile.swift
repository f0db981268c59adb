/// Quantiles of numbers of which many are equal.
enum MidQuantile {
  /// Numbers nearer than this are equal: a resampled mean in `Float` is as exact.
  private static let tolerance = 1e-6

  /// The quantile of a share in (0, 1) of some numbers, at least one, which it rearranges.
  ///
  /// The mid-distribution function is the share of the numbers below one and half of those equal to it; between two
  /// numbers it is interpolated linearly. Cost: linear in their number.
  static func of(_ values: inout [Double], share: Double) -> Double {
    let count = Double(values.count)
    let place = min(max(Int(share * count), 0), values.count - 1)
    OrderStatistics.select(place, in: 0..<values.count, of: &values)
    let value = values[place]
    let (low, high) = (value - tolerance, value + tolerance)
    var (below, notAbove) = (0, 0)
    var (previous, next) = (-Double.infinity, Double.infinity)
    for other in values {
      if other < low {
        below += 1
        previous = max(previous, other)
      } else if other > high {
        next = min(next, other)
      } else {
        notAbove += 1
      }
    }
    notAbove += below
    let middle = Double(below + notAbove) / 2 / count
    let neighbour = share < middle ? previous : next
    guard neighbour.isFinite, share != middle else { return value }
    let equal = values.reduce(0) { total, other in
      let isEqual = abs(other - neighbour) <= tolerance && (other < low || other > high)
      return total + (isEqual ? 1 : 0)
    }
    let end =
      (share < middle ? Double(below) - Double(equal) / 2 : Double(notAbove) + Double(equal) / 2) / count
    return value + (share - middle) / (end - middle) * (neighbour - value)
  }
}
