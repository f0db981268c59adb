import Evaluation

/// Predictions of unseen queries by one method and number of labels: means over folds with standard errors.
public struct UnseenSummary: Codable, Equatable, Sendable {
  /// How queries are predicted.
  public let method: String
  /// How many queries had answers.
  public let labels: Int
  /// The number of folds.
  public let folds: Int
  /// The mean log-loss.
  public let logLoss: RoutingSummary.Mean
  /// V_B by the size of pools.
  public let ratios: [Int: RoutingSummary.Mean]

  /// The summaries of some results, in the order of their first.
  public static func of(_ results: [UnseenResult]) -> [UnseenSummary] {
    results.groupedInOrder { [$0.method, String($0.labels)] }.map { UnseenSummary($0.elements) }
  }

  private init(_ results: [UnseenResult]) {
    (method, labels, folds) = (results[0].method, results[0].labels, results.count)
    logLoss = RoutingSummary.Mean(results.map(\.quality.logLoss))
    var ratios: [Int: RoutingSummary.Mean] = [:]
    for size in Set(results.flatMap { $0.quality.ratios.keys }) {
      ratios[size] = RoutingSummary.Mean(results.compactMap { $0.quality.ratios[size] })
    }
    self.ratios = ratios
  }
}
