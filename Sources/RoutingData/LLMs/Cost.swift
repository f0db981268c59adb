/// Which numbers are costs.
package enum Cost {
  /// Sums of millions of costs and products with prices must stay within single precision.
  private static let range = 1e-30 * (1 - rounding)...1e30 * (1 + rounding)
  /// What single precision makes of a number may lie beyond it.
  private static let rounding = 1e-6

  /// Whether a number is a cost: 0, or from 1e-30 to 1e30.
  package static func holds(_ number: Double) -> Bool { number == 0 || range.contains(number) }

  /// What is expected of a number that is none.
  package static let expectation = "a number from 0 on (0, or 1e-30 to 1e30: choose a unit)"
}
