import NumericKernels
import Routing
import RoutingData

/// A policy that a log might be asked to evaluate, by its name.
package enum TargetRecipe: Equatable, Sendable {
  /// Every offered LLM with the same probability.
  case uniform
  /// The LLM of the best weighted mean response.
  case bestSingle
  /// The softmax of the responses that the features predict.
  case softmax(temperature: Float)

  /// The names, for help texts.
  package static let forms = "uniform, best-single and softmax:T"

  /// A target from its text.
  ///
  /// - Throws: `DataError` for another word or a temperature out of range.
  package init(_ text: String) throws(DataError) {
    switch text {
    case "uniform": self = .uniform
    case "best-single": self = .bestSingle
    default:
      guard text.hasPrefix("softmax:"), let temperature = Float(text.dropFirst(8)), temperature >= 1e-6,
        temperature <= 1e6
      else { throw DataError("unknown target '\(text)'; there are \(Self.forms), T from 1e-6 to 1e6") }
      self = .softmax(temperature: temperature)
    }
  }

  /// The text.
  package var text: String {
    switch self {
    case .uniform: "uniform"
    case .bestSingle: "best-single"
    case .softmax(let temperature): "softmax:\(temperature)"
    }
  }

  /// How much of a log is left for the target.
  func overlap(with log: Log, _ fit: CrossFit) -> LogCheck.Target {
    let best = bestLLM(of: log)
    var shares: Matrix?
    if case .softmax(let temperature) = self {
      shares = Elementwise.softmaxRows(fit.responses, temperature: temperature)
    }
    var (sum, squares, largest) = (0.0, 0.0, 0.0)
    for pick in log.picks {
      guard pick.response != nil, let seen = pick.seenPropensity, let place = fit.places[pick.query] else {
        continue
      }
      let offered = pick.offer.map { log.offers[$0] }
      let share: Double
      switch self {
      case .uniform: share = 1 / Double(offered?.count ?? log.llmCount)
      case .bestSingle: share = pick.llm == best ? 1 : 0
      case .softmax:
        let whole = offered.map { $0.reduce(0.0) { $0 + Double(shares?[place, $1] ?? 0) } } ?? 1
        share = whole > 0 ? Double(shares?[place, pick.llm] ?? 0) / whole : 0
      }
      let weight = share / seen
      sum += weight
      squares += weight * weight
      largest = max(largest, weight)
    }
    return LogCheck.Target(
      target: text, effectiveSize: squares > 0 ? sum * sum / squares : 0,
      largestShare: sum > 0 ? largest / sum : 0)
  }

  /// The LLM of the highest Σwy/Σw.
  private func bestLLM(of log: Log) -> Int? {
    var sums = [Double](repeating: 0, count: log.llmCount)
    var weights = sums
    for pick in log.picks {
      guard let response = pick.response, let seen = pick.seenPropensity else { continue }
      sums[pick.llm] += Double(response) / seen
      weights[pick.llm] += 1 / seen
    }
    let seen = sums.indices.filter { weights[$0] > 0 }
    return seen.max { (sums[$0] / weights[$0], $1) < (sums[$1] / weights[$1], $0) }
  }
}
