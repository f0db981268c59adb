import FileFormats
import Metrics
import NumericKernels
import RoutingData

/// Where a pool came from.
public enum PoolSource: String, Codable, Sendable {
  /// It was published with the data.
  case published
  /// It was constructed here from all queries, by RouterEval's rules but with our random numbers.
  case constructed
  /// It was constructed here from the train queries alone.
  case constructedFromTrain = "constructed_from_train"
  /// A user named its LLMs.
  case own
}

/// A single LLM of a pool and its mean response on the measured queries.
public struct SingleLLM: Codable, Equatable, Sendable {
  /// Its name.
  public let llm: String
  /// Its mean response on the measured queries.
  public let mean: Double
}

/// What every router did on one pool of one benchmark.
public struct CellResult: Codable, Equatable, Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The number of candidates, m.
  public let size: Int
  /// The part of the split that routers were measured on.
  public let measured: MeasuredPart
  /// How the candidates relate in accuracy.
  public let group: CandidateGroup
  /// Where the pool came from.
  public let pools: PoolSource
  /// The names of the candidates, in the order of `pickShares`.
  public let llms: [String]
  /// The number of queries measured.
  public let queryCount: Int
  /// The number of the part's queries left out because the response of a candidate, or of all of them, is missing.
  public let leftOutCount: Int
  private let missingRule: MissingRule?
  private let isThin: Bool?
  /// The candidate with the best mean on the measured queries, the divisor of V_B.
  public let testBest: SingleLLM
  /// The V_B of a fixed LLM as good as that candidate, see `BootstrapReplicates`; nil where every
  /// candidate's mean is 0.
  public let nullBestSingleModelValue: Estimate?
  /// The candidate with the best mean on the train queries; nil where there are none.
  public let trainBest: SingleLLM?
  /// What the single candidates cost and reach; nil where costs are not known.
  public let singleCosts: SingleCosts?
  /// How the intervals were made.
  public let bootstrap: Bootstrap
  /// The routers, in the order in which they were given.
  public let routers: [RouterResult]
  /// The paired difference of every two routers: each router minus each one after it.
  public let differences: [RouterDifference]
  /// Why something is undefined, one line for each reason that applies.
  public let notes: [String]

  /// Routers of a cell that are measured already, and what is known of them.
  package struct Earlier: Sendable {
    /// The cell's result with them alone.
    package let result: CellResult
    /// What they did with the cell's queries; predictions are not needed.
    package let routed: [RoutedQueries]

    /// Measured routers; `routed` are those of the result, in its order.
    package init(_ result: CellResult, routed: [RoutedQueries]) {
      precondition(result.routers.count == routed.count, "\(routed.count) routers of \(result.routers.count)")
      self.result = result
      self.routed = routed
    }
  }

  /// The results of some routers on a pool's measured queries.
  ///
  /// `draws` made for another pool that measures the same queries spare drawing the resamples again.
  public init(
    _ pool: PoolResponses, source: PoolSource, routed: [RoutedQueries], bootstrap: Bootstrap,
    metrics: [Metric] = MetricCatalog.all, draws: BootstrapDraws? = nil
  ) {
    self.init(
      pool, source: source, routed: routed, after: nil, bootstrap: bootstrap, metrics: metrics, draws: draws)
  }

  /// The results of some routers beside others that are measured already, which stay as they are.
  ///
  /// The same bits as if all had been measured together.
  package init(
    _ pool: PoolResponses, source: PoolSource, routed: [RoutedQueries], after earlier: Earlier?,
    bootstrap: Bootstrap, metrics: [Metric] = MetricCatalog.all, draws: BootstrapDraws? = nil
  ) {
    let own = bootstrap.replicates(of: routed, pool: pool, metrics: metrics, draws: draws)
    let costs = CostReplicates(pool, routed, bootstrap, draws: draws)
    let ownValues = Parallel.map(routed.count) { RoutingMetrics(routed[$0], pool: pool, metrics: metrics) }
    var results = Parallel.map(routed.count) {
      RouterResult(
        routed[$0], ownValues[$0], at: $0, in: own, pool: pool, metrics: metrics,
        costCurve: costs?.curve($0, in: own))
    }
    let (all, values, replicates): ([RoutedQueries], [RoutingMetrics], BootstrapReplicates)
    if let earlier {
      let compared: [Metric] = [.mu, .bestSingleModelValue]
      let known = bootstrap.replicates(of: earlier.routed, pool: pool, metrics: compared, draws: draws)
      all = earlier.routed + routed
      values =
        Parallel.map(earlier.routed.count) {
          RoutingMetrics(earlier.routed[$0], pool: pool, metrics: compared)
        } + ownValues
      replicates = known.appending(routersOf: own)
      results = earlier.result.routers + results
    } else {
      (all, values, replicates) = (routed, ownValues, own)
    }
    let known = earlier?.routed.count ?? 0
    let pairs = all.indices.flatMap { first in
      all.indices.dropFirst(first + 1).map { (first: first, second: $0) }
    }
    // Those of two earlier routers are there, in the same order.
    let kept = earlier?.result.differences ?? []
    let isKept = kept.count == known * (known - 1) / 2
    let made = Parallel.map(pairs.count) { index -> RouterDifference? in
      let (first, second) = pairs[index]
      if isKept && second < known { return nil }
      return RouterDifference(
        all[first].router, minus: all[second].router,
        replicates.difference(first, minus: second, of: all, values, pool: pool))
    }
    var rest = kept[...]
    differences = made.compactMap { $0 ?? rest.popFirst() }
    benchmark = pool.benchmark
    size = pool.llms.count
    measured = pool.measured
    group = pool.group
    pools = source
    llms = pool.llms
    queryCount = pool.queries.count
    leftOutCount = pool.leftOutCount
    missingRule = pool.missing
    isThin = pool.queries.count < Self.enoughQueries
    testBest = SingleLLM(llm: pool.llms[pool.testBest], mean: pool.bestSingleMean)
    trainBest = pool.trainBest.map { SingleLLM(llm: pool.llms[$0], mean: pool.means[$0]) }
    singleCosts = costs?.singleCosts(in: own)
    self.bootstrap = bootstrap
    let null = replicates.nullBestSingleModelValue
    nullBestSingleModelValue = null
    routers = results
    notes = CellNotes.lines(pool, results, null: null, level: bootstrap.level)
  }

  /// The number of measured queries from which on a cell is believed.
  ///
  /// With n queries the mean of right and wrong answers has a 95% interval of ± 0.98/√n about one half, which is ± 0.18 at 30:
  /// more than nearly all routers differ by.
  public static let enoughQueries = 30

  /// Whether the cell has too few queries to tell routers apart.
  public var hasTooFewQueries: Bool { queryCount < Self.enoughQueries }

  /// What was done with queries that not every candidate answered.
  public var missing: MissingRule { missingRule ?? .complete }

  /// The number of queries of the measured part.
  public var partCount: Int { queryCount + leftOutCount }

  /// The result of the router with a name, compared by bytes.
  package func router(named name: String) -> RouterResult? {
    routers.first { Name($0.name) == Name(name) }
  }

  /// Whether the cell belongs to the benchmark with a name, compared by bytes.
  package func belongs(to benchmark: String) -> Bool { Name(self.benchmark) == Name(benchmark) }

  private enum CodingKeys: String, CodingKey {
    case benchmark
    case size = "m"
    case measured = "split"
    case group, pools, llms
    case queryCount = "queries"
    case leftOutCount = "left_out_queries"
    case missingRule = "missing"
    case isThin = "too_few_queries"
    case testBest = "test_best"
    case trainBest = "train_best"
    case singleCosts = "single_costs"
    case nullBestSingleModelValue = "null_vb"
    case bootstrap, routers, differences, notes
  }

  /// Writes all keys; what is undefined is null, and costs are left out where they are not known.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(benchmark, forKey: .benchmark)
    try container.encode(size, forKey: .size)
    try container.encode(measured, forKey: .measured)
    try container.encode(group, forKey: .group)
    try container.encode(pools, forKey: .pools)
    try container.encode(llms, forKey: .llms)
    try container.encode(queryCount, forKey: .queryCount)
    try container.encode(leftOutCount, forKey: .leftOutCount)
    try container.encode(missing, forKey: .missingRule)
    try container.encode(hasTooFewQueries, forKey: .isThin)
    try container.encode(testBest, forKey: .testBest)
    try container.encode(nullBestSingleModelValue, forKey: .nullBestSingleModelValue)
    try container.encode(trainBest, forKey: .trainBest)
    try container.encodeIfPresent(singleCosts, forKey: .singleCosts)
    try container.encode(bootstrap, forKey: .bootstrap)
    try container.encode(routers, forKey: .routers)
    try container.encode(differences, forKey: .differences)
    try container.encode(notes, forKey: .notes)
  }
}
