#if canImport(Glibc)
  import Glibc
#endif

/// Estimates of several targets, drawn towards what a model alone says as far as the log does not contradict it.
///
/// Differences between targets by weights are right on average and noisy; by a model they are steady and may be wrong. How
/// wrong, the log tells: with b the targets' differences between both, less their mean, and v the variance of b, the
/// model's error has the variance τ² = max(0, mean(b²) − v), and the share τ²/(τ² + v) of b is believed (empirical Bayes,
/// Efron and Morris 1973). Where the logger used what the model can't see, b is large and weights decide; else the model
/// does. For choosing among targets, not for saying what one is worth.
package enum ModelShrinkage {
  /// The estimates of each target by weights, drawn towards those by the model; at least one of each.
  ///
  /// The variance of a shrunk estimate is that of its posterior, share · variance by weights, and the model's own.
  /// Cost some passes over the clusters for each target.
  package static func shrunk(
    _ weighted: [Linearization], toward modelled: [Linearization]
  ) -> [Linearization] {
    precondition(weighted.count == modelled.count && !weighted.isEmpty, "estimates of other targets")
    let share = share(of: zip(modelled, weighted).map { $0 - $1 })
    let root = share.squareRoot()
    return zip(weighted, modelled).map { weighted, modelled in
      Linearization(
        value: modelled.value + share * (weighted.value - modelled.value),
        influences: zip(weighted.influences, modelled.influences).map { root * $0 + (1 - share) * $1 },
        shares: weighted.shares.map { root * $0 }, answerVariance: weighted.answerVariance)
    }
  }

  /// The share of the differences that is believed, in [0, 1].
  private static func share(of differences: [Linearization]) -> Double {
    let count = Double(differences.count)
    let mean = differences.reduce(0) { $0 + $1.value } / count
    let squares = differences.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / count
    guard squares > 0 else { return 1 }
    var variance = 0.0
    for cluster in differences[0].influences.indices {
      let centre = differences.reduce(0) { $0 + $1.influences[cluster] } / count
      for difference in differences {
        let own = difference.influences[cluster] - centre
        variance += own * own / count
      }
    }
    return max(0, 1 - variance / squares)
  }
}
