import Evaluation
import Foundation
import Metrics
import NumericKernels

/// The bootstrap as its definition reads: draw queries, write them down, measure them.
///
/// Slow and in `Double` throughout; draws the same queries as `Bootstrap`.
package enum ReferenceBootstrap {
  /// A query of a resample, as a position among those measured, and how much it counts.
  package typealias Draw = (query: Int, weight: Double)

  /// One resample: from n queries of a stratum n − 1, each counting n / (n − 1).
  ///
  /// Sub-scenarios with one query are one stratum together, behind the others; a single one joins the smallest.
  package static func draw(_ pool: PoolResponses, seed: UInt64, resample: Int) -> [Draw] {
    var generator = SeededGenerator(seed: seed, stream: "bootstrap/\(pool.benchmark)", resample)
    var strata: [[Int]] = []
    var single: [Int] = []
    for label in Set(pool.strata).sorted() {
      let members = pool.strata.indices.filter { pool.strata[$0] == label }
      if members.count == 1 { single += members } else { strata.append(members) }
    }
    if single.count == 1, let smallest = strata.map(\.count).min(),
      let place = strata.firstIndex(where: { $0.count == smallest })
    {
      strata[place] = (strata[place] + single).sorted()
    } else if !single.isEmpty {
      strata.append(single.sorted())
    }
    var drawn: [Draw] = []
    for members in strata {
      let draws = max(1, members.count - 1)
      for _ in 0..<draws {
        drawn.append((members[generator.below(members.count)], Double(members.count) / Double(draws)))
      }
    }
    return drawn
  }

  /// Every measured query once.
  package static func all(_ pool: PoolResponses) -> [Draw] { pool.queries.indices.map { ($0, 1) } }

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
    _ routed: RoutedQueries, pool: PoolResponses, drawn: [Draw]
  ) -> Statistics {
    let count = drawn.reduce(0) { $0 + $1.weight }
    let candidates = 0..<pool.llms.count
    var pickEntropy = 0.0
    for candidate in candidates {
      let share = drawn.reduce(0.0) { $0 + $1.weight * Double(routed.picks[$1.query, candidate]) } / count
      if share > 0 { pickEntropy -= share * log2(share) }
    }
    let means = candidates.map { candidate in
      drawn.reduce(0.0) { $0 + $1.weight * Double(pool.values[$1.query, candidate]) } / count
    }
    let mu = drawn.reduce(0.0) { $0 + $1.weight * routed.rewards[$1.query] } / count
    let oracle =
      drawn.reduce(0.0) { total, draw in
        total + draw.weight * (candidates.map { Double(pool.values[draw.query, $0]) }.max() ?? 0)
      } / count
    let single = pool.trainBest.map { means[$0] }
    let gapClosed = single.flatMap { oracle - $0 < 1e-6 ? nil : (mu - $0) / (oracle - $0) }
    return Statistics(
      mu: mu,
      classificationBias: drawn.reduce(0.0) { $0 + $1.weight * routed.entropies[$1.query] } / count,
      pickEntropy: pickEntropy, bestSingle: means.max() ?? 0, single: means, regret: oracle - mu,
      gapClosed: gapClosed)
  }

  /// The Brier score, the expected calibration error and the log-loss of predictions on the drawn queries.
  ///
  /// The calibration error as it is usually written: over ten bins, the share of the cells in a bin times the
  /// distance between their mean response and their mean prediction.
  package static func calibration(
    _ predicted: Matrix, pool: PoolResponses, drawn: [Draw]
  ) -> (brier: Double, error: Double, logLoss: Double) {
    typealias Cell = (prediction: Double, response: Double, weight: Double)
    var bins = [[Cell]](repeating: [], count: 10)
    for (query, weight) in drawn {
      for candidate in 0..<pool.llms.count {
        let prediction = predicted[query, candidate]
        bins[min(9, Int(prediction * 10))].append(
          (Double(prediction), Double(pool.values[query, candidate]), weight))
      }
    }
    let cells = bins.flatMap { $0 }
    let count = cells.reduce(0.0) { $0 + $1.weight }
    let brier = cells.reduce(0.0) {
      $0 + $1.weight * ($1.prediction - $1.response) * ($1.prediction - $1.response)
    }
    let error = bins.filter { !$0.isEmpty }.reduce(0.0) { total, bin in
      let size = bin.reduce(0.0) { $0 + $1.weight }
      let confidence = bin.reduce(0.0) { $0 + $1.weight * $1.prediction } / size
      let accuracy = bin.reduce(0.0) { $0 + $1.weight * $1.response } / size
      return total + size / count * abs(accuracy - confidence)
    }
    let loss = cells.reduce(0.0) { total, cell in
      let believed = max(0.001, min(0.999, cell.prediction))
      return total - cell.weight * (cell.response * log(believed) + (1 - cell.response) * log(1 - believed))
    }
    return (brier / count, error, loss / count)
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
