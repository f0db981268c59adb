/// A question to route: its id and what the model looks at.
package struct Query: Equatable, Sendable {
  /// What it is called in answers and logs.
  package let id: String
  /// Its embedding or its text.
  package let content: Content

  /// What is known of a query.
  package enum Content: Equatable, Sendable {
    /// The embedding, by the model's encoder.
    case embedding([Float])
    /// The text, which an encoder turns into an embedding.
    case text(String)
  }

  /// A query from its parts.
  package init(id: String, _ content: Content) {
    self.id = id
    self.content = content
  }
}
