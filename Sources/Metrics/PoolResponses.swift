import NumericKernels
import Routing
import RoutingData

/// What the candidates of a pool answered on the queries that a router is measured on.
///
/// Those are the queries of the measured part, test or validation, that every candidate answered: a response that is missing is neither
/// right nor wrong, so a query with one says nothing about a choice.
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
  /// The number of the part's queries left out because a candidate's response to them is missing.
  public let leftOutCount: Int
  /// The sub-scenario of each measured query.
  public let strata: [Int]
  /// The responses, n × m, each in [0, 1].
  public let values: Matrix
  /// The best response of any candidate to each measured query, n numbers in [0, 1].
  public let bestResponses: [Double]
  /// The mean response of each candidate over the measured queries.
  public let means: [Double]
  /// The mean response of each candidate over the train queries; nil where it answered none.
  public let trainMeans: [Double?]
  /// The position of the candidate with the best mean on the train queries; nil where there is none.
  public let trainBest: Int?
  /// The accuracy of RouterEval's reference LLM; nil for a benchmark that has none.
  public let referenceAccuracy: Double?

  /// The responses of a pool to the queries of one part of a benchmark.
  ///
  /// `llmNames` are those of the benchmark's columns. Cost: one pass over queries × candidates.
  ///
  /// - Throws: `DataError` for an empty pool, an LLM twice or outside the benchmark, or no query of the
  ///   part that every candidate answered.
  public init(
    _ benchmark: Benchmark, llmNames: [String], pool: CandidatePool, measuredOn measured: MeasuredPart = .test
  ) throws(DataError) {
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    let cell = "benchmark '\(benchmark.name)', \(pool.group.rawValue), m = \(pool.size)"
    guard pool.size > 0 else { throw DataError("\(cell): the pool is empty") }
    guard pool.llms.allSatisfy(llmNames.indices.contains), Set(pool.llms).count == pool.size else {
      throw DataError("\(cell): the pool has an LLM twice or one that the benchmark does not have")
    }
    let part = benchmark.split.queries(in: measured.part)
    let all = benchmark.responses.selecting(queries: part).selecting(llms: pool.llms).dense()
    let complete = part.indices.filter { row in all.row(row).allSatisfy { !$0.isNaN } }
    guard !complete.isEmpty else {
      throw DataError(
        "\(cell): none of \(part.count) \(measured.rawValue) queries has a response of every candidate")
    }
    let values = all.selecting(rows: complete)
    self.values = values
    bestResponses = (0..<values.rows).map { Double(values.row($0).max() ?? 0) }
    means = SingleLLMs.means(of: values)
    queries = complete.map { part[$0] }
    strata = queries.map { benchmark.queries.subscenarios[$0] }
    leftOutCount = part.count - complete.count
    llms = pool.llms.map { llmNames[$0] }
    let train = benchmark.trainMeans(of: pool.llms)
    trainMeans = train.values
    trainBest = train.best
    group = pool.group
    self.measured = measured
    self.benchmark = benchmark.name
    referenceAccuracy = benchmark.referenceAccuracy(over: queries)
  }

  /// The candidates as routers get them.
  public var candidates: Candidates { Candidates(llms, trainMeans: trainMeans) }

  /// The position of the candidate with the best mean over the measured queries; the first of equals.
  public var testBest: Int { means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 } }

  /// The mean response of the best single candidate over the measured queries, the divisor of V_B.
  public var bestSingleMean: Double { means[testBest] }
  /// The position of the candidate with the next best mean on the measured queries; nil where there is one candidate.
  package var secondBest: Int? {
    let best = testBest
    return means.indices.filter { $0 != best }.max { (means[$0], $1) < (means[$1], $0) }
  }

  /// The mean of the best responses over the measured queries: what the oracle reaches.
  public var oracleMean: Double { ShiftedMean.of(bestResponses) }

  /// The mean response, over the measured queries, of the candidate that was best on train.
  public var trainBestMean: Double? { trainBest.map { means[$0] } }
}
