extension Metric {
  /// E_p: the mean entropy of the selection probabilities, in [0, log₂ m] bits.
  ///
  /// It tells what the router does, not what LLMs answer: one that does the same with every query has a point as interval.
  /// Source: RouterEval (arXiv 2503.10657), §4.
  public static let classificationBias = Metric(
    "ep", symbol: "E_p", family: .spread, decimals: 2,
    meaning:
      "The mean entropy, in bits, of the probabilities with which the router picks, as RouterEval computes "
      + "them; 0 is always one LLM, log2 m is all alike.",
    columns: { routed, _ in [routed.entropies] }, value: { $0[0] })
}
