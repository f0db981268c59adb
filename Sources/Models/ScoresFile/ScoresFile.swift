import FileFormats
import RoutingData

/// A file of scores that were made elsewhere, for one part's queries of one pool or of several.
///
/// Rows are a benchmark's test queries (its validation queries where those are measured) in ascending order,
/// columns the LLMs of a pool in its order, unless the file names them.
/// - NPY: one array, n × m, for one pool.
/// - NPZ: one array named `scores` for one pool, with the names of its columns in `models` and the ids of its
///   rows in `ids` where these are there; or one named `<benchmark>/<m>/<group>` for each pool, such as
///   `gsm8k/3/all_strong`.
/// - CSV: the names of a pool's LLMs, in any order, and below them one row for each query; with a column `query` (or
///   `query_id`, `id`, `item_id`) in any order too.
///
/// Numbers are compared in double precision. Not every file says which LLMs it is about, so ask
/// `isForOnePool` before a file is used for more than one.
public struct ScoresFile: Sendable {
  /// The path.
  public let path: String
  /// Whether the file holds the scores of one pool, whichever that is.
  public let isForOnePool: Bool
  private let contents: Contents

  private enum Contents {
    case array(NDArray)
    case archive(ScoresArchive)
    case table(ScoresTable)
  }

  /// What the user should know of the file; nil where everything in it was used.
  public var note: String? {
    if case .archive(let archive) = contents { archive.note } else { nil }
  }

  /// Opens a file; a CSV file is read, arrays stay in the file until their pool is asked for.
  ///
  /// - Throws: `FileError` for a file that can't be read or is damaged, has another extension than the
  ///   three, or, with the line, a field of a CSV file that is not a finite number.
  public init(path: String) throws(FileError) {
    self.path = path
    switch Self.suffix(of: path) {
    case "npy":
      contents = .array(try NPY.read(path))
      isForOnePool = true
    case "npz":
      let archive = try ScoresArchive(path: path)
      contents = .archive(archive)
      isForOnePool = archive.isForOnePool
    case "csv":
      contents = .table(try ScoresTable(path: path))
      isForOnePool = true
    default: throw FileError(path, "is no scores file: expected a name that ends in .npy, .npz or .csv")
    }
  }

  /// The file's name without folder and extension.
  public var stem: String { Self.stem(of: path) }

  /// The name without folder and extension of the file with a path.
  static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  private static func suffix(of path: String) -> String {
    path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
  }

  /// The router of a pool; `llmNames` are those of the benchmark's columns.
  ///
  /// Its name is the file's stem, or `mlc` for logits, unless one is given.
  ///
  /// - Throws: `FileError` for a shape other than the part's queries × LLMs, a number that is not finite, with
  ///   its row and column counted from 0, an archive without an array for the pool, or a file that names
  ///   other LLMs than the pool's or other queries than the part's.
  public func router(
    for benchmark: Benchmark, llmNames: [String], pool: CandidatePool, part: SplitPart = .test,
    meaning: ScoresFileRouter.Meaning = .scores, name: String? = nil
  ) throws(FileError) -> ScoresFileRouter {
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    let queries = MeasuredQueries(benchmark, part)
    let llms = pool.llms.map { llmNames[$0] }
    let scores: ExactScores
    switch contents {
    case .array(let array): scores = try ScoresArchive.matrix(array, queries, llms.count)
    case .archive(let archive): scores = try archive.scores(of: llms, pool: pool, queries)
    case .table(let table): scores = try table.scores(of: llms, queries)
    }
    return ScoresFileRouter(
      name: name ?? (meaning == .logits ? "mlc" : stem), meaning: meaning, path: path,
      benchmark: benchmark.name, part: part, queries: queries.rows, llms: llms, scores: scores)
  }
}
