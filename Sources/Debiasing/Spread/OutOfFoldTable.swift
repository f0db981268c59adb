import Evaluation
import FileFormats
import NumericKernels
import Routing
import RoutingData

/// Scores of the train queries of a benchmark by models that were trained without them.
struct OutOfFoldTable {
  /// Queries × LLMs.
  let scores: Scores
  /// The queries, as rows of the benchmark.
  let rows: [Int]
  /// The names of the LLMs.
  let llms: [String]

  /// The queries that every candidate answered.
  ///
  /// - Throws: `DataError` for a candidate without scores, or no such query.
  func sample(
    _ candidates: Candidates, _ cell: EvaluationCell, _ benchmark: Benchmark
  ) throws(DataError) -> SpreadSample {
    let columns = try CandidateColumns(llms).places(of: candidates, router: "the model")
    let all = benchmark.responses.selecting(queries: rows).selecting(llms: cell.pool.llms).dense()
    let complete = rows.indices.filter { row in all.row(row).allSatisfy { !$0.isNaN } }
    guard !complete.isEmpty else {
      throw DataError(
        "benchmark '\(benchmark.name)': no train query has a response of every candidate of the pool")
    }
    func part(_ matrix: Matrix) -> Matrix { matrix.selecting(rows: complete).selecting(columns: columns) }
    let values = part(scores.values)
    return SpreadSample(
      candidates: candidates,
      scores: Scores(
        values, probabilities: scores.probabilities.map(part), standardErrors: scores.standardErrors.map(part)
      ),
      published: Elementwise.softmaxRows(values), responses: all.selecting(rows: complete))
  }
}
