import NumericKernels
import RoutingData

/// The router that sends every query to one LLM: the candidate with the best mean on the train queries.
///
/// It is what a user could do without routing, so a router is worth something where it beats this one.
/// Where no candidate has a train response it knows nothing, and all candidates share every query.
public struct BestSingleRouter: Router {
  /// `best-single`.
  public let name = "best-single"
  /// One candidate has the highest score, except where nothing is known.
  public let policy = PickPolicy.shared
  private let known: KnownBenchmarks

  /// A router for some benchmarks over one catalogue; copies no responses.
  public init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    known = KnownBenchmarks(benchmarks, catalog: catalog)
  }

  /// 1 for the chosen candidate and 0 for the others, n × m; the embeddings are not looked at.
  ///
  /// - Throws: `DataError` for an unknown benchmark or LLM.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    let (benchmark, columns) = try known.lookUp(batch.benchmark, llms: llms, router: name)
    var scores = Matrix(rows: batch.queries.count, columns: llms.count)
    guard let best = benchmark.trainMeans(of: columns).best else { return scores }
    for row in 0..<scores.rows { scores[row, best] = 1 }
    return scores
  }

  /// 1 for the chosen candidate and 0 for the others, n × m.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) -> Matrix { HighestScores.shared(scores) }
}
