import NumericKernels
import RoutingData

/// The router that knows every response: the upper bound of μ on a pool (RouterEval's r_o).
///
/// Its scores are the responses themselves. The candidates at the best grade of a query share it, so
/// that the picks and the selection probabilities are uniform over the LLMs that are right, and over
/// all where none is.
public struct OracleRouter: Router {
  /// `oracle`.
  public let name = "oracle"
  /// Equal grades share a query.
  public let policy = PickPolicy.shared
  private let known: KnownBenchmarks

  /// An oracle for some benchmarks over one catalogue; copies no responses.
  public init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    known = KnownBenchmarks(benchmarks, catalog: catalog)
  }

  /// The responses of the candidates, n × m, each in [0, 1]; the embeddings are not looked at.
  ///
  /// - Throws: `DataError` for an unknown benchmark, LLM or query, or a response that is missing.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    try known.responses(for: batch, llms: llms, router: name)
  }

  /// Uniform over the candidates at the best grade of each query, n × m.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) -> Matrix { HighestScores.shared(scores) }

  /// The responses.
  public func predictedResponses(ofScores scores: Matrix) -> Matrix? { scores }
}
