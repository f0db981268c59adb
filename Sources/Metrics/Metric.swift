/// A metric of routers: how it is called, what it takes of each query, and how its value follows from that.
///
/// A value and its replicates come from the same function: it sees the means of per-query columns, over the
/// queries as they are or over a resample of them. A new metric is a file that says this and a line in
/// `MetricCatalog`; results, tables and reports are made from the catalogue.
public struct Metric: Sendable {
  /// What a metric is about; tables show one family beside the other.
  public enum Family: Sendable {
    /// How good the picks are.
    case quality
    /// How the picks are spread over the candidates.
    case spread
    /// What the picks lose against the oracle.
    case loss
    /// How good the predicted responses are.
    case predictions
  }

  /// The per-query columns of a metric, each of n numbers; nil where it is not defined for a router.
  public typealias Columns = @Sendable (RoutedQueries, PoolResponses) -> [[Double]]?

  /// How a value is found.
  package enum Definition: Sendable {
    /// From the means of the columns alone.
    case means(Columns, value: @Sendable (_ means: [Double]) -> Double?)
    /// From the means of the columns and what others score on the same queries.
    case relative(Columns, value: @Sendable (_ means: [Double], MetricContext) -> Double?)
    /// From all queries together; no function of means, so it has no replicates.
    case whole(@Sendable (RoutedQueries, PoolResponses) -> Double?)
  }

  /// The name in JSON and CSV, such as `mu`.
  public let key: String
  /// The name in tables, such as `μ`.
  public let symbol: String
  /// What it is about.
  public let family: Family
  /// The number of decimals that reports show.
  public let decimals: Int
  /// What it means, for the glossary of a report.
  public let meaning: String
  package let definition: Definition
  /// The mean that decides it, or decides it where nearly all queries are alike; nil where there is none.
  package private(set) var boundedMean: Bounds?

  /// The numbers of queries that decide a metric, for intervals that know n; nil where it is certain by identity.
  public typealias Bounds = @Sendable (RoutedQueries, PoolResponses) -> BoundedMean?

  /// The metric with intervals that know the number of queries and the range of what they are about.
  public func bounded(_ bounds: @escaping Bounds) -> Metric {
    var metric = self
    metric.boundedMean = bounds
    return metric
  }

  /// A metric that is a function of the means of its columns, nil where they do not define it.
  public init(
    _ key: String, symbol: String, family: Family, decimals: Int = 3, meaning: String,
    columns: @escaping Columns, value: @escaping @Sendable (_ means: [Double]) -> Double?
  ) {
    self.init(key, symbol, family, decimals, meaning, .means(columns, value: value))
  }

  /// A metric that compares the means of its columns with what others score, nil where it is not defined.
  public init(
    _ key: String, symbol: String, family: Family, decimals: Int = 3, meaning: String,
    columns: @escaping Columns,
    relativeValue: @escaping @Sendable (_ means: [Double], MetricContext) -> Double?
  ) {
    self.init(key, symbol, family, decimals, meaning, .relative(columns, value: relativeValue))
  }

  /// A metric that is no function of means, and so has no interval.
  public init(
    _ key: String, symbol: String, family: Family, decimals: Int = 3, meaning: String,
    wholeValue: @escaping @Sendable (RoutedQueries, PoolResponses) -> Double?
  ) {
    self.init(key, symbol, family, decimals, meaning, .whole(wholeValue))
  }

  private init(
    _ key: String, _ symbol: String, _ family: Family, _ decimals: Int, _ meaning: String,
    _ definition: Definition
  ) {
    self.key = key
    self.symbol = symbol
    self.family = family
    self.decimals = decimals
    self.meaning = meaning
    self.definition = definition
  }

  /// Whether the bootstrap can tell how sure it is.
  public var hasInterval: Bool {
    if case .whole = definition { return false }
    return true
  }

  /// The per-query columns whose means decide it; nil where it is not defined for the router or no function of means.
  package func columns(_ routed: RoutedQueries, _ pool: PoolResponses) -> [[Double]]? {
    switch definition {
    case .means(let columns, _), .relative(let columns, _): return columns(routed, pool)
    case .whole: return nil
    }
  }

  /// The value on the queries as they are; nil where it is not defined.
  package func value(_ routed: RoutedQueries, pool: PoolResponses) -> Double? {
    switch definition {
    case .means(let columns, let value):
      return columns(routed, pool).flatMap { value($0.map(ShiftedMean.of)) }
    case .relative(let columns, let value):
      return columns(routed, pool).flatMap { value($0.map(ShiftedMean.of), MetricContext(pool)) }
    case .whole(let value):
      return value(routed, pool)
    }
  }

  /// A quotient, or nil for a divisor of 0.
  package static func ratio(_ dividend: Double, _ divisor: Double) -> Double? {
    divisor > 0 ? dividend / divisor : nil
  }
}

/// What the LLMs of a pool score on the queries, or on a resample of them, on which a router is measured.
public struct MetricContext: Equatable, Sendable {
  /// The mean response of the single LLM that is best on these queries.
  public let bestSingle: Double
  /// The mean response of the LLM that was best on train; nil where there is none.
  public let trainBest: Double?
  /// The mean of the best responses of any candidate.
  public let oracle: Double
  /// The accuracy of RouterEval's reference LLM; nil for a benchmark without one.
  public let reference: Double?

  package init(bestSingle: Double, trainBest: Double?, oracle: Double, reference: Double?) {
    self.bestSingle = bestSingle
    self.trainBest = trainBest
    self.oracle = oracle
    self.reference = reference
  }

  /// What they score on the measured queries as they are.
  package init(_ pool: PoolResponses) {
    self.init(
      bestSingle: pool.bestSingleMean, trainBest: pool.trainBestMean, oracle: pool.oracleMean,
      reference: pool.referenceAccuracy)
  }
}
