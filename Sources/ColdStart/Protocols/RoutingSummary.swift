import Evaluation

/// What a new LLM adds to pools of one size, by its number of answers: means over LLMs with standard errors.
public struct RoutingSummary: Codable, Equatable, Sendable {
  /// A mean and its standard error over LLMs.
  public struct Mean: Codable, Equatable, Sendable {
    /// The mean.
    public let value: Double
    /// The standard error; nil for one LLM.
    public let standardError: Double?

    /// The mean of one number of each LLM.
    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      value = mean
      let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
      standardError = values.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
    }

    /// The ratio of two sums with its standard error over LLMs, that of the residuals over the sum divided by (linearization).
    ///
    /// Nil unless the sum divided by is above 0.
    init?(ratioOf parts: [Double], to wholes: [Double]) {
      let (part, whole) = (Mean(parts).value, Mean(wholes).value)
      guard whole > 1e-9 else { return nil }
      let ratio = part / whole
      value = ratio
      standardError = Mean(zip(parts, wholes).map { $0 - ratio * $1 }).standardError.map { $0 / whole }
    }
  }

  /// The benchmark.
  public let benchmark: String
  /// The size of the pools.
  public let size: Int
  /// The number of answers.
  public let answers: Int
  /// The number of LLMs.
  public let llms: Int
  /// μ with all answers less μ with some.
  public let gap: Mean
  /// μ with some answers less μ without the LLM.
  public let gain: Mean
  /// How much of the gain with all answers is reached; nil where all answers gain nothing.
  public let share: Mean?
  /// μ with some answers less that of the best single LLM by all answers.
  public let overSingle: Mean
  /// V_B without the LLM.
  public let withoutRatio: Mean
  /// V_B with some answers.
  public let withRatio: Mean
  /// V_B with all answers.
  public let fullRatio: Mean

  /// The summaries of some pools, in the order of their first.
  public static func of(_ routed: [RoutedLLM]) -> [RoutingSummary] {
    routed.groupedInOrder { [$0.benchmark, String($0.size), String($0.answers)] }.map {
      RoutingSummary($0.elements)
    }
  }

  private init(_ routed: [RoutedLLM]) {
    (benchmark, size, answers) = (routed[0].benchmark, routed[0].size, routed[0].answers)
    var order: [String] = []
    for one in routed where !order.contains(one.llm) { order.append(one.llm) }
    let byLLM = Dictionary(grouping: routed, by: \.llm)
    func means(_ number: (RoutedLLM) -> Double) -> [Double] {
      order.compactMap { byLLM[$0] }.map { $0.reduce(0.0) { $0 + number($1) } / Double($0.count) }
    }
    func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 1 }
    llms = order.count
    gap = Mean(means { $0.full - $0.with })
    gain = Mean(means { $0.with - $0.without })
    share = Mean(ratioOf: means { $0.with - $0.without }, to: means { $0.full - $0.without })
    overSingle = Mean(means { $0.with - $0.single })
    withoutRatio = Mean(means { ratio($0.without, $0.bestWithout) })
    withRatio = Mean(means { ratio($0.with, $0.bestWith) })
    fullRatio = Mean(means { ratio($0.full, $0.bestWith) })
  }
}
