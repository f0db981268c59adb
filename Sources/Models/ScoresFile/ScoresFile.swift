import FileFormats
import RoutingData

/// A file of scores that were made elsewhere, for the queries of one part.
///
/// Where a file names its columns, it serves every pool whose LLMs it has, and where it has query ids too, every benchmark
/// whose measured queries it has; other columns and rows are not used. Without names the columns are the LLMs of a pool in
/// its order, the rows the part's queries in ascending order.
/// - NPY: one array, n × m, for one pool.
/// - NPZ: one array named `scores`, with the names of its columns in `models` or `llms` and the ids of its
///   rows in `ids` where these are there; or one named `<benchmark>/<m>/<group>` for each pool, such as
///   `gsm8k/3/all_strong`.
/// - CSV: the names of LLMs, and below them one row for each query; with a column `query` (or
///   `query_id`, `id`, `item_id`, or a first one without a name) in any order.
///
/// Numbers are compared in double precision. Not every file says which LLMs it is about, so ask
/// `isForOnePool` before a file is used for more than one.
public struct ScoresFile: Sendable {
  /// The path.
  public let path: String
  private let contents: Contents
  /// Arrays that mean nothing.
  private let unused: String?

  private enum Contents {
    case scores(NamedScores)
    case pools(NPZ)
  }

  /// Whether the file holds the scores of one pool, whichever that is.
  public var isForOnePool: Bool {
    if case .scores(let scores) = contents { scores.llms == nil } else { false }
  }

  /// Whether the file holds the scores of one benchmark, whichever that is.
  var isForOneBenchmark: Bool {
    if case .scores(let scores) = contents { scores.ids == nil } else { false }
  }

  /// Opens a file; the arrays of several pools stay in the file until their pool is asked for.
  ///
  /// - Throws: `FileError` for a file that can't be read or is damaged, has another extension than the
  ///   three, or, with the line, a field of a CSV file that is not a finite number.
  public init(path: String) throws(FileError) {
    self.path = path
    switch Self.suffix(of: path) {
    case "npy":
      contents = .scores(try NamedScores(NPY.read(path)))
      unused = nil
    case "npz":
      let archive = try NPZ.open(path)
      let cells = archive.names.filter { $0.utf8.count { $0 == UInt8(ascii: "/") } == 2 }
      // An archive with an array for each pool never lends `scores` to other pools: they may have other LLMs.
      let isOne = cells.isEmpty && archive.names.containsName(Self.singleArray)
      contents = isOne ? .scores(try NamedScores(archive, named: Self.singleArray)) : .pools(archive)
      let meant = isOne ? [Self.singleArray] + NamedScores.companions : cells
      unused = UnusedParts.note(
        "arrays", archive.names.filter { !meant.containsName($0) } + archive.otherMembers,
        used: isOne ? "scores, models, ids" : "<benchmark>/<m>/<group>", path: path)
    case "csv":
      contents = .scores(try NamedScores(csv: path))
      unused = nil
    default: throw FileError(path, "is no scores file: expected a name that ends in .npy, .npz or .csv")
    }
  }

  /// What the array of all scores is called.
  private static let singleArray = "scores"

  /// What the user should know of the file, a line each: arrays, columns and rows that no benchmark of a run can use.
  ///
  /// - Throws: `FileError` for ids of a benchmark that do not read.
  public func notes(on benchmarks: [Benchmark], catalog: LLMCatalog) throws(FileError) -> [String] {
    var own: String?
    if case .scores(let scores) = contents { own = try scores.note(benchmarks, catalog: catalog) }
    return [unused, own].compactMap { $0 }
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
  ///   its row and column counted from 0, an archive without an array for the pool, or a file that lacks
  ///   LLMs of the pool or queries of the part.
  public func router(
    for benchmark: Benchmark, llmNames: [String], pool: CandidatePool, part: SplitPart = .test,
    meaning: ScoresFileRouter.Meaning = .scores, name: String? = nil
  ) throws(FileError) -> ScoresFileRouter {
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    let queries = MeasuredQueries(benchmark, part)
    let llms = pool.llms.map { llmNames[$0] }
    let scores: ExactScores
    switch contents {
    case .scores(let all): scores = try all.scores(of: llms, queries)
    case .pools(let archive):
      let array = try archive.array(named: "\(benchmark.name)/\(pool.size)/\(pool.group.rawValue)")
      scores = try NamedScores(array).scores(of: llms, queries)
    }
    return ScoresFileRouter(
      name: name ?? (meaning == .logits ? "mlc" : stem), meaning: meaning, path: path,
      benchmark: benchmark.name, part: part, queries: queries.rows, llms: llms, scores: scores)
  }
}
