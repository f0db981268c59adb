#if canImport(Glibc)
  import Glibc
#endif

/// A loss summed over its terms: cells, pairs or queries, whatever the loss counts.
public struct LossSum: Equatable, Sendable {
  /// The sum.
  public var total: Double
  /// How many terms it has.
  public var terms: Double

  /// A sum, by default of nothing.
  public init(total: Double = 0, terms: Double = 0) {
    self.total = total
    self.terms = terms
  }

  /// The mean over the terms; 0 where there are none.
  public var mean: Double { terms > 0 ? total / terms : 0 }

  /// Adds the terms of another sum.
  public static func += (left: inout LossSum, right: LossSum) {
    left.total += right.total
    left.terms += right.terms
  }
}

/// Σ log(1 + eᶻ) over lanes with one logarithm for many of them: factors 1 + e^−|z| ≤ 2 are multiplied up.
struct SoftplusSum {
  /// So many factors ≤ 2 stay inside a Float's range.
  private static let groups = 64

  private var linear = VectorMath.Lanes(repeating: 0)
  private var product = VectorMath.Lanes(repeating: 1)
  private var pending = 0
  private var sum = 0.0

  /// Adds the lanes whose weight is 1; those of weight 0 must be finite.
  ///
  /// `small` is e^−|z|.
  @inline(__always)
  mutating func add(_ z: VectorMath.Lanes, small: VectorMath.Lanes, where weight: VectorMath.Lanes) {
    // z + |z|, unlike a maximum with 0, keeps a NaN; so does infinity minus itself.
    add(
      linear: (z + z.replacing(with: -z, where: z .< 0)) * 0.5 * weight + (z - z), factor: 1 + small * weight)
  }

  /// Adds lanes given as max(z, 0) and 1 + e^−|z|.
  @inline(__always)
  mutating func add(linear part: VectorMath.Lanes, factor: VectorMath.Lanes) {
    linear += part
    product *= factor
    pending += 1
    if pending == Self.groups { flush() }
  }

  private mutating func flush() {
    // Eight lanes of up to 2⁶⁴ fit a Double's range.
    var whole = 1.0
    for lane in 0..<VectorMath.Lanes.scalarCount { whole *= Double(product[lane]) }
    sum += Double(linear.sum()) + log(whole)
    linear = VectorMath.Lanes(repeating: 0)
    product = VectorMath.Lanes(repeating: 1)
    pending = 0
  }

  /// The sum of all that was added.
  var total: Double {
    var copy = self
    copy.flush()
    return copy.sum
  }
}
