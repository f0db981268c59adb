import NumericKernels
import RoutingData

extension Benchmark {
  /// Some of the benchmark's queries as routers get them.
  ///
  /// `embeddings` are those of all queries, queries × d, made by `encoder`. Cost: a copy of the rows.
  public func batch(of rows: [Int], embeddings: Matrix, encoder: String?) -> QueryBatch {
    // Whoever hands in other embeddings than the benchmark's own has no encoders side by side.
    let parts = encoder.flatMap { widths(of: $0) }.flatMap {
      $0.reduce(0, +) == embeddings.columns ? $0 : nil
    }
    return QueryBatch(
      embeddings: embeddings.selecting(rows: rows), encoder: encoder, benchmark: name,
      subscenarios: queries.subscenarioNames(of: rows), rows: rows, widths: parts)
  }
}
