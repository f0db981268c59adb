import Evaluation
import Foundation

/// What routers trained on logs of one kind by one method lose on average.
public struct LossSummary: Codable, Equatable, Sendable {
  /// The method that all others are compared with: no correction.
  public static let naive = "none"
  /// The logger that all others are compared with.
  public static let uniform = "uniform"

  /// The kind of the logs.
  public let kind: LogKind
  /// The method.
  public let method: String
  /// The number of logs.
  public let logs: Int
  /// The mean loss in μ against a router trained on all answers.
  public let loss: Double
  /// Its standard error over logs; nil for one log.
  public let standardError: Double?
  /// How much less is lost than without a correction, on the same logs; nil without such routers.
  public let gain: Double?
  /// Its standard error over logs, paired.
  public let gainError: Double?
  /// The share of what is lost beyond a uniform log of equal size, without a correction, that the method wins back; nil where
  /// nothing to speak of is lost beyond it.
  public let recovered: Double?

  private enum CodingKeys: String, CodingKey {
    case kind, method, logs, loss, gain, recovered
    case standardError = "loss_se"
    case gainError = "gain_se"
  }

  /// Less than this in μ beyond a uniform log, or than so many standard errors over logs, is nothing to win back.
  private static let leastExcess = (value: 0.001, errors: 2.0)

  /// The share that a method wins back of what plain training loses beyond a uniform log; nil where that is nothing to
  /// speak of.
  package static func recovered(_ loss: Double, plain: MeanError, uniform: MeanError) -> Double? {
    let noise = hypot(plain.standardError ?? 0, uniform.standardError ?? 0)
    let excess = plain.mean - uniform.mean
    guard excess > max(leastExcess.value, leastExcess.errors * noise) else { return nil }
    return (plain.mean - loss) / excess
  }

  /// The summaries by kind and method, in the order of their first router.
  static func of(_ routers: [LearnedRouter]) -> [LossSummary] {
    struct Key: Hashable {
      let kind: LogKind
      let method: String
    }
    let groups = routers.groupedInOrder { Key(kind: $0.kind, method: $0.method) }
    let cells = Dictionary(
      uniqueKeysWithValues: groups.map { key, own in
        (key, Dictionary(own.map { ($0.log, $0.loss) }) { _, last in last })
      })
    func losses(_ kind: LogKind, _ method: String) -> MeanError? {
      cells[Key(kind: kind, method: method)].map { MeanError($0.sorted { $0.key < $1.key }.map(\.value)) }
    }
    return groups.map { key, _ in
      let own = cells[key] ?? [:]
      let loss = MeanError(own.sorted { $0.key < $1.key }.map(\.value))
      let naive = cells[Key(kind: key.kind, method: Self.naive)] ?? [:]
      let gains = own.sorted { $0.key < $1.key }.compactMap { log, loss in naive[log].map { $0 - loss } }
      let gain = gains.isEmpty ? nil : MeanError(gains)
      let uniform = losses(key.kind.with(policy: Self.uniform), Self.naive)
      let recovered = losses(key.kind, Self.naive).flatMap { plain in
        uniform.flatMap { Self.recovered(loss.mean, plain: plain, uniform: $0) }
      }
      return LossSummary(
        kind: key.kind, method: key.method, logs: own.count, loss: loss.mean,
        standardError: loss.standardError, gain: gain?.mean, gainError: gain?.standardError,
        recovered: recovered)
    }
  }
}
