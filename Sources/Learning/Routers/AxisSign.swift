/// The sign that an axis of LLM factors gets, which no product of factors determines.
package enum AxisSign {
  /// 1 or −1, whichever makes the largest factor of the axis positive.
  ///
  /// Of sizes that are equal within a thousandth the first one decides, so that rounding, which differs from
  /// processor to processor, does not.
  package static func of(_ factors: some Collection<Float>) -> Float {
    let largest = factors.reduce(0) { max($0, abs($1)) }
    return (factors.first { abs($0) > 0.999 * largest } ?? 0) < 0 ? -1 : 1
  }
}
