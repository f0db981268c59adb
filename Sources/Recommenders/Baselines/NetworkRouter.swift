import NumericKernels
import RoutingData

/// A network that gives a logit for each candidate of the pool it was trained on.
///
/// Its scores are the logits, so that E_p takes their softmax (RouterEval §4).
struct NetworkRouter: Router {
  let name: String
  let network: FeedForwardNetwork
  /// The output of each LLM.
  let columns: [String: Int]

  /// The logits, n × m; cost 2·n·(number of weights) operations.
  ///
  /// - Throws: `DataError` for an LLM that was no candidate, or embeddings of another length or not finite.
  func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    let outputs = try llms.map { llm throws(DataError) in
      guard let column = columns[llm] else {
        throw DataError("router '\(name)': unknown LLM '\(llm)', not in the pool that it was trained on")
      }
      return column
    }
    let dimensions = network.layers[0].weights.columns
    guard batch.embeddings.columns == dimensions else {
      throw DataError(
        "router '\(name)': embeddings of \(batch.embeddings.columns) dimensions, trained on \(dimensions)")
    }
    guard batch.embeddings.isFinite else {
      throw DataError(
        "router '\(name)': an embedding of benchmark '\(batch.benchmark)' holds a value that is not finite")
    }
    return network.outputs(batch.embeddings).selecting(columns: outputs)
  }

  /// σ of the logits.
  func predictedResponses(ofScores scores: Matrix) -> Matrix? { Elementwise.sigmoid(scores) }
}
