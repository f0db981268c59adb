import RoutingData

/// A router as a user names it: `knn`, `knn:10`, `mix:0.5`, `model:DIR`.
///
/// A word, and after a colon what the kind takes. The text is also the router's name in tables, except
/// for files and folders, which go by their own names.
public struct RouterSpecification: Equatable, Sendable {
  /// What stands before and after the colon.
  public enum Kind: Equatable, Sendable {
    /// Knows every response.
    case oracle
    /// Knows nothing.
    case random
    /// Sends every query to the LLM that was best on train.
    case bestSingle
    /// A model folder.
    case model(path: String)
  }

  /// The text it was read from.
  public let text: String
  /// What it says.
  public let kind: Kind

  /// A router by its text.
  ///
  /// - Throws: `DataError` naming the text and what is known or expected.
  public init(_ text: String) throws(DataError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count == 2 ? parts[1] : nil
    self.text = text
    kind = try Self.kind(parts[0], value, text)
  }

  /// How routers are written, for help texts.
  public static let forms = [
    "oracle", "random", "best-single", "model:DIR",
  ]

  /// Whether it learns from the train queries of each pool or looks at embeddings.
  public var needsEmbeddings: Bool {
    switch kind {
    case .oracle, .random, .bestSingle: return false
    case .model: return true
    }
  }

  private static func kind(_ word: String, _ value: String?, _ text: String) throws(DataError) -> Kind {
    func plain(_ kind: Kind) throws(DataError) -> Kind {
      guard value == nil else { throw DataError("router '\(text)': '\(word)' takes nothing after a colon") }
      return kind
    }
    func path() throws(DataError) -> String {
      guard let value, !value.isEmpty else {
        throw DataError("router '\(text)': '\(word)' needs a path, as in '\(word):PATH'")
      }
      return value
    }
    switch word {
    case "oracle": return try plain(.oracle)
    case "random": return try plain(.random)
    case "best-single": return try plain(.bestSingle)
    case "model": return .model(path: try path())
    default:
      throw DataError("unknown router '\(text)'; there are: \(forms.joined(separator: ", "))")
    }
  }
}
