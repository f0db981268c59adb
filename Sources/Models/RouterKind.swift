import Baselines
import FileFormats
import Learning
import Routing
import RoutingData

/// A kind of router that a user can name: a word, and after a colon what the kind takes.
public struct RouterKind: Sendable {
  /// How a router of the kind is come by.
  public enum Recipe: Sendable {
    /// From what the benchmarks of the run say, once for all of them.
    case known(@Sendable ([Benchmark], LLMCatalog) throws -> any Router)
    /// From a model folder.
    case model(path: String)
    /// From a file of scores, for each pool.
    case scores(path: String, ScoresFileRouter.Meaning)
    /// By training on the train queries and candidates of each pool.
    case trained(any Trainer)
  }

  /// The word.
  let word: String
  /// How it is written, for help texts, such as `knn[:K]`.
  let form: String
  /// Whether it looks at embeddings.
  let needsEmbeddings: Bool
  /// Whether it looks at the answers of routed queries, as the oracle does.
  var needsAnswers = false
  /// The recipe of what stands behind the colon (nil for nothing), or what is expected there.
  let recipe: @Sendable (_ argument: String?, _ text: String) throws(DataError) -> Recipe

  /// A kind that takes nothing.
  static func plain(
    _ word: String, needsAnswers: Bool = false,
    _ make: @escaping @Sendable ([Benchmark], LLMCatalog) throws -> any Router
  ) -> RouterKind {
    RouterKind(word: word, form: word, needsEmbeddings: false, needsAnswers: needsAnswers) {
      argument, text throws(DataError) in
      guard argument == nil else {
        throw DataError("router '\(text)': '\(word)' takes nothing after a colon")
      }
      return .known(make)
    }
  }

  /// A kind that takes a path.
  static func path(
    _ word: String, _ placeholder: String, needsEmbeddings: Bool,
    _ make: @escaping @Sendable (String) -> Recipe
  ) -> RouterKind {
    RouterKind(word: word, form: "\(word):\(placeholder)", needsEmbeddings: needsEmbeddings) {
      argument, text throws(DataError) in
      guard let argument, !argument.isEmpty else {
        throw DataError("router '\(text)': '\(word)' needs a path, as in '\(word):PATH'")
      }
      return make(argument)
    }
  }

  /// A trainer of routers of one pool, whose shorthand is the setting behind the colon.
  static func trained<T: Trainer>(_ type: T.Type) -> RouterKind {
    let setting = T.shorthand.flatMap { name in T.settings.first { $0.name == name } }
    let form = T.algorithm + (setting?.placeholder.map { "[:\($0)]" } ?? "")
    return RouterKind(word: T.algorithm, form: form, needsEmbeddings: true) {
      argument, text throws(DataError) in
      var trainer = T()
      guard let argument else { return .trained(trainer) }
      guard let setting else {
        throw DataError("router '\(text)': '\(T.algorithm)' takes nothing after a colon")
      }
      do throws(DataError) { try setting.set(argument, in: &trainer) } catch {
        throw DataError("router '\(text)': '\(T.algorithm)' needs \(setting.expecting), not '\(argument)'")
      }
      return .trained(trainer)
    }
  }
}
