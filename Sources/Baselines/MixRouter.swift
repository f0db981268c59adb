import Metrics
import NumericKernels
import Routing
import RoutingData

/// The router that is right with probability p and guesses otherwise (RouterEval's r_o(p)).
///
/// Its scores are the picks' probabilities themselves, p · oracle + (1 − p) / m, so that its metrics
/// are exact expectations where RouterEval simulates. p = 1 is the oracle, p = 0 the random router.
package struct MixRouter: Router {
  /// `mix:` and p, or the name given.
  package let name: String
  /// Each LLM is picked with the probability that is its score.
  package var policy: (any Policy)? { ProportionalToScore() }
  /// p, in [0, 1].
  package let oracleShare: Double
  private let known: KnownBenchmarks

  /// A mix of the oracle and a random choice for some benchmarks over one catalogue; copies no responses.
  ///
  /// - Throws: `DataError` for a share outside [0, 1].
  package init(
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
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    Scores(
      mixed(SharedHighestScore.shares(of: try known.responses(to: batch, of: candidates, router: name))))
  }
}

extension MixRouter: PublishesSelectionProbabilities {
  /// p · (the oracle's probabilities) + (1 − p) / m, n × m: on grades between 0 and 1 not what it picks with.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix {
    mixed(OracleRouter.published(try known.responses(to: batch, of: candidates, router: name)))
  }

  /// p · shares + (1 − p) / m.
  private func mixed(_ shares: Matrix) -> Matrix {
    let guessed = (1 - oracleShare) / Double(shares.columns)
    return shares.mapped { Float(oracleShare * Double($0) + guessed) }
  }
}
