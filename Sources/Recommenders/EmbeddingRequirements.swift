import NumericKernels
import RoutingData

extension QueryBatch {
  /// Throws unless the embeddings are finite and of the given length, naming the router and the query.
  func requireEmbeddings(dimensions: Int, router: String) throws(DataError) {
    guard embeddings.columns == dimensions else {
      throw DataError(
        "router '\(router)': embeddings of \(embeddings.columns) dimensions for benchmark '\(benchmark)', "
          + "trained on \(dimensions)")
    }
    guard let place = embeddings.storage.firstIndex(where: { !$0.isFinite }) else { return }
    throw DataError(
      "router '\(router)': the embedding of query \(queries[place / dimensions]) of benchmark '\(benchmark)' "
        + "holds \(embeddings.storage[place]), expected finite numbers")
  }

  /// Throws unless there are train queries with finite embeddings.
  func requireTrainable(router: String) throws(DataError) {
    guard !queries.isEmpty else {
      throw DataError("router '\(router)': benchmark '\(benchmark)' has no train queries")
    }
    try requireEmbeddings(dimensions: embeddings.columns, router: router)
  }
}
