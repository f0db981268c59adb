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
    /// r_o(p): the oracle with probability p, else a random choice.
    case mix(oracleShare: Double)
    /// PRkNN with a number of neighbours.
    case knn(neighbours: Int)
    /// C-RoBERTa: k-means with a number of clusters.
    case cluster(count: Int)
    /// The same with a Gaussian mixture of a number of components.
    case gmm(count: Int)
    /// LinearR.
    case linear(NetworkRouterTrainer.Preset)
    /// MLPR.
    case mlp(NetworkRouterTrainer.Preset)
    /// A model folder.
    case model(path: String)
    /// Scores made elsewhere.
    case scores(path: String)
    /// Logits of RouterEval's MLC made elsewhere.
    case mlc(path: String)
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
    "oracle", "random", "best-single", "mix:P", "knn[:K]", "cluster[:K]", "gmm[:K]", "linear[:PRESET]",
    "mlp[:PRESET]", "model:DIR", "scores:FILE", "mlc:FILE",
  ]

  /// Whether it learns from the train queries of each pool or looks at embeddings.
  public var needsEmbeddings: Bool {
    switch kind {
    case .oracle, .random, .bestSingle, .mix, .scores, .mlc: return false
    case .knn, .cluster, .gmm, .linear, .mlp, .model: return true
    }
  }

  private static func kind(_ word: String, _ value: String?, _ text: String) throws(DataError) -> Kind {
    func plain(_ kind: Kind) throws(DataError) -> Kind {
      guard value == nil else { throw DataError("router '\(text)': '\(word)' takes nothing after a colon") }
      return kind
    }
    func count(_ standard: Int) throws(DataError) -> Int {
      guard let value else { return standard }
      guard let number = Int(value), (1...100_000).contains(number) else {
        throw DataError("router '\(text)': '\(word)' needs a whole number from 1 to 100000, not '\(value)'")
      }
      return number
    }
    func preset() throws(DataError) -> NetworkRouterTrainer.Preset {
      guard let value else { return .fast }
      guard let preset = NetworkRouterTrainer.Preset(rawValue: value) else {
        throw DataError("router '\(text)': '\(word)' knows the presets fast and paper, not '\(value)'")
      }
      return preset
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
    case "mix":
      guard let value, let share = Double(value), (0...1).contains(share) else {
        throw DataError("router '\(text)': 'mix' needs the oracle's share from 0 to 1, as in 'mix:0.5'")
      }
      return .mix(oracleShare: share)
    case "knn": return .knn(neighbours: try count(5))
    case "cluster": return .cluster(count: try count(3))
    case "gmm": return .gmm(count: try count(3))
    case "linear": return .linear(try preset())
    case "mlp": return .mlp(try preset())
    case "model": return .model(path: try path())
    case "scores": return .scores(path: try path())
    case "mlc": return .mlc(path: try path())
    default:
      throw DataError("unknown router '\(text)'; there are: \(forms.joined(separator: ", "))")
    }
  }
}
