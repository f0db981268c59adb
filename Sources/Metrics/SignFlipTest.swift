#if canImport(Glibc)
  import Glibc
#endif

/// The test of paired differences that turns their signs at random.
///
/// Where neither of two routers is better, a difference and its opposite are equally probable. Source: Fisher
/// 1935, §21; for differences of one size it is the sign test.
enum SignFlipTest {
  /// So many differences are tried in every combination of signs.
  static let exhaustive = 16

  /// The two-sided p-value: the share of the combinations of signs whose sum is at least as far from 0.
  ///
  /// Exact where the differences that are not 0 are of one size or at most `exhaustive`; for more of several
  /// sizes by their normal approximation. 1 where all are 0.
  static func pValue(of differences: [Double]) -> Double {
    let values = differences.filter { $0 != 0 }
    guard let first = values.first else { return 1 }
    if values.allSatisfy({ abs(abs($0) - abs(first)) <= 1e-9 * abs(first) }) {
      return signTest(positive: values.count { $0 > 0 }, of: values.count)
    }
    let sum = abs(values.reduce(0, +))
    guard values.count <= exhaustive else {
      let squares = values.reduce(0) { $0 + $1 * $1 }
      return min(1, erfc(sum / (2 * squares).squareRoot()))
    }
    let combinations = 1 << values.count
    let extreme = (0..<combinations).count { signs in
      let flipped = values.enumerated().reduce(0) {
        $0 + ($1.element * (signs >> $1.offset & 1 == 0 ? 1 : -1))
      }
      return abs(flipped) >= sum * (1 - 1e-12)
    }
    return Double(extreme) / Double(combinations)
  }

  /// The two-sided sign test.
  private static func signTest(positive: Int, of count: Int) -> Double {
    let most = max(positive, count - positive)
    // From all of one sign down: Σ over i ≥ most of count! / (i! (count − i)!) / 2^count.
    var term = -Double(count) * log(2)
    var sum = exp(term)
    for other in 0..<(count - most) {
      term += log(Double(count - other) / Double(other + 1))
      sum += exp(term)
    }
    return min(1, 2 * sum)
  }
}
