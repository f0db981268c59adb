import Learning
import Metrics

/// What inner folds say of one cell of a grid: how to mix estimators, and how wide intervals must be.
struct Mixtures {
  private let stack: SimplexLeastSquares
  /// gp-IRT's weight of the weighted mean is b²/(b² + v/4n): b is how far the model is off.
  private let squaredBias: Double
  private let count: Double
  /// The deviation of each estimator is multiplied by this much, by place: `EstimatorName.answering`.
  private var multipliers: [Double] = []

  /// Learns from trials of inner folds.
  init(_ trials: [LLMExperiment.Trial], cell: TrialGrid.Cell) {
    let direct = EstimatorName.direct
    let rows = trials.compactMap { trial in trial.estimates[cell].map { (trial.truth, $0) } }
    count = Double(cell.count)
    let trusted = direct.firstIndex(of: .mirt) ?? 0
    stack = SimplexLeastSquares(
      rows.map { Self.mixed($0.1).map(\.mean) }, truths: rows.map(\.0), trusted: trusted)
    let bias =
      rows.reduce(0.0) { $0 + abs($1.1[trusted].mean - $1.0) } / Double(max(rows.count, 1))
    squaredBias = bias * bias
    // Intervals are measured on what the mixtures above make of the same trials.
    multipliers = EstimatorName.answering.map { name in
      let ratios = rows.map { truth, estimates in
        let own = value(name, estimates)
        return abs(own.mean - truth) / max(own.deviation, 1e-9)
      }
      return IntervalMultipliers.quantile(ratios)
    }
  }

  /// Every estimator's estimate with its 95% interval: its own, or else as inner folds say.
  func completed(_ estimates: [EstimatedAccuracy]) -> [(EstimatorName, Double, ClosedRange<Double>)] {
    zip(EstimatorName.answering, multipliers).map { name, multiplier in
      let own = value(name, estimates)
      let half = 1.959964 * multiplier * own.deviation
      // A mixture's rounding may carry an estimate beyond the ends.
      let low = min(max(own.mean - half, 0), 1)
      return (name, own.mean, own.interval ?? low...max(low, min(own.mean + half, 1)))
    }
  }

  private func value(_ name: EstimatorName, _ estimates: [EstimatedAccuracy]) -> EstimatedAccuracy {
    if let place = EstimatorName.direct.firstIndex(of: name) { return estimates[place] }
    func direct(_ name: EstimatorName) -> EstimatedAccuracy {
      estimates[EstimatorName.direct.firstIndex(of: name) ?? 0]
    }
    if name == .gpIRT {
      let (weighted, mirt) = (direct(.weighted), direct(.mirt))
      let variance = mirt.mean * (1 - mirt.mean) / (4 * count)
      let share = squaredBias / max(squaredBias + variance, 1e-12)
      return EstimatedAccuracy(
        mean: share * weighted.mean + (1 - share) * mirt.mean,
        deviation: share * weighted.deviation + (1 - share) * mirt.deviation)
    }
    return EstimatedAccuracy(
      mean: stack.mixed(Self.mixed(estimates).map(\.mean)),
      deviation: stack.mixed(Self.mixed(estimates).map(\.deviation)))
  }

  /// The estimates that the mixture is made of.
  private static func mixed(_ estimates: [EstimatedAccuracy]) -> [EstimatedAccuracy] {
    Array(estimates.prefix(EstimatorName.mixed.count))
  }
}
