import NumericKernels
import RoutingData

/// What the candidates of a pool cost on the measured queries.
public struct PoolCosts: Sendable {
  /// What a query may be expected to cost with each candidate, m numbers of at least 0: what a router may know beforehand.
  public let expected: [Double]
  /// What each answer cost, n × m; nil where every answer of an LLM costs the same.
  private let answers: Matrix?
  private let availability: PoolAvailability?
  /// The share of the answers to the measured queries whose cost is not known.
  public let unknownShare: Double

  /// The costs of a pool's LLMs on some queries of a benchmark.
  ///
  /// Where answers have costs of their own, an LLM's expected cost is the mean over its train queries, which also stands for
  /// costs that are not known.
  ///
  /// - Throws: `DataError` for a benchmark without costs, or an LLM of which no cost, or none on a train query, is known.
  init(
    _ source: ResponseCosts, of benchmark: Benchmark, llmNames: [String], pool: CandidatePool, queries: [Int],
    _ availability: PoolAvailability?
  ) throws(DataError) {
    self.availability = availability
    func known(_ costs: [Double?], _ where: String) throws(DataError) -> [Double] {
      try pool.llms.map { llm throws(DataError) in
        guard let cost = costs[llm] else {
          throw DataError(
            "no cost of LLM '\(llmNames[llm])'\(`where`) of benchmark '\(benchmark.name)' is known: give one, or name pools "
              + "without the LLM by --llms")
        }
        return cost
      }
    }
    switch source {
    case .byLLM(let costs):
      expected = try known(benchmark.llms.map { costs[$0] }, "")
      answers = nil
      unknownShare = 0
    case .byResponse:
      guard let costs = benchmark.costs else {
        let parts = benchmark.mix?.parts.map(\.benchmark).filter { $0.costs == nil } ?? []
        throw DataError(
          "benchmark '\(parts.first?.name ?? benchmark.name)' does not know what its answers cost: import them with "
            + "--cost-column")
      }
      let expected = try known(
        benchmark.meanCosts(of: benchmark.split.queries(in: .train)), " on a train query")
      var answers = Matrix(rows: queries.count, columns: pool.size)
      var (answered, unknown) = (0, 0)
      for (row, query) in queries.enumerated() {
        for (column, llm) in pool.llms.enumerated() {
          let cost = costs[query, llm]
          answers[row, column] = cost.isNaN ? Float(expected[column]) : cost
          guard availability.map({ $0.taker(of: row, for: column) == column }) ?? true else { continue }
          answered += 1
          if cost.isNaN { unknown += 1 }
        }
      }
      self.expected = expected
      self.answers = answers
      unknownShare = Double(unknown) / Double(max(answered, 1))
    }
  }

  /// What a measured query cost with a candidate, or with its stand-in where its answer is missing.
  public func cost(of query: Int, with candidate: Int) -> Double {
    let taker = availability?.taker(of: query, for: candidate) ?? candidate
    return answers.map { Double($0[query, taker]) } ?? expected[taker]
  }
}
