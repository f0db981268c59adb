#if canImport(Glibc)
  import Glibc
#endif

/// Shannon's entropy in bits, with 0 · log₂ 0 = 0.
package enum Entropy {
  /// The entropy of non-negative weights after scaling them to sum 1; 0 where all are 0.
  ///
  /// H = log₂ S − (Σ wⱼ log₂ wⱼ) / S with S = Σ wⱼ, so that weights which sum to 1 only up to
  /// rounding lose no digits. Range: 0 to log₂ of the number of weights.
  package static func bits(_ weights: some Sequence<Double>) -> Double {
    var sum = 0.0
    var weighted = 0.0
    for weight in weights where weight > 0 {
      sum += weight
      weighted += weight * log2(weight)
    }
    return sum > 0 ? max(0, log2(sum) - weighted / sum) : 0
  }
}
