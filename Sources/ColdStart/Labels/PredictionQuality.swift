import Foundation
import NumericKernels

/// How good predictions of responses are: their log-loss, and V_B of routing by them in pools drawn by lot.
public struct PredictionQuality: Codable, Equatable, Sendable {
  /// The mean of −y·log p − (1 − y)·log(1 − p) over the responses.
  public let logLoss: Double
  /// V_B by the size of the pools, the mean over pools; sizes without a pool are left out.
  public let ratios: [Int: Double]

  /// The sizes of pools.
  static let sizes = [3, 5, 10]
  private static let pools = 20
  private static let least = 1e-3

  /// A quality from its parts.
  init(logLoss: Double, ratios: [Int: Double]) { (self.logLoss, self.ratios) = (logLoss, ratios) }

  /// The quality of the probabilities p, q × m, against responses, q × m, NaN for missing ones.
  ///
  /// `scores` are what is routed by, where that is something else. Pools are the same for the same number of LLMs and seed;
  /// each is routed on the queries that all of it answered.
  public init(_ predictions: Matrix, scores: Matrix? = nil, responses: Matrix, seed: UInt64) {
    var (loss, count) = (0.0, 0)
    for row in 0..<responses.rows {
      for column in 0..<responses.columns where !responses[row, column].isNaN {
        let p = min(max(Double(predictions[row, column]), Self.least), 1 - Self.least)
        let y = Double(responses[row, column])
        loss -= y * log(p) + (1 - y) * log(1 - p)
        count += 1
      }
    }
    logLoss = loss / Double(max(count, 1))
    var ratios: [Int: Double] = [:]
    for size in Self.sizes where size <= responses.columns {
      let values = Self.pools(of: size, among: responses.columns, seed: seed).compactMap {
        Self.ratio(scores ?? predictions, responses, pool: $0)
      }
      if !values.isEmpty { ratios[size] = values.reduce(0, +) / Double(values.count) }
    }
    self.ratios = ratios
  }

  /// Pools of a size by lot; one where it takes all LLMs.
  private static func pools(of size: Int, among count: Int, seed: UInt64) -> [[Int]] {
    var generator = SeededGenerator(seed: seed, stream: "label-pools/\(size)")
    return (0..<(size == count ? 1 : pools)).map { _ in
      var order = Array(0..<count)
      generator.shuffle(&order)
      return Array(order.prefix(size))
    }
  }

  /// μ of picking the highest score over the mean of the best single LLM; nil without a common query or a right answer.
  private static func ratio(_ scores: Matrix, _ responses: Matrix, pool: [Int]) -> Double? {
    let rows = (0..<responses.rows).filter { row in pool.allSatisfy { !responses[row, $0].isNaN } }
    let best = pool.map { llm in rows.reduce(0.0) { $0 + Double(responses[$1, llm]) } }.max() ?? 0
    guard best > 0 else { return nil }
    let routed = rows.reduce(0.0) { sum, row in
      let pick = pool.reduce(pool[0]) { scores[row, $1] > scores[row, $0] ? $1 : $0 }
      return sum + Double(responses[row, pick])
    }
    return routed / best
  }
}
