import NumericKernels
import RoutingData

extension Benchmark {
  /// Some of the benchmark's queries as routers get them.
  ///
  /// `embeddings` are those of all queries, queries × d, made by `encoder`. Cost: a copy of the rows.
  public func batch(of rows: [Int], embeddings: Matrix, encoder: String?) -> QueryBatch {
    QueryBatch(
      embeddings: embeddings.selecting(rows: rows), encoder: encoder, benchmark: name,
      subscenarios: queries.subscenarioNames(of: rows), rows: rows)
  }
}
