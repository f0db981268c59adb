import NumericKernels

extension Metric {
  /// The entropy of the mean pick distribution over the candidates, in [0, log₂ m] bits.
  public static let pickEntropy = Metric(
    "pick_entropy", symbol: "pick entropy", family: .spread, decimals: 2,
    meaning: "The entropy, in bits, of the shares in which the LLMs were actually picked.",
    columns: { routed, _ in
      (0..<routed.picks.columns).map { routed.picks.column($0).map(Double.init) }
        .filter { $0.contains { $0 != 0 } }
    }, value: { Entropy.bits($0) })
}
