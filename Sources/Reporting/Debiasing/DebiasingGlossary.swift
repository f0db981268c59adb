import Debiasing

/// What the words of a report on logs mean.
enum DebiasingGlossary {
  private static let terms: [(term: String, meaning: String)] = [
    ("log", "Rows of a query, the LLM that a policy picked, its answer and the probability of the pick."),
    ("uniform", "Every LLM with the same probability: no bias, and the measure of all other logs."),
    ("difficulty", "Hard queries go to strong LLMs by what no embedding holds."),
    ("loss", "What a router that was trained on a log earns less than one that was trained on all answers."),
    ("none", "The log taken for a random sample of all answers."),
    ("grading", "Which answers were graded: all, or failures and successes with different probabilities."),
    (
      "truth", "What a router earns of the queries that the log is drawn from, known because all answers are."
    ),
    ("coverage", "The share of 95% intervals that hold the truth."),
    (
      "ESS",
      "The effective sample size (Σw)²/Σw² of a router's weights: so many rows of its own would say as much."
    ),
    ("regret", "The truth of the best of the routers less that of the one with the highest estimate."),
    ("E_p", "The mean entropy of the probabilities that a router publishes, in bits (RouterEval)."),
    (
      "adjustment",
      "The highest of s − τ·log(share + 0.001) wins, with share that of the queries which the LLM had before."
    ),
    ("near-ties", "All LLMs within ε standard errors of the best share the query."),
    ("temperature", "The softmax of s/T is drawn from."),
  ]

  /// The definitions.
  static let html: String = {
    let entries = terms.map { "<dt>\(HTML.prose($0.term))</dt><dd>\(HTML.prose($0.meaning))</dd>" }
    return "<dl>\n\(entries.joined(separator: "\n"))\n</dl>\n"
      + "<p>Standard errors are over logs of the same queries, with other draws of queries and picks: they say what another "
      + "log would have given, not other test queries.</p>\n"
  }()
}
