import NumericKernels

/// Scores some candidates, with everything that depends on them looked up already.
public protocol CandidateScorer: Sendable {
  /// As `Router.scores(for:among:)`, for the candidates and the benchmark that the scorer was made for.
  func scores(for batch: QueryBatch) throws -> Scores

  /// The scores, and how unsure the predicted responses are: standard errors, n × m in [0, 1]; nil for a router that
  /// does not say.
  func scoresWithErrors(for batch: QueryBatch) throws -> (scores: Scores, errors: Matrix?)
}

/// A router that looks candidates up once and then scores many batches, such as one query after the other.
public protocol PreparesCandidates: Router {
  /// A scorer for batches of a benchmark, or of none.
  ///
  /// - Throws: `DataError` for a candidate that the router does not know.
  func scorer(among candidates: Candidates, benchmark: String?) throws -> any CandidateScorer
}

extension Router {
  /// A scorer of any router: one that has nothing to prepare looks its candidates up for each batch.
  public func preparedScorer(among candidates: Candidates, benchmark: String?) throws -> any CandidateScorer {
    if let preparing = self as? any PreparesCandidates {
      return try preparing.scorer(among: candidates, benchmark: benchmark)
    }
    return PlainScorer(router: self, candidates: candidates)
  }
}

/// A router with its candidates.
private struct PlainScorer: CandidateScorer {
  let router: any Router
  let candidates: Candidates

  func scores(for batch: QueryBatch) throws -> Scores { try router.scores(for: batch, among: candidates) }

  func scoresWithErrors(for batch: QueryBatch) throws -> (scores: Scores, errors: Matrix?) {
    (try scores(for: batch), nil)
  }
}
