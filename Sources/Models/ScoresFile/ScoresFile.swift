import FileFormats
import RoutingData

/// A file of scores that were made elsewhere, for one part's queries of one pool or of several.
///
/// Rows are a benchmark's test queries (its validation queries where those are measured) in ascending order,
/// columns the LLMs of a pool in its order.
/// - NPY: one array, n × m, for one pool.
/// - NPZ: one array named `scores` for one pool, or one named `<benchmark>/<m>/<group>` for each pool,
///   such as `gsm8k/3/all_strong`.
/// - CSV: the names of a pool's LLMs, in any order, and below them one row for each query.
///
/// Numbers are compared in double precision. Only a CSV file says which LLMs it is about, so ask
/// `isForOnePool` before a file is used for more than one.
public struct ScoresFile: Sendable {
  /// The path.
  public let path: String
  /// Whether the file holds the scores of one pool, whichever that is.
  public let isForOnePool: Bool
  private let contents: Contents

  private enum Contents {
    case array(NDArray)
    case archive(NPZ)
    case table(ScoresTable)
  }

  static let singleArray = "scores"

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
      let archive = try NPZ.open(path)
      contents = .archive(archive)
      isForOnePool = archive.names == [Self.singleArray]
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
  ///   its row and column counted from 0, an archive without an array for the pool, or a CSV file of
  ///   other LLMs than the pool's.
  public func router(
    for benchmark: Benchmark, llmNames: [String], pool: CandidatePool, part: SplitPart = .test,
    meaning: ScoresFileRouter.Meaning = .scores, name: String? = nil
  ) throws(FileError) -> ScoresFileRouter {
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    let queries = benchmark.split.queries(in: part)
    let llms = pool.llms.map { llmNames[$0] }
    let scores: ExactScores
    switch contents {
    case .array(let array): scores = try Self.matrix(array, benchmark, part, queries.count, llms.count)
    case .archive(let archive):
      let cell = "\(benchmark.name)/\(pool.size)/\(pool.group.rawValue)"
      let isSingle = !archive.names.contains(cell) && archive.names.contains(Self.singleArray)
      let array = try archive.array(named: isSingle ? Self.singleArray : cell)
      scores = try Self.matrix(array, benchmark, part, queries.count, llms.count)
    case .table(let table):
      scores = try table.scores(of: llms, benchmark: benchmark.name, part, queries.count)
    }
    return ScoresFileRouter(
      name: name ?? (meaning == .logits ? "mlc" : stem), meaning: meaning, path: path,
      benchmark: benchmark.name, part: part, queries: queries, llms: llms, scores: scores)
  }

  private static func matrix(
    _ array: NDArray, _ benchmark: Benchmark, _ part: SplitPart, _ queryCount: Int, _ llmCount: Int
  ) throws(FileError) -> ExactScores {
    guard array.shape == [queryCount, llmCount] else {
      throw array.error(
        "scores of shape \(NDArray.text(array.shape)), expected \(NDArray.text([queryCount, llmCount])): the "
          + "\(part.name) queries of benchmark '\(benchmark.name)' × the LLMs of the pool")
    }
    let numbers = try array.doubles()
    if let place = numbers.firstIndex(where: { !$0.isFinite }) {
      throw array.error(
        "row \(place / llmCount), column \(place % llmCount): a score of \(numbers[place]), expected a finite number"
      )
    }
    return ExactScores(rows: queryCount, columns: llmCount, numbers: numbers)
  }
}
