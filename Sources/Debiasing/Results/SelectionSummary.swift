import Evaluation

/// What is lost by choosing among routers by what an estimator says of them.
public struct SelectionSummary: Codable, Equatable, Sendable {
  /// The kind of the logs.
  public let kind: LogKind
  /// The estimator that chooses.
  public let estimator: String
  /// The number of logs.
  public let logs: Int
  /// The number of routers.
  public let routers: Int
  /// The mean of the best router's truth less the chosen one's.
  public let regret: Double
  /// Its standard error over logs; nil for one log.
  public let standardError: Double?
  /// What the choice of any router by lot loses.
  public let regretByLot: Double
  /// The share of logs on which the best router was chosen.
  public let isBest: Double

  private enum CodingKeys: String, CodingKey {
    case kind, estimator, logs, routers, regret
    case standardError = "regret_se"
    case regretByLot = "regret_by_lot"
    case isBest = "best_chosen"
  }

  /// The summaries by kind and estimator, in the order of their first estimate; kinds with one router have none.
  static func of(_ estimates: [EstimatedRouter]) -> [SelectionSummary] {
    struct Key: Hashable {
      let kind: LogKind
      let estimator: String
    }
    let cells = estimates.groupedInOrder { Key(kind: $0.kind, estimator: $0.estimator) }
    return cells.compactMap { key, all in
      let logs = Dictionary(grouping: all, by: \.log)
      let choices = logs.sorted { $0.key < $1.key }.compactMap { $0.value.count > 1 ? Choice($0.value) : nil }
      guard let first = choices.first else { return nil }
      let regret = MeanError(choices.map(\.regret))
      return SelectionSummary(
        kind: key.kind, estimator: key.estimator, logs: choices.count, routers: first.routers,
        regret: regret.mean, standardError: regret.standardError,
        regretByLot: MeanError(choices.map(\.regretByLot)).mean,
        isBest: MeanError(choices.map { $0.regret == 0 ? 1 : 0 }).mean)
    }
  }

  /// One log's choice: the highest estimate, the first of equals; a router without an estimate is never chosen.
  private struct Choice {
    let routers: Int
    let regret: Double
    let regretByLot: Double

    init(_ estimates: [EstimatedRouter]) {
      let best = estimates.map(\.truth).max() ?? 0
      let chosen = estimates.indices.reduce(0) {
        estimates[$1].estimate ?? -.infinity > estimates[$0].estimate ?? -.infinity ? $1 : $0
      }
      routers = estimates.count
      regret = best - estimates[chosen].truth
      regretByLot = best - MeanError(estimates.map(\.truth)).mean
    }
  }
}
