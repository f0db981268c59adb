import Evaluation

/// What the metrics of a report mean and how its intervals were made.
enum ReportGlossary {
  private static let terms: [(term: String, meaning: String)] = [
    ("m", "The number of candidate LLMs in a pool."),
    (
      "groups",
      "All strong: a complementary window of the strongest LLMs; all weak: of the weakest; strong to weak: one "
        + "from each level of accuracy."
    ),
    ("μ", "The mean response (graded answer, 0 to 1) of the LLMs that the router picked."),
    ("V_R", "μ divided by the accuracy of RouterEval's reference LLM on the benchmark."),
    (
      "V_B",
      "μ divided by the mean response of the pool's best single LLM, the best on the measured queries themselves. "
        + "Above 1 the router beats every single LLM of its pool."
    ),
    (
      "V_B train-chosen",
      "The same against the LLM that was best on the train queries: what a user without a router could have "
        + "chosen."
    ),
    (
      "null V_B",
      "The mean V_B, over the resamples, of the best single LLM itself. It is below 1, because on each resample "
        + "V_B divides by the best of several means that vary by chance. A V_B below 1 but above it is no "
        + "evidence of a router worse than that LLM."
    ),
    ("Δμ", "μ less that of the LLM that was best on train, on the same queries."),
    (
      "E_p",
      "The mean entropy, in bits, of the probabilities with which the router picks, as RouterEval computes them; "
        + "0 is always one LLM, log2 m is all alike."
    ),
    ("pick entropy", "The entropy, in bits, of the shares in which the LLMs were actually picked."),
    (
      "p (Holm)",
      "The two-sided bootstrap p-value of Δμ, adjusted by Holm's method over all pools of the run for each router."
    ),
    ("regret", "μ of the oracle less μ."),
    (
      "gap closed",
      "The share of the way from the LLM that was best on train to the oracle; negative for a router worse than "
        + "that LLM."
    ),
    (
      "log-loss",
      "The mean of −log of the probability that the predicted responses give to what was answered, in nats, for "
        + "routers that predict them; 0 is best. Predictions count as at least 0.001 and at most 0.999."
    ),
    (
      "AUC",
      "The probability that a right answer has a higher predicted response than a wrong one, over all queries and "
        + "LLMs of the pool, ties counting half; 1 is best, 0.5 is chance. It has no interval here."
    ),
    ("Brier", "The mean squared error of the predicted responses, for routers that predict them; 0 is best."),
    ("ECE", "The expected calibration error of the predicted responses in ten bins; 0 is best."),
    ("oracle", "Picks an LLM that answers right wherever there is one: the upper bound, r_o(1)."),
    ("mix:p", "r_o(p): the oracle with probability p, else random."),
    ("random", "Every candidate alike, r_o(0)."),
    ("best-single", "The LLM that was best on train, for every query."),
  ]

  /// The definitions and a paragraph on intervals.
  static func html(_ run: FinishedRun) -> String {
    let bootstrap = run.configuration.bootstrap
    let entries = terms.map {
      "<dt>\(HTML.prose($0.term))</dt><dd>\(HTML.prose($0.meaning))</dd>"
    }
    let level = NumberText.fixed(100 * bootstrap.level, 0)
    return "<dl>\n\(entries.joined(separator: "\n"))\n</dl>\n"
      + "<p>Intervals are \(level)% percentile intervals of \(bootstrap.resamples) bootstrap resamples of the \(run.configuration.measured.rawValue) "
      + "queries, drawn within each sub-scenario and the same for all routers of a pool, with the best single LLM "
      + "chosen anew on each resample. They tell how much other queries might change a value, not "
      + "what another training run, another draw of the pool or another split would.</p>\n"
      + "<p>Metrics, pools and splits follow RouterEval (arXiv 2503.10657). A response that is missing is never "
      + "counted as wrong: its query is left out of the pool.</p>\n"
  }
}
