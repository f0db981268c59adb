import RoutingData

/// A logger by its name, such as `softmax:0.1`, before it has a pool.
package enum LoggerRecipe: Equatable, Sendable {
  /// Every LLM with the same probability.
  case uniform
  /// In proportion to 1/rank by train mean.
  case popularity
  /// In proportion to e^(score/T) of a base router.
  case softmax(temperature: Float)
  /// The highest score of a base router, uniform in a share of all queries.
  case epsilon(share: Float)
  /// The best single LLM of train, uniform in a share of all queries.
  case bestExplore(share: Float)
  /// Hard queries to strong LLMs, by answers of LLMs outside the pool; a strength of 0 is uniform.
  case difficulty(strength: Float)
  /// In proportion to 1/rank by cost, cheap LLMs first.
  case cost

  /// The names and what follows them, as help texts say it.
  package static let forms =
    "uniform, popularity, softmax:T, epsilon:E, best-explore:E, difficulty[:S] or cost"

  /// A recipe from its text.
  ///
  /// - Throws: `DataError` for another word, or a number that is missing, not wanted or out of range.
  package init(_ text: String) throws(DataError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let number = parts.count > 1 ? Float(parts[1]) : nil
    func share(_ what: String) throws(DataError) -> Float {
      guard let number, number >= 0, number <= 1 else {
        throw DataError("policy '\(text)': expected \(what):E, E the share of uniform picks, from 0 to 1")
      }
      return number
    }
    switch parts[0] {
    case "uniform" where parts.count == 1: self = .uniform
    case "popularity" where parts.count == 1: self = .popularity
    case "cost" where parts.count == 1: self = .cost
    case "softmax":
      guard let number, number >= 1e-6, number <= 1e6 else {
        throw DataError("policy '\(text)': expected softmax:T, T the temperature, from 1e-6 to 1e6")
      }
      self = .softmax(temperature: number)
    case "epsilon": self = .epsilon(share: try share("epsilon"))
    case "best-explore": self = .bestExplore(share: try share("best-explore"))
    case "difficulty":
      guard parts.count == 1 || number.map({ $0 >= 0 && $0 <= 100 }) ?? false else {
        throw DataError("policy '\(text)': expected difficulty:S, S the strength, from 0 to 100")
      }
      self = .difficulty(strength: number ?? 1)
    default: throw DataError("unknown policy '\(text)'; there are: \(Self.forms)")
    }
  }

  /// The text, which reads back as the same recipe.
  package var text: String {
    switch self {
    case .uniform: "uniform"
    case .popularity: "popularity"
    case .softmax(let temperature): "softmax:\(temperature)"
    case .epsilon(let share): "epsilon:\(share)"
    case .bestExplore(let share): "best-explore:\(share)"
    case .difficulty(let strength): "difficulty:\(strength)"
    case .cost: "cost"
    }
  }
}
