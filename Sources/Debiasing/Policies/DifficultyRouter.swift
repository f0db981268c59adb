import FileFormats
import NumericKernels
import Routing
import RoutingData

/// Scores that send hard queries to strong LLMs by something that no embedding holds: how others did answer the query.
///
/// s_ij = z_i·a_j, where z_i is the standardized share of wrong answers that LLMs outside the pool gave to query i, and
/// a_j the standardized rank of LLM j's mean response to the train queries. Such a logger knows more than a router
/// that learns from its log; only its propensities tell.
package struct DifficultyRouter: Router {
  /// `difficulty`.
  package let name = "difficulty"
  private let benchmark: String
  private let hardness: [Float]

  /// A router for a pool of a benchmark, whose candidates are columns.
  ///
  /// Where the pool leaves fewer than five LLMs out, all of the benchmark are asked. Cost: a pass over their responses.
  ///
  /// - Throws: `DataError` where every query is equally hard.
  package init(_ benchmark: Benchmark, pool: [Int]) throws(DataError) {
    let inPool = Set(pool)
    let outside = benchmark.llms.indices.filter { !inPool.contains($0) }
    let asked = outside.count >= Self.leastAsked ? Array(outside) : Array(benchmark.llms.indices)
    self.benchmark = benchmark.name
    let shares = Parallel.map(benchmark.queries.count) { query -> Double in
      var (sum, count) = (0.0, 0)
      for llm in asked {
        guard let response = benchmark.responses[query, llm] else { continue }
        sum += 1 - Double(response)
        count += 1
      }
      // A query that nobody else answered is taken for one of middling difficulty.
      return count > 0 ? sum / Double(count) : .nan
    }
    guard let standardized = Self.standardized(shares) else {
      throw DataError(
        "benchmark '\(benchmark.name)': all queries are equally hard for the LLMs outside the pool, so difficulty "
          + "can't decide; choose another policy")
    }
    hardness = standardized
  }

  private static let leastAsked = 5

  /// Numbers of mean 0 and variance 1, NaN becoming 0; nil where they do not differ.
  private static func standardized(_ values: [Double]) -> [Float]? {
    let known = values.filter { !$0.isNaN }
    let count = Double(max(known.count, 1))
    let mean = known.reduce(0, +) / count
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    guard deviation > 1e-9 else { return nil }
    return values.map { $0.isNaN ? 0 : Float(($0 - mean) / deviation) }
  }

  /// z_i·a_j, n × m; candidates without a train mean rank last.
  ///
  /// - Throws: `DataError` for queries that are no rows of the benchmark.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    guard batch.benchmark.map({ Name($0) == Name(benchmark) }) ?? false, let rows = batch.rows else {
      throw DataError("router '\(name)': it knows the queries of benchmark '\(benchmark)' alone")
    }
    let means = candidates.trainMeans.map { $0 ?? -1 }
    let order = means.indices.sorted { (means[$0], $1) < (means[$1], $0) }
    var ranks = [Double](repeating: 0, count: means.count)
    for (rank, llm) in order.enumerated() { ranks[llm] = Double(rank) }
    let strengths = Self.standardized(ranks) ?? ranks.map { _ in 0 }
    var values = Matrix(rows: batch.count, columns: candidates.count)
    for (place, row) in rows.enumerated() {
      let hardness = hardness[row]
      values.replaceRow(place, with: strengths.map { hardness * $0 })
    }
    return Scores(values)
  }
}
