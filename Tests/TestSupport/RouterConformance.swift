import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData

/// What every router must do, checked on a planted checkerboard; one suite that all routers inherit.
///
/// Each check returns what it found wrong, one line for each fault, so that a test reads
/// `#expect(try conformance.faults() == [])`, and so that the suite itself can be tested on routers
/// that are broken on purpose.
package struct RouterConformance: Sendable {
  /// What a router can't be asked for.
  package enum Exemption: Sendable {
    /// It doesn't learn from embeddings, so it can't learn the checkerboard.
    case learning
    /// It accepts any name as an LLM.
    case unknownLLM
  }

  private let planted: TableBenchmark
  private let router: any Router
  private let exemptions: [Exemption]
  private let tolerance: Float

  /// A suite for the router that `make` builds, or trains, on a planted benchmark.
  ///
  /// Scores that should be equal may differ by `tolerance`.
  package init(
    except exemptions: [Exemption] = [], tolerance: Float = 1e-5,
    _ make: (TableBenchmark) throws -> any Router
  ) throws {
    planted = try TableBenchmark.checkerboard()
    router = try make(planted)
    self.exemptions = exemptions
    self.tolerance = tolerance
  }

  /// The faults of all checks.
  package func faults() throws -> [String] {
    var faults = try shapeFaults() + repeatFaults() + poolOrderFaults() + batchFaults() + tieFaults()
    faults += nonFiniteFaults()
    if !exemptions.contains(.unknownLLM) { faults += unknownLLMFaults() }
    if !exemptions.contains(.learning) { faults += try learningFaults() }
    return faults
  }

  private func scores(_ llms: [String], _ batch: QueryBatch? = nil) throws -> Matrix {
    try router.scores(for: batch ?? planted.batch(), among: Candidates(llms)).values
  }

  /// A score for each query and LLM; probabilities with rows of sum 1; also for one LLM and no query.
  private func shapeFaults() throws -> [String] {
    var faults: [String] = []
    for llms in [planted.llmNames, ["llm2"]] {
      for batch in [planted.batch(), planted.batch(queries: [])] {
        let candidates = Candidates(llms)
        let scores = try router.scores(for: batch, among: candidates)
        do {
          try scores.check(of: router.name, for: batch, among: candidates)
          let probabilities = try SelectionProbabilities.of(
            router, scores: scores, for: batch, among: candidates)
          try ScorePlace(router: router.name, batch: batch, candidates: candidates)
            .require(distributions: probabilities, "selection probabilities")
          if llms.count == 1, probabilities.firstOutside((1 - 1e-6)...(1 + 1e-6)) != nil {
            faults.append("the only LLM of a pool has a selection probability other than 1")
          }
        } catch let error as DataError {
          faults.append(error.description)
        }
      }
    }
    return faults
  }

  /// The same question twice gets the same bits.
  private func repeatFaults() throws -> [String] {
    try scores(planted.llmNames) == scores(planted.llmNames) ? [] : ["scores differ from call to call"]
  }

  /// An LLM's score does not depend on its place in the pool.
  private func poolOrderFaults() throws -> [String] {
    let order = [2, 0, 3, 1]
    let straight = try scores(planted.llmNames)
    let shuffled = try scores(order.map { planted.llmNames[$0] })
    return differ(straight.selecting(columns: order), shuffled) ? ["scores depend on the pool's order"] : []
  }

  /// A query's scores do not depend on the other queries of the batch.
  private func batchFaults() throws -> [String] {
    let queries = planted.batch().rows ?? []
    let rows = [7, 3, 11]
    let all = try scores(planted.llmNames)
    let few = try scores(planted.llmNames, planted.batch(queries: rows.map { queries[$0] }))
    return differ(all.selecting(rows: rows), few) ? ["scores depend on the other queries of a batch"] : []
  }

  /// LLMs that answer alike (llm0 and llm2) may tie: picks are distributions under every rule.
  private func tieFaults() throws -> [String] {
    var faults: [String] = []
    let candidates = planted.candidates([0, 2])
    let scores = try router.scores(for: planted.batch(), among: candidates)
    for rule in TieRule.allCases {
      let picks = (router.policy ?? HighestScore(ties: rule)).picks(scores, among: candidates)
      for row in 0..<picks.rows where abs(picks.row(row).reduce(0, +) - 1) > 1e-6 {
        faults.append("picks of query \(row) under '\(rule.rawValue)' do not sum to 1")
      }
    }
    return faults
  }

  /// Embeddings that are not finite give an error or finite scores.
  private func nonFiniteFaults() -> [String] {
    var faults: [String] = []
    for value in [Float.nan, .infinity, -.infinity] {
      let batch = planted.batch()
      var embeddings = batch.embeddings
      embeddings[1, 0] = value
      let broken = QueryBatch(embeddings: embeddings, benchmark: batch.benchmark, rows: batch.rows)
      if let scores = try? scores(planted.llmNames, broken), !scores.isFinite {
        faults.append("an embedding of \(value) gives scores that are not finite, and no error")
      }
    }
    return faults
  }

  /// A name that no LLM has is a `DataError` that says the name.
  private func unknownLLMFaults() -> [String] {
    do {
      _ = try scores(["llm0", "nobody"])
      return ["an unknown LLM gives no error"]
    } catch let error as DataError {
      return error.description.contains("nobody") ? [] : ["the error does not name the unknown LLM: \(error)"]
    } catch {
      return ["an unknown LLM gives another error than DataError: \(error)"]
    }
  }

  /// μ on the checkerboard's test queries is at least 0.95, where the best single LLM has 0.5.
  private func learningFaults() throws -> [String] {
    let pool = try PoolResponses(
      planted.benchmark, llmNames: planted.llmNames,
      pool: CandidatePool(group: .strongToWeak, llms: [0, 1, 2, 3]))
    let evaluation = try PoolEvaluation(pool, of: planted.benchmark, embeddings: planted.embeddings)
    let mu = RoutingMetrics(try evaluation.route(router), pool: pool).mu
    return mu >= 0.95 ? [] : ["μ on the checkerboard is \(mu), expected at least 0.95"]
  }

  private func differ(_ left: Matrix, _ right: Matrix) -> Bool {
    guard left.shapeText == right.shapeText else { return true }
    return zip(left.storage, right.storage).contains { !(abs($0 - $1) <= tolerance) }
  }
}
