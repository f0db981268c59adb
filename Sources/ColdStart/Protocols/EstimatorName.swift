/// The estimators of a new LLM's accuracy, by the names that tables show.
public enum EstimatorName: String, CaseIterable, Codable, Sendable {
  /// The mean of the answers.
  case mean
  /// Answers weighted by the queries that they stand for.
  case weighted
  /// The item response model: answers, and what it expects of the other queries.
  case mirt
  /// The same, corrected by the mean residual of the answers (augmented inverse propensity weighting).
  case aipw
  /// `weighted` and `mirt` mixed as tinyBenchmarks' gp-IRT does.
  case gpIRT = "gp-irt"
  /// The best linear predictor of the anchors' answers.
  case blp
  /// The known LLMs that answer most alike.
  case similar
  /// Means by clusters of queries, as UniRoute knows an LLM.
  case uniRoute = "uniroute"
  /// A mixture of all but `uniroute` with weights from inner folds.
  case stack
  /// What the LLM's name and catalogue columns say, see `MetadataPrior`; alone, or as the prior of `mirt`.
  case metadata

  /// Those that look at answers and nothing else of the LLM.
  static let answering: [EstimatorName] = allCases.filter { $0 != .metadata }
  /// Those that need nothing but one LLM's answers and what is known of the benchmark.
  static let direct: [EstimatorName] = mixed + [.uniRoute]
  /// Those of them that `stack` mixes, the first of `direct`.
  static let mixed: [EstimatorName] = [.mean, .weighted, .mirt, .aipw, .blp, .similar]
}
