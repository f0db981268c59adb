import FileFormats
import Foundation
import RoutingData

/// A router as a user names it: `knn`, `knn:10`, `mix:0.5`, `model:DIR`, `mine=model:DIR`.
public struct RouterSpecification: Sendable {
  /// The text it was read from.
  public let text: String
  /// The router's name in tables: what stands before `=`; else the folder's name of a model, the stem of a scores file,
  /// `mlc` for logits, and the text of any other.
  public let name: String
  /// How the router is come by.
  public let recipe: RouterKind.Recipe
  /// Whether it learns from the train queries of each pool or looks at embeddings.
  public let needsEmbeddings: Bool
  /// Whether it looks at the answers of routed queries, as the oracle does; a log has but one of each.
  public let needsAnswers: Bool

  /// A router by its text.
  ///
  /// - Throws: `DataError` naming the text and what is known or expected.
  public init(_ text: String) throws(DataError) {
    let (label, own) = Self.split(text)
    let parts = own.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = RouterCatalog.all.first(where: { $0.word == parts[0] }) else {
      throw DataError("unknown router '\(own)'; there are: \(RouterCatalog.forms.joined(separator: ", "))")
    }
    self.text = text
    recipe = try kind.recipe(parts.count == 2 ? parts[1] : nil, own)
    needsEmbeddings = kind.needsEmbeddings
    needsAnswers = kind.needsAnswers
    name = label ?? recipe.defaultName(own)
    guard label != "" else {
      throw DataError("router '\(text)' has no name before '=', as in 'name=\(own)'")
    }
    if let label, isFixed {
      throw DataError("router '\(text)': '\(own)' goes by its own name, not by '\(label)'")
    }
  }

  /// Whether it can't be given a name.
  private var isFixed: Bool { if case .known = recipe { true } else { false } }

  /// The name before `=`, if there is one, and the rest; a path behind the colon may hold a `=`.
  private static func split(_ text: String) -> (label: String?, own: String) {
    let head = text.utf8.prefix { $0 != UInt8(ascii: ":") }
    guard let end = head.firstIndex(of: UInt8(ascii: "=")) else { return (nil, text) }
    return (String(text[..<end]), String(text[text.utf8.index(after: end)...]))
  }

  /// Some routers by their texts, each of another name.
  ///
  /// - Throws: `DataError` for a text that names no router, a text twice or two routers of one name.
  public static func list(_ texts: [String]) throws(DataError) -> [RouterSpecification] {
    var routers: [RouterSpecification] = []
    for text in texts {
      let router = try RouterSpecification(text)
      if let other = routers.first(where: { Name($0.name) == Name(router.name) }) {
        guard Name(other.text) != Name(text) else { throw DataError("router '\(text)' is named twice") }
        throw DataError(
          "routers '\(other.text)' and '\(text)' are both named '\(router.name)'; name one of them, as in "
            + "'mine=\(Self.split((router.isFixed ? other : router).text).own)'")
      }
      routers.append(router)
    }
    return routers
  }
}

extension RouterSpecification {
  /// The SHA-256 of the files that the router comes from; nil where it has none.
  ///
  /// - Throws: `FileError` for a file that can't be read.
  func digest() throws(FileError) -> String? {
    switch recipe {
    case .known, .trained: nil
    case .model(let path): try ModelFolder.digest(of: path)
    case .scores(let path, _): try SHA256.hexDigest(ofFile: path)
    }
  }

  /// Throws where the router's files are there and are not those that had a SHA-256; files that are gone are not missed.
  public func requireUnchanged(sha256: String?) throws(FileError) {
    switch recipe {
    case .known, .trained: return
    case .model(let path), .scores(let path, _):
      guard FileManager.default.fileExists(atPath: path), let digest = try digest(), digest != sha256 else {
        return
      }
      throw FileError(
        path,
        "is not the file or model any more that router '\(name)' of the run was: put that one back, or begin a new "
          + "run with another --output")
    }
  }
}

extension RouterKind.Recipe {
  /// The name of a router that was given none.
  fileprivate func defaultName(_ text: String) -> String {
    switch self {
    case .known, .trained: text
    case .model(let path): URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    case .scores(let path, let meaning): meaning == .logits ? "mlc" : ScoresFile.stem(of: path)
    }
  }
}
