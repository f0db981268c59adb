/// What an estimator makes of the weights w = π/p of a log's rows: less variance, for some bias.
package enum ImportanceWeighting: Equatable, Sendable {
  /// w.
  case plain
  /// min(w, c).
  case clipped(Double)
  /// w where it is at most c, else 0: those rows are left to the model (Wang, Agarwal and Dudík 2017).
  case switched(Double)
  /// c·w/(w² + c) (Su et al. 2020, optimistic shrinkage).
  case shrunk(Double)
  /// w/((1 − λ) + λ·w) (Metelli et al. 2021).
  case subGaussian(Double)
  /// The weight of the pick's group of LLMs in the place of the LLM's (Saito and Joachims 2022).
  case grouped
  /// 0: the model alone.
  case absent

  /// The weights of some rows; nil where the rows know no groups and they are asked for.
  ///
  /// Cost a pass.
  func weights(of rows: TargetRows) -> [Double]? {
    switch self {
    case .plain: rows.weights
    case .clipped(let most): rows.weights.map { min($0, most) }
    case .switched(let most): rows.weights.map { $0 <= most ? $0 : 0 }
    case .shrunk(let strength): rows.weights.map { strength * $0 / ($0 * $0 + strength) }
    case .subGaussian(let share): rows.weights.map { $0 / (1 - share + share * $0) }
    // A row without an answer has no weight, whatever its group has.
    case .grouped: rows.groupWeights
    case .absent: [Double](repeating: 0, count: rows.count)
    }
  }
}
