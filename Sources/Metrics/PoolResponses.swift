import NumericKernels
import Routing
import RoutingData

/// What the candidates of a pool answered on the queries that a router is measured on.
///
/// Those are the queries of the measured part, test or validation, that every candidate answered: a response that is missing is neither
/// right nor wrong, so a query with one says nothing about a choice. Or, by `MissingRule.available`, all that some candidate answered,
/// each of which is a choice among those.
public struct PoolResponses: Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The part of the split that the queries belong to.
  public let measured: MeasuredPart
  /// How the candidates relate in accuracy.
  public let group: CandidateGroup
  /// The names of the candidates, m of them.
  public let llms: [String]
  /// The measured queries, as rows of the benchmark, n of them.
  public let queries: [Int]
  /// What was done with queries that not every candidate answered.
  public let missing: MissingRule
  /// The share of the part's queries that each candidate answered, m numbers in [0, 1].
  public let answeredShares: [Double]
  /// Who answered what; nil where every candidate answered every measured query.
  package let availability: PoolAvailability?
  /// The number of the part's queries left out because the response of a candidate, or of all of them, is missing.
  public let leftOutCount: Int
  /// The sub-scenario of each measured query.
  public let strata: [Int]
  /// The responses, n × m, each in [0, 1]; one that is missing is that of the candidate's stand-in, see `PoolAvailability`.
  public let values: Matrix
  /// The best response of any candidate to each measured query, n numbers in [0, 1].
  public let bestResponses: [Double]
  /// The mean response of each candidate over the measured queries.
  public let means: [Double]
  /// The mean response of each candidate over the train queries; nil where it answered none.
  public let trainMeans: [Double?]
  /// The position of the candidate with the best mean on the train queries; nil where there is none.
  public let trainBest: Int?
  /// The reference accuracy of V_R, RouterEval's or a user's; nil for a benchmark that has none.
  public let referenceAccuracy: Double?
  /// What answers cost; nil where nobody says.
  public let costs: PoolCosts?

  /// The responses of a pool to the queries of one part of a benchmark.
  ///
  /// `llmNames` are those of the benchmark's columns. Cost: one pass over queries × candidates.
  ///
  /// - Throws: `DataError` for an empty pool, an LLM twice or outside the benchmark, or no query of the
  ///   part that can be measured.
  public init(
    _ benchmark: Benchmark, llmNames: [String], pool: CandidatePool,
    measuredOn measured: MeasuredPart = .test,
    missing: MissingRule = .complete, costs source: ResponseCosts? = nil
  ) throws(DataError) {
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    let cell = "benchmark '\(benchmark.name)', \(pool.group.rawValue), m = \(pool.size)"
    guard pool.size > 0 else { throw DataError("\(cell): the pool is empty") }
    guard pool.llms.allSatisfy(llmNames.indices.contains), Set(pool.llms).count == pool.size else {
      throw DataError("\(cell): the pool has an LLM twice or one that the benchmark does not have")
    }
    let part = benchmark.split.queries(in: measured.part)
    let all = benchmark.responses.selecting(queries: part).selecting(llms: pool.llms).dense()
    let kept = part.indices.filter { row in
      missing == .complete
        ? all.row(row).allSatisfy { !$0.isNaN } : all.row(row).contains { !$0.isNaN }
    }
    guard !kept.isEmpty else {
      throw DataError(
        "\(cell): none of \(part.count) \(measured.rawValue) queries has a response of "
          + (missing == .available
            ? "any candidate" : "every candidate" + (part.isEmpty ? "" : ": see --missing available")))
    }
    let train = benchmark.trainMeans(of: pool.llms)
    let answers = all.selecting(rows: kept)
    availability = PoolAvailability(answers, order: train.order(of: pool.llms))
    let values = availability?.filled(answers) ?? answers
    self.values = values
    self.missing = missing
    answeredShares = (0..<all.columns).map { column in
      Double(all.column(column).count { !$0.isNaN }) / Double(part.count)
    }
    bestResponses = (0..<values.rows).map { Double(values.row($0).max() ?? 0) }
    means = SingleLLMs.means(of: values)
    queries = kept.map { part[$0] }
    strata = queries.map { benchmark.queries.subscenarios[$0] }
    leftOutCount = part.count - kept.count
    llms = pool.llms.map { llmNames[$0] }
    trainMeans = train.values
    trainBest = train.best
    group = pool.group
    self.measured = measured
    self.benchmark = benchmark.name
    referenceAccuracy = benchmark.referenceAccuracy(over: queries)
    if let source {
      costs = try PoolCosts(
        source, of: benchmark, llmNames: llmNames, pool: pool, queries: queries, availability)
    } else {
      costs = nil
    }
  }

  /// The candidates as routers get them.
  public var candidates: Candidates {
    Candidates(llms, trainMeans: trainMeans, costs: costs?.expected)
  }

  /// The position of the candidate with the best mean over the measured queries; the first of equals that answered any.
  public var testBest: Int { answering.reduce(answering[0]) { means[$1] > means[$0] ? $1 : $0 } }

  /// The positions of the candidates that answered a measured query: one that answered none is the rule of the others.
  private var answering: [Int] { means.indices.filter { answeredShares[$0] > 0 } }

  /// The mean response of the best single candidate over the measured queries, the divisor of V_B.
  public var bestSingleMean: Double { means[testBest] }
  /// The position of the candidate with the next best mean on the measured queries; nil where one candidate answered any.
  package var secondBest: Int? {
    let best = testBest
    return answering.filter { $0 != best }.max { (means[$0], $1) < (means[$1], $0) }
  }

  /// The mean of the best responses over the measured queries: what the oracle reaches.
  public var oracleMean: Double { ShiftedMean.of(bestResponses) }

  /// The mean response, over the measured queries, of the candidate that was best on train.
  public var trainBestMean: Double? { trainBest.map { means[$0] } }
}
