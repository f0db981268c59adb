import NumericKernels
import RoutingData

/// The router that is right with probability p and guesses otherwise (RouterEval's r_o(p)).
///
/// Its scores are the picks' probabilities themselves, p · oracle + (1 − p) / m, so that its metrics
/// are exact expectations where RouterEval simulates. p = 1 is the oracle, p = 0 the random router.
public struct MixRouter: Router {
  /// `mix:` and p, or the name given.
  public let name: String
  /// Each LLM is picked with the probability that is its score.
  public let policy = PickPolicy.proportional
  /// p, in [0, 1].
  public let oracleShare: Double
  private let known: KnownBenchmarks

  /// A mix of the oracle and a random choice for some benchmarks over one catalogue; copies no responses.
  ///
  /// - Throws: `DataError` for a share outside [0, 1].
  public init(
    oracleShare: Double, name: String? = nil, _ benchmarks: [Benchmark], catalog: LLMCatalog
  ) throws(DataError) {
    self.name = name ?? "mix:\(oracleShare)"
    guard oracleShare >= 0, oracleShare <= 1 else {
      throw DataError("router '\(self.name)': p is \(oracleShare), expected a number in [0, 1]")
    }
    self.oracleShare = oracleShare
    known = KnownBenchmarks(benchmarks, catalog: catalog)
  }

  /// The probability of each pick, n × m with rows of sum 1; the embeddings are not looked at.
  ///
  /// - Throws: `DataError` for an unknown benchmark, LLM or query, or a response that is missing.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    var scores = HighestScores.shared(try known.responses(for: batch, llms: llms, router: name))
    for index in scores.storage.indices {
      let shared = Double(scores.storage[index])
      scores.storage[index] = Float(oracleShare * shared + (1 - oracleShare) / Double(llms.count))
    }
    return scores
  }

  /// The scores.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) -> Matrix { scores }
}
