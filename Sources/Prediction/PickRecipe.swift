import Debiasing
import Routing
import RoutingData

/// How scores become picks, by its name, such as `softmax:0.1`.
package enum PickRecipe: Equatable, Sendable {
  /// The highest score, or the policy that the model carries.
  case argmax
  /// In proportion to e^(score/T).
  case softmax(temperature: Float)
  /// The highest score, uniform in a share of all queries.
  case epsilon(share: Float)

  /// The names and what follows them, as help texts say it.
  package static let forms = "argmax, softmax:T or epsilon:E"

  /// A recipe from its text.
  ///
  /// - Throws: `DataError` for another word, or a number that is missing, not wanted or out of range.
  package init(_ text: String) throws(DataError) {
    if text == "argmax" {
      self = .argmax
      return
    }
    switch try? LoggerRecipe(text) {
    case .softmax(let temperature): self = .softmax(temperature: temperature)
    case .epsilon(let share): self = .epsilon(share: share)
    default:
      throw DataError(
        "policy '\(text)': expected \(Self.forms), T from 1e-6 to 1e6, E from 0 to 1, as in softmax:0.1")
    }
  }

  /// The text, which reads back as the same recipe.
  package var text: String {
    switch self {
    case .argmax: "argmax"
    case .softmax(let temperature): "softmax:\(temperature)"
    case .epsilon(let share): "epsilon:\(share)"
    }
  }

  /// The policy, over what a router brings along where it picks the highest score.
  func policy(of router: any Router) -> any Policy {
    switch self {
    case .argmax: router.policy ?? HighestScore()
    case .softmax(let temperature): SoftmaxPolicy(temperature: temperature)
    case .epsilon(let share): ExploringPolicy(router.policy ?? HighestScore(), share: share)
    }
  }
}
