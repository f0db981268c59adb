import ColdStart

/// What the words of a report on placements mean and how its intervals were made.
enum PlacementGlossary {
  private static let terms: [(term: String, meaning: String)] =
    [
      ("answers", "The queries of the benchmark that a held-out LLM is graded on; the rest are predicted."),
      ("accuracy", "The mean grade over all queries of the benchmark, those that were asked among them."),
      ("MAE", "The mean over held-out LLMs of the absolute difference of predicted and true accuracy."),
      (
        "families held out",
        "Whole families, by their names, with LLMs that agree on over 95% of the answers, ten folds at most. Models, "
          + "plans, mixtures and intervals are made without them."
      ),
      (
        "frontier held out",
        "The quarter of the LLMs with the highest accuracy: how far a model reaches beyond the best that it knows."
      ),
    ] + EstimatorName.allCases.map { ($0.rawValue, meaning($0)) }
    + AnchorPolicy.all.map { ($0.name, meaning($0)) }

  private static func meaning(_ estimator: EstimatorName) -> String {
    switch estimator {
    case .mean: return "The mean of the answers."
    case .weighted: return "Answers weighted by the queries that they stand for."
    case .mirt: return "The item response model: the answers, and what it expects of the other queries."
    case .aipw: return "The same, corrected by the mean residual of the answers."
    case .gpIRT: return "weighted and mirt mixed as in tinyBenchmarks (arXiv 2402.14992)."
    case .blp: return "The best linear predictor of the accuracy from the answers, over known LLMs."
    case .similar: return "The known LLMs that answer most alike."
    case .uniRoute:
      return
        "Means of the answers by clusters of queries, as UniRoute knows an LLM (arXiv 2502.08773); clusters by known LLMs' "
        + "answers."
    case .metadata:
      return "What the LLM's name and the catalogue say of it, alone or as the prior of mirt."
    case .stack:
      return "A mixture of all but uniroute with weights that are not negative, learned on inner folds."
    }
  }

  private static func meaning(_ policy: AnchorPolicy) -> String {
    switch policy {
    case .adaptive:
      return
        "One query after the other, each chosen by the answers so far: what tells most about the accuracy."
    case .fixed(.random): return "Queries by lot."
    case .fixed(.stratified): return "By lot, a share from each level of difficulty."
    case .fixed(.kMedoids): return "The queries nearest to the centres of clusters of queries."
    case .fixed(.dOptimal): return "Those that tell most about the abilities."
    case .fixed(.aOptimal): return "Those that tell most about the accuracy."
    case .fixed(.forward): return "Those that predict the known LLMs' accuracies best by a linear rule."
    }
  }

  /// The definitions and a paragraph on intervals.
  static let html: String = {
    let entries = terms.map { "<dt>\(HTML.prose($0.term))</dt><dd>\(HTML.prose($0.meaning))</dd>" }
    return "<dl>\n\(entries.joined(separator: "\n"))\n</dl>\n"
      + "<p>An interval is an estimator's own deviation times a factor: the 95% quantile of error over deviation among "
      + "LLMs that were held out inside the known ones, by family and at an inner frontier, with the same choice of "
      + "anchors and number of answers. Standard errors are over held-out LLMs, as if those were independent; LLMs of "
      + "one family are not, so they are somewhat too small.</p>\n"
  }()
}
