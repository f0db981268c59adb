/// What training does about the bias of a log.
public enum DebiasMethod: String, CaseIterable, Sendable {
  /// The best known for the model and the log; see `LogTraining`.
  case auto
  /// Nothing: all answers count the same.
  case none
  /// Answers count by the inverse of the probability to see them: any model.
  case ipw
  /// A plain fit and what it misses of the weighted answers, shrunk: closed-form models.
  case resid
  /// A plain and a weighted fit, mixed: closed-form models.
  case stack
  /// Doubly robust pseudo-outcomes: closed-form models.
  case dr
  /// The same with a prediction that keeps their variance small: closed-form models.
  case mrdr
  /// The same with a prediction that is learned together with the answer to it: closed-form models.
  case drjl = "dr-jl"
  /// Answers that were not seen are made up: closed-form models.
  case impute
}
