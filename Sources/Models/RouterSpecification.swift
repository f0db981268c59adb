import RoutingData

/// A router as a user names it: `knn`, `knn:10`, `mix:0.5`, `model:DIR`.
///
/// The text is also the router's name in tables, except for files and folders, which go by their own names.
public struct RouterSpecification: Sendable {
  /// The text it was read from.
  public let text: String
  /// How the router is come by.
  public let recipe: RouterKind.Recipe
  /// Whether it learns from the train queries of each pool or looks at embeddings.
  public let needsEmbeddings: Bool

  /// A router by its text.
  ///
  /// - Throws: `DataError` naming the text and what is known or expected.
  public init(_ text: String) throws(DataError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = RouterCatalog.all.first(where: { $0.word == parts[0] }) else {
      throw DataError("unknown router '\(text)'; there are: \(RouterCatalog.forms.joined(separator: ", "))")
    }
    self.text = text
    recipe = try kind.recipe(parts.count == 2 ? parts[1] : nil, text)
    needsEmbeddings = kind.needsEmbeddings
  }
}
