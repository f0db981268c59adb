import Learning
import NumericKernels
import RoutingData

/// Learned embeddings with the names of what they stand for.
public struct EmbeddingTable: Equatable, Sendable {
  /// Where the factors of a query come from.
  public enum Source: String, Sendable {
    /// Learned from its answers.
    case learned
    /// Made of its embedding.
    case mapped
  }

  /// What is embedded: an LLM's name, or a query's, see `QueryExport`.
  public let names: [String]
  /// The factors, one row for each name, n × k.
  public let vectors: Matrix
  /// The bias that belongs to each row.
  public let biases: [Float]

  /// Where each row comes from; nil where that is no question.
  public let sources: [Source]?

  /// A table from its parts, all of one length.
  public init(names: [String], vectors: Matrix, biases: [Float], sources: [Source]? = nil) {
    precondition(
      names.count == vectors.rows && names.count == biases.count
        && sources?.count ?? names.count == names.count,
      "parts of different lengths")
    self.sources = sources
    self.names = names
    self.vectors = vectors
    self.biases = biases
  }
}

extension EmbeddingTable {
  /// The same with vectors of length 1; those of zeros stay.
  public var normalized: EmbeddingTable {
    EmbeddingTable(names: names, vectors: vectors.withRowsOfLengthOne, biases: biases, sources: sources)
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
