import Learning
import NumericKernels
import RoutingData

/// Learned embeddings with the names of what they stand for.
public struct EmbeddingTable: Equatable, Sendable {
  /// What is embedded: an LLM's name, or `benchmark/row` of a query.
  public let names: [String]
  /// The factors, one row for each name, n × k.
  public let vectors: Matrix
  /// The bias that belongs to each row.
  public let biases: [Float]

  /// A table from its parts, all of one length.
  public init(names: [String], vectors: Matrix, biases: [Float]) {
    precondition(names.count == vectors.rows && names.count == biases.count, "parts of different lengths")
    self.names = names
    self.vectors = vectors
    self.biases = biases
  }
}

extension FactorModel {
  /// The LLM embeddings, in the order of the catalogue.
  public var llmEmbeddings: EmbeddingTable {
    EmbeddingTable(names: identity.llms, vectors: llmFactors, biases: llmBiases)
  }

  /// The embeddings of the train queries, named `benchmark/row` by their row in the dataset.
  ///
  /// - Throws: `DataError` for a model that learns no factors of single queries.
  public func queryEmbeddings() throws(DataError) -> EmbeddingTable {
    guard !queries.isEmpty else {
      throw DataError(
        "a model of \(name) has no embeddings of single queries: it works them out from their encoder's"
      )
    }
    return EmbeddingTable(
      names: queries.flatMap { part in part.rows.map { "\(part.benchmark)/\($0)" } },
      vectors: .stacked(queries.map(\.factors)), biases: queries.flatMap(\.biases))
  }
}
