import Metrics

/// What a log says of some routers, as JSON has it.
package struct LogEvaluationResult: Codable, Sendable {
  /// The log's name.
  package let log: String
  /// Its benchmark.
  package let benchmark: String
  /// The parts of the split whose rows were evaluated.
  package let parts: [String]
  /// The number of rows.
  package let rows: Int
  /// The number of queries.
  package let queries: Int
  /// The LLMs.
  package let llms: [String]
  /// The level of the intervals.
  package let level: Double
  /// The router that others are compared with.
  package let baseline: String
  /// The routers in order, and last the best single LLM.
  package let routers: [RoutedLogResult]
  /// The best single LLM.
  package let bestSingle: BestSingleResult
  /// Which router is best; nil where fewer than two can be compared.
  package let selection: SelectionResult?
  /// What a user should know.
  package let notes: [String]

  private enum CodingKeys: String, CodingKey {
    case log, benchmark, parts, rows, queries, llms, level, baseline, routers, selection, notes
    case bestSingle = "best_single"
  }
}

/// What a log says of one router.
package struct RoutedLogResult: Codable, Sendable {
  /// The router's name.
  package let name: String
  /// How its scores became picks.
  package let policy: String
  /// The share of its picks that the logger would never make.
  package let unseenShare: Double
  /// The effective sample size.
  package let effectiveSampleSize: Double
  /// The estimates, one for each estimator.
  package let estimates: [EstimatedValue]
  /// The share of the rows that each LLM would be picked for.
  package let pickShares: [Double]
  /// The entropy of these shares in bits.
  package let pickEntropy: Double
  /// E_p; nil for the single LLM.
  package let classificationBias: Double?

  private enum CodingKeys: String, CodingKey {
    case name, policy, estimates
    case unseenShare = "unseen_share"
    case effectiveSampleSize = "ess"
    case pickShares = "pick_shares"
    case pickEntropy = "pick_entropy"
    case classificationBias = "ep"
  }
}

/// One estimator's word on a router.
package struct EstimatedValue: Codable, Sendable {
  /// The estimator.
  package let estimator: String
  /// The value; nil where there is none or only bounds are known.
  package let value: Double?
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double
  /// How the ends were found.
  package let interval: IntervalMethod
  /// How much more it earns than the baseline, paired; nil for the baseline and where only bounds are known.
  package let difference: Estimate?
  /// V_B by the single LLM chosen on other rows; nil for that LLM.
  package let bestSingleModelValue: Estimate?

  init(_ estimate: TargetEstimate, difference: Estimate?, bestSingleModelValue: Estimate?) {
    estimator = estimate.estimator
    value = estimate.value
    low = estimate.low
    high = estimate.high
    interval = estimate.method
    self.difference = estimate.value == nil ? nil : difference
    self.bestSingleModelValue = estimate.value == nil ? nil : bestSingleModelValue
  }

  private enum CodingKeys: String, CodingKey {
    case estimator, value, low, high, interval, difference
    case bestSingleModelValue = "vb"
  }
}

/// The best single LLM by a log.
package struct BestSingleResult: Codable, Sendable {
  /// The one that is best on other rows, the honest divisor of V_B.
  package let chosen: String
  /// The one with the highest estimate on the evaluated rows; nil where none can be estimated.
  package let highest: String?
  /// That estimate, which is too high: the highest of several is partly luck.
  package let highestValue: Double?
  /// By how much it is too high, about.
  package let bias: Double?

  private enum CodingKeys: String, CodingKey {
    case chosen, highest, bias
    case highestValue = "highest_value"
  }
}

/// Which router to choose by a log.
package struct SelectionResult: Codable, Sendable {
  /// One of the routers that were compared.
  package struct Entry: Codable, Sendable {
    /// Its name.
    package let name: String
    /// How likely it is the best.
    package let probability: Double
    /// How much less it earns than the chosen one, with intervals that hold for all at once; nil for the chosen one.
    package let disadvantage: Estimate?
  }

  /// The one with the highest estimate by the first estimator.
  package let best: String
  /// All of them.
  package let routers: [Entry]

  /// The chosen one and those that earn the same on every row, as routers do that pick alike.
  package var alike: [Entry] {
    routers.filter { one in
      guard let less = one.disadvantage else { return one.name == best }
      return [less.low, less.high].allSatisfy { $0.map { abs($0) < Self.rounding } ?? false }
    }
  }

  private static let rounding = 1e-9
}
