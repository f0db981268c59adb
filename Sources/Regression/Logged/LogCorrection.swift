import NumericKernels

/// How a regression in closed form deals with what a log's policy left unseen.
package enum LogCorrection: String, CaseIterable, Sendable {
  /// Levels by their posterior, slopes stacked; see `StackedRidge.combined`.
  case combined
  /// A plain and a weighted fit, mixed by what they predict of answers that they did not see.
  case stack
  /// The plain fit and its weighted residuals, shrunk.
  case resid
  /// Doubly robust pseudo-outcomes.
  case dr
  /// The same, predicted by a fit that keeps their variance small.
  case mrdr
  /// The same, predicted by a fit that is learned jointly with the regression.
  case drjl
  /// Unseen answers made up by the plain fit.
  case impute

  /// What the correction makes of a problem; `variance` are the cells with the weights of `mrdr`.
  func fit(_ problem: LoggedProblem, variance: LoggedCells) throws(NumericalError) -> LoggedFit {
    switch self {
    case .combined: try StackedRidge(problem).combined()
    case .stack: try StackedRidge(problem).stacked()
    case .resid: try StackedRidge(problem).residual()
    case .dr: try DoublyRobustRidge(problem).doublyRobust()
    case .mrdr: try DoublyRobustRidge(problem).doublyRobust(fitting: variance)
    case .drjl: try DoublyRobustRidge(problem).jointlyLearned()
    case .impute: try DoublyRobustRidge(problem).imputed()
    }
  }
}
