import Models
import NumericKernels
import Routing
import RoutingData

/// Turns texts into embeddings of the model's encoder.
package protocol TextEncoding: Sendable {
  /// The embeddings of some texts, n × d.
  ///
  /// - Throws: where the encoder fails or answers what is no embedding.
  func embeddings(of texts: [String]) throws -> Matrix
  /// Takes no more texts.
  ///
  /// - Throws: where only now an earlier answer is seen to have been wrong.
  func finish() throws
}

extension ModelFeaturizer: TextEncoding {
  package func finish() {}
}

/// Makes batches of queries, whose texts an encoder turns into embeddings.
package struct QueryEncoding: Sendable {
  private let encoder: (any TextEncoding)?
  private let name: String?

  /// For a model of an encoder, and for queries by their texts what plays it; nil where there is nothing.
  package init(_ encoder: (any TextEncoding)?, of model: any Router) {
    self.encoder = encoder
    name = model.encoder
  }

  /// Says that no query follows.
  ///
  /// - Throws: where only now an earlier answer of the encoder is seen to have been wrong.
  package func finish() throws { try encoder?.finish() }

  /// A batch of queries, in their order.
  ///
  /// - Throws: `DataError` naming a query whose embedding has another length than the first, or a text without an encoder.
  package func batch(of queries: [Query]) throws -> QueryBatch {
    var texts: [String] = []
    for case .text(let text) in queries.lazy.map(\.content) { texts.append(text) }
    var encoded: Matrix?
    if !texts.isEmpty {
      guard let encoder else {
        throw DataError(
          "query '\(queries.first { if case .text = $0.content { true } else { false } }?.id ?? "")' is a text, and "
            + "nothing turns texts into embeddings" + (name.map { " of encoder '\($0)'" } ?? "")
            + ": give --encoder-command, or the embedding")
      }
      encoded = try encoder.embeddings(of: texts)
    }
    var rows: [[Float]] = []
    rows.reserveCapacity(queries.count)
    var next = 0
    for query in queries {
      switch query.content {
      case .embedding(let values): rows.append(values)
      case .text:
        rows.append(encoded.map { Array($0.row(next)) } ?? [])
        next += 1
      }
      guard rows[rows.count - 1].count == rows[0].count else {
        throw DataError(
          "query '\(query.id)': an embedding of \(rows[rows.count - 1].count) numbers, that of query "
            + "'\(queries[0].id)' has \(rows[0].count)")
      }
    }
    return QueryBatch(embeddings: Matrix(rows), encoder: encoded == nil ? nil : name)
  }
}
