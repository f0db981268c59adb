import Metrics
import Routing

/// A router's metrics on one pool, each with its interval where it can have one.
public struct RouterResult: Codable, Equatable, Sendable {
  /// The router's name.
  public let name: String
  /// How its scores became picks, such as `highest`.
  public let policy: String
  /// The rule that broke its ties; nil for a policy that knows no ties.
  public let tieRule: TieRule?
  /// The share of the queries that each LLM of the cell was picked for.
  public let pickShares: [Double]
  /// The paired difference to the LLM that was best on train; nil where there is none.
  public let differenceToBestSingle: PairedDifference?
  /// The two-sided p-value of that difference in μ, see `PairedDifference`.
  public var pValue: Double? { differenceToBestSingle?.pValue }
  /// What it reaches at each cost; nil where costs are not known.
  public let costCurve: CostCurve?
  /// μ.
  public let mu: Estimate
  /// The metrics by key, as JSON has them; μ is among them.
  private let metrics: [String: MetricValue]

  /// The result of the router at a place of the replicates.
  ///
  /// `values` are those of the router on the queries as they are.
  public init(
    _ routed: RoutedQueries, _ values: RoutingMetrics, at index: Int, in replicates: BootstrapReplicates,
    pool: PoolResponses, metrics: [Metric] = MetricCatalog.all, costCurve: CostCurve? = nil
  ) {
    let router = replicates.routers[index]
    name = routed.router
    policy = routed.policy
    tieRule = routed.tieRule
    pickShares = routed.pickShares
    differenceToBestSingle = replicates.differenceToTrainBest(index, routed, values, pool: pool)
    self.costCurve = costCurve
    mu = replicates.estimate(.mu, values.mu, of: index, routed, pool: pool)
    self.metrics = metrics.reduce(into: [:]) { results, metric in
      guard let value = values[metric] else {
        results[metric.key] = .undefined
        return
      }
      results[metric.key] =
        router[metric] == nil
        ? .number(value) : .estimate(replicates.estimate(metric, value, of: index, routed, pool: pool))
    }
  }

  /// A metric's value with its interval, if it has one; nil where it is not defined or was not measured.
  public subscript(metric: Metric) -> Estimate? { metrics[metric.key]?.estimate }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    static let name = Key("name")
    static let policy = Key("policy")
    static let tieRule = Key("ties")
    static let pickShares = Key("pick_shares")
    static let difference = Key("difference_to_best_single")
    static let pValue = Key("p_value")
    static let costCurve = Key("cost_curve")
    /// Every other key is a metric's.
    static let fixed = Set(
      [name, policy, tieRule, pickShares, difference, pValue, costCurve].map(\.stringValue))
  }

  /// Reads what was written; every key that is not one of the router's own is a metric's.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    policy = try container.decode(String.self, forKey: .policy)
    tieRule = try container.decodeIfPresent(TieRule.self, forKey: .tieRule)
    pickShares = try container.decode([Double].self, forKey: .pickShares)
    differenceToBestSingle = try container.decodeIfPresent(PairedDifference.self, forKey: .difference)
    costCurve = try container.decodeIfPresent(CostCurve.self, forKey: .costCurve)
    mu = try container.decode(Estimate.self, forKey: Key(Metric.mu.key))
    metrics = try container.allKeys.filter { !Key.fixed.contains($0.stringValue) }.reduce(into: [:]) {
      $0[$1.stringValue] =
        try container.decodeNil(forKey: $1) ? .undefined : container.decode(MetricValue.self, forKey: $1)
    }
  }

  /// Writes all keys; an undefined metric is null, and a curve is left out where there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(policy, forKey: .policy)
    try container.encode(tieRule, forKey: .tieRule)
    try container.encode(pickShares, forKey: .pickShares)
    try container.encode(differenceToBestSingle, forKey: .difference)
    try container.encode(pValue, forKey: .pValue)
    try container.encodeIfPresent(costCurve, forKey: .costCurve)
    for (key, value) in metrics { try container.encode(value, forKey: Key(key)) }
  }
}

/// A metric of a result as JSON has it: null, a number, or a number with an interval.
enum MetricValue: Codable, Equatable, Sendable {
  case undefined
  case number(Double)
  case estimate(Estimate)

  /// The value, with its interval where it has one.
  var estimate: Estimate? {
    switch self {
    case .undefined: return nil
    case .number(let value): return Estimate(value, nil)
    case .estimate(let estimate): return estimate
    }
  }

  /// Reads a number or an estimate.
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .estimate(try container.decode(Estimate.self))
    }
  }

  /// Writes it as it was read.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .undefined: try container.encodeNil()
    case .number(let number): try container.encode(number)
    case .estimate(let estimate): try container.encode(estimate)
    }
  }
}
