import RoutingData

extension LoggedPick {
  /// The probability with which the row's answer is seen, p·g; nil where the log does not say.
  ///
  /// p is the propensity of the pick, g that of its grading, 1 where all answers are graded.
  var seenPropensity: Double? { propensity.map { $0 * (gradePropensity ?? 1) } }
}
