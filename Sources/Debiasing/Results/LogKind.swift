import RoutingData

/// What logs of one cell of the experiment have in common.
public struct LogKind: Codable, Hashable, Sendable {
  /// The benchmark.
  public let benchmark: String
  /// The number of candidates, m.
  public let size: Int
  /// How they relate in accuracy.
  public let group: CandidateGroup
  /// Who picked, such as `softmax:0.1`.
  public let policy: String
  /// Which answers were graded, such as `all`.
  public let grading: String
  /// The number of rows.
  public let rows: Int

  /// A kind from its parts.
  public init(
    benchmark: String, size: Int, group: CandidateGroup, policy: String, grading: String, rows: Int
  ) {
    self.benchmark = benchmark
    self.size = size
    self.group = group
    self.policy = policy
    self.grading = grading
    self.rows = rows
  }

  private enum CodingKeys: String, CodingKey {
    case benchmark
    case size = "m"
    case group, policy, grading, rows
  }

  /// The pool's name, `BENCHMARK/M/GROUP`.
  public var pool: String { "\(benchmark)/\(size)/\(group.rawValue)" }

  /// The same of logs that another policy made.
  func with(policy: String) -> LogKind {
    LogKind(
      benchmark: benchmark, size: size, group: group, policy: policy, grading: grading, rows: rows)
  }

  /// The columns of tables.
  static let columns = ["benchmark", "m", "group", "policy", "grading", "rows"]

  /// The fields of tables.
  var fields: [String] { [benchmark, "\(size)", group.rawValue, policy, grading, "\(rows)"] }

  /// A kind from the fields of a table; nil where one is none.
  init?(fields: some Collection<String>) {
    let own = Array(fields)
    guard own.count == Self.columns.count, let size = Int(own[1]), size > 0,
      let group = CandidateGroup(rawValue: own[2]), let rows = Int(own[5]), rows > 0
    else { return nil }
    self.init(
      benchmark: own[0], size: size, group: group, policy: own[3], grading: own[4], rows: rows)
  }
}

/// A router that was trained on a log, and what it earns of test queries whose answers are all known.
public struct LearnedRouter: Equatable, Sendable {
  /// The kind of the log.
  public let kind: LogKind
  /// The number of the log among those of its kind, from 0.
  public let log: Int
  /// How it was trained, such as `stack`.
  public let method: String
  /// Its μ on test.
  public let mu: Double
  /// The μ of a router that was trained on all answers.
  public let fullMu: Double

  /// A router from its parts.
  public init(_ kind: LogKind, log: Int, method: String, mu: Double, fullMu: Double) {
    self.kind = kind
    self.log = log
    self.method = method
    self.mu = mu
    self.fullMu = fullMu
  }

  /// What it loses in μ for not having seen all answers.
  public var loss: Double { fullMu - mu }
}

/// What a log says that a router would earn, beside what it does earn of the queries that the log is drawn from.
public struct EstimatedRouter: Equatable, Sendable {
  /// What the first estimator is called where it is drawn towards a model of the answers: for choosing among routers, not
  /// for saying what one is worth.
  public static let shrunkName = "shrunk"

  /// The kind of the log.
  public let kind: LogKind
  /// The number of the log among those of its kind, from 0.
  public let log: Int
  /// The router.
  public let router: String
  /// The estimator.
  public let estimator: String
  /// What it earns, μ over all queries of the log's population.
  public let truth: Double
  /// The estimate; nil where there is none.
  public let estimate: Double?
  /// The lower end of the 95% interval.
  public let low: Double
  /// The upper end.
  public let high: Double
  /// The effective sample size of the router's weights.
  public let effectiveSampleSize: Double

  /// An estimate from its parts.
  public init(
    _ kind: LogKind, log: Int, router: String, estimator: String, truth: Double, estimate: Double?,
    low: Double, high: Double, effectiveSampleSize: Double
  ) {
    self.kind = kind
    self.log = log
    self.router = router
    self.estimator = estimator
    self.truth = truth
    self.estimate = estimate
    self.low = low
    self.high = high
    self.effectiveSampleSize = effectiveSampleSize
  }

  /// Whether the interval holds the truth.
  public var isCovered: Bool { low <= truth && truth <= high }
}
