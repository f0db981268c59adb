import Foundation
import NumericKernels

/// Where a random search draws a setting from.
public enum SearchRange: Equatable, Sendable {
  /// Uniform between two numbers.
  case uniform(Double, Double)
  /// Uniform in the logarithm between two numbers above 0.
  case logUniform(Double, Double)
  /// One of some values with equal probability.
  case words([String])

  /// A value, as a user would type it; numbers have three digits.
  func draw(using generator: inout SeededGenerator) -> String {
    switch self {
    case .uniform(let low, let high):
      return Self.text(low + (high - low) * Double(generator.uniform()))
    case .logUniform(let low, let high):
      return Self.text(low * pow(high / low, Double(generator.uniform())))
    case .words(let words): return words[generator.below(words.count)]
    }
  }

  /// For help texts, such as `0.1 to 100, log scale`.
  public var text: String {
    switch self {
    case .uniform(let low, let high): return "\(shortText(low)) to \(shortText(high))"
    case .logUniform(let low, let high): return "\(shortText(low)) to \(shortText(high)), log scale"
    case .words(let words): return words.joined(separator: " | ")
    }
  }

  private static func text(_ value: Double) -> String {
    shortText(Double(String(format: "%.3g", value)) ?? value)
  }
}
