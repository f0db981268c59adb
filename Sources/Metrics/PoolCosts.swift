import NumericKernels
import RoutingData

/// What the candidates of a pool cost on the measured queries.
public struct PoolCosts: Sendable {
  /// What a query may be expected to cost with each candidate, m numbers of at least 0: what a router may know beforehand.
  public let expected: [Double]
  /// What each answer cost, n × m; that of the stand-in where one is missing.
  public let values: Matrix
  /// The mean of each column, m numbers.
  public let means: [Double]

  /// The costs of a pool's LLMs on some queries of a benchmark.
  ///
  /// Where answers have costs of their own, an LLM's expected cost is the mean over its train queries, which also stands for
  /// costs that are not known.
  ///
  /// - Throws: `DataError` for a benchmark without costs, or an LLM of which no train query has one.
  init(
    _ source: ResponseCosts, of benchmark: Benchmark, llmNames: [String], pool: CandidatePool, queries: [Int],
    _ availability: PoolAvailability?
  ) throws(DataError) {
    var answers = Matrix(rows: queries.count, columns: pool.size)
    switch source {
    case .byLLM(let costs):
      var known: [Double] = []
      for llm in pool.llms {
        guard let cost = costs[benchmark.llms[llm]] else {
          throw DataError("no cost of LLM '\(llmNames[llm])' is known")
        }
        known.append(cost)
      }
      expected = known
      for column in known.indices {
        for row in 0..<answers.rows { answers[row, column] = Float(known[column]) }
      }
    case .byResponse:
      guard let costs = benchmark.costs else {
        throw DataError(
          "benchmark '\(benchmark.name)' does not know what its answers cost: import them with --cost-column")
      }
      let train = benchmark.split.queries(in: .train)
      expected = try pool.llms.map { llm throws(DataError) in
        let known = train.map { Double(costs[$0, llm]) }.filter { !$0.isNaN }
        guard !known.isEmpty else {
          throw DataError("no cost of LLM '\(llmNames[llm])' on a train query is known")
        }
        return ShiftedMean.of(known)
      }
      for (row, query) in queries.enumerated() {
        for (column, llm) in pool.llms.enumerated() {
          let cost = costs[query, llm]
          answers[row, column] = cost.isNaN ? Float(expected[column]) : cost
        }
      }
    }
    values = availability?.filled(answers) ?? answers
    means = SingleLLMs.means(of: values)
  }

  /// The range of the single candidates' mean costs.
  public var range: ClosedRange<Double> { (means.min() ?? 0)...(means.max() ?? 0) }
}
