import Evaluation
import Foundation
import Metrics
import NumericKernels

/// The bootstrap as its definition reads: draw queries, write them down, measure them.
///
/// Slow and in `Double` throughout; draws the same queries as `Bootstrap`.
package enum ReferenceBootstrap {
  /// One resample: the drawn queries, as positions among those measured.
  package static func draw(_ pool: PoolResponses, seed: UInt64, resample: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: "bootstrap/\(pool.benchmark)", resample)
    var drawn: [Int] = []
    for stratum in Set(pool.strata).sorted() {
      let members = pool.strata.indices.filter { pool.strata[$0] == stratum }
      for _ in members { drawn.append(members[generator.below(members.count)]) }
    }
    return drawn
  }

  /// One router's statistics on one resample.
  package struct Statistics: Sendable {
    /// The mean reward.
    package let mu: Double
    /// The mean entropy of the selection probabilities.
    package let classificationBias: Double
    /// The entropy of the mean pick distribution.
    package let pickEntropy: Double
    /// The best candidate's mean.
    package let bestSingle: Double
    /// The mean of the candidate with the given position: what one fixed LLM scores.
    package let single: [Double]
    /// The mean over the queries of the best response, less the mean reward.
    package let regret: Double
    /// The share of the gap between the train-chosen LLM and the oracle; nil without a gap.
    package let gapClosed: Double?
  }

  /// A router's statistics on the drawn queries.
  package static func statistics(
    _ routed: RoutedQueries, pool: PoolResponses, drawn: [Int]
  ) -> Statistics {
    let count = Double(drawn.count)
    let candidates = 0..<pool.llms.count
    var pickEntropy = 0.0
    for candidate in candidates {
      let share = drawn.reduce(0.0) { $0 + Double(routed.picks[$1, candidate]) } / count
      if share > 0 { pickEntropy -= share * log2(share) }
    }
    let means = candidates.map { candidate in
      drawn.reduce(0.0) { $0 + Double(pool.values[$1, candidate]) } / count
    }
    let mu = drawn.reduce(0.0) { $0 + routed.rewards[$1] } / count
    let oracle =
      drawn.reduce(0.0) { total, query in
        total + (candidates.map { Double(pool.values[query, $0]) }.max() ?? 0)
      } / count
    let single = pool.trainBest.map { means[$0] }
    let gapClosed = single.flatMap { oracle - $0 < 1e-6 ? nil : (mu - $0) / (oracle - $0) }
    return Statistics(
      mu: mu,
      classificationBias: drawn.reduce(0.0) { $0 + routed.entropies[$1] } / count,
      pickEntropy: pickEntropy, bestSingle: means.max() ?? 0, single: means, regret: oracle - mu,
      gapClosed: gapClosed)
  }

  /// The Brier score, the expected calibration error and the log-loss of predictions on the drawn queries.
  ///
  /// The calibration error as it is usually written: over ten bins, the share of the cells in a bin times the
  /// distance between their mean response and their mean prediction.
  package static func calibration(
    _ predicted: Matrix, pool: PoolResponses, drawn: [Int]
  ) -> (brier: Double, error: Double, logLoss: Double) {
    var bins = [[(prediction: Double, response: Double)]](repeating: [], count: 10)
    for query in drawn {
      for candidate in 0..<pool.llms.count {
        let prediction = predicted[query, candidate]
        bins[min(9, Int(prediction * 10))].append((Double(prediction), Double(pool.values[query, candidate])))
      }
    }
    let cells = bins.flatMap { $0 }
    let brier = cells.reduce(0.0) { $0 + ($1.prediction - $1.response) * ($1.prediction - $1.response) }
    let error = bins.filter { !$0.isEmpty }.reduce(0.0) { total, bin in
      let size = Double(bin.count)
      let confidence = bin.reduce(0.0) { $0 + $1.prediction } / size
      let accuracy = bin.reduce(0.0) { $0 + $1.response } / size
      return total + size / Double(cells.count) * abs(accuracy - confidence)
    }
    let loss = cells.reduce(0.0) { total, cell in
      let believed = max(0.001, min(0.999, cell.prediction))
      return total - cell.response * log(believed) - (1 - cell.response) * log(1 - believed)
    }
    return (brier / Double(cells.count), error, loss / Double(cells.count))
  }

  /// The share of the pairs of a right and a wrong answer in which the right one has the higher prediction.
  ///
  /// Every two cells are compared; a graded answer is as much right as its grade. nil without a pair.
  package static func areaUnderCurve(_ predicted: Matrix, pool: PoolResponses) -> Double? {
    var (won, pairs) = (0.0, 0.0)
    for (right, first) in zip(pool.values.storage, predicted.storage) {
      for (wrong, second) in zip(pool.values.storage, predicted.storage) {
        let weight = Double(right) * (1 - Double(wrong))
        pairs += weight
        won += first > second ? weight : first == second ? weight / 2 : 0
      }
    }
    return pairs > 0 ? won / pairs : nil
  }
}
