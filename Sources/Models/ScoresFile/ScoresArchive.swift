import FileFormats
import RoutingData

/// The scores of an NPZ archive: of one pool, with the names of its columns and rows where they are given, or of
/// several pools.
struct ScoresArchive: Sendable {
  /// What the array of one pool's scores is called.
  private static let singleArray = "scores"
  /// What the array of its columns' LLMs may be called.
  private static let modelNames = ["models", "llms"]

  private let archive: NPZ
  /// Whether it holds the scores of one pool, whichever that is.
  ///
  /// An archive with an array `<benchmark>/<m>/<group>` never lends `scores` to other pools: they may have other LLMs.
  let isForOnePool: Bool
  /// A note on arrays that mean nothing; nil where there are none.
  let note: String?

  init(path: String) throws(FileError) {
    let archive = try NPZ.open(path)
    self.archive = archive
    let cells = archive.names.filter { $0.utf8.count { $0 == UInt8(ascii: "/") } == 2 }
    isForOnePool = cells.isEmpty && archive.names.containsName(Self.singleArray)
    let meant = isForOnePool ? [Self.singleArray] + Self.modelNames + IDFile.arrayNames : cells
    note = UnusedParts.note(
      "arrays", archive.names.filter { !meant.containsName($0) } + archive.otherMembers,
      used: isForOnePool ? "scores, models, ids" : "<benchmark>/<m>/<group>", path: path)
  }

  /// The scores of a pool, queries × LLMs in the pool's order.
  ///
  /// - Throws: `FileError` for a missing array, another shape, a number that is not finite, or names of other LLMs or
  ///   queries.
  func scores(of llms: [String], pool: CandidatePool, _ queries: MeasuredQueries) throws(FileError)
    -> ExactScores
  {
    guard isForOnePool else {
      let cell = "\(queries.benchmark.name)/\(pool.size)/\(pool.group.rawValue)"
      return try Self.matrix(archive.array(named: cell), queries, llms.count)
    }
    var scores = try Self.matrix(archive.array(named: Self.singleArray), queries, llms.count)
    if let array = try only(Self.modelNames) {
      let names = try array.strings()
      let known = NameIndex(names)
      if let stranger = names.first(where: { !llms.containsName($0) }) {
        throw array.error("'\(FileError.excerpt(stranger))' is no LLM of the pool")
      }
      var places: [Int] = []
      for llm in llms {
        guard let place = known[llm], known.count == names.count, names.count == llms.count else {
          throw array.error("expected each LLM of the pool once: \(llms.joined(separator: ", "))")
        }
        places.append(place)
      }
      scores = scores.selecting(columns: places)
    }
    if let array = try only(IDFile.arrayNames) {
      let ids = try IDFile.ids(array)
      guard ids.count == queries.count else {
        throw array.error("\(ids.count) ids, expected \(queries.count): \(queries.description)")
      }
      scores = scores.selecting(rows: try queries.places(in: ids) { array.error($0) })
    }
    return scores
  }

  /// The array with one of these names; nil where there is none.
  private func only(_ names: [String]) throws(FileError) -> NDArray? {
    let present = archive.names.filter { names.containsName($0) }
    guard let name = present.first else { return nil }
    guard present.count == 1 else {
      throw FileError(
        archive.path, at: .key(name), "means the same as \(present[1]), which is there too: leave one out")
    }
    return try archive.array(named: name)
  }

  /// The numbers of an array of queries × LLMs.
  static func matrix(
    _ array: NDArray, _ queries: MeasuredQueries, _ llmCount: Int
  ) throws(FileError) -> ExactScores {
    guard array.shape == [queries.count, llmCount] else {
      throw array.error(
        "scores of shape \(NDArray.text(array.shape)), expected \(NDArray.text([queries.count, llmCount])): "
          + "\(queries.description) × the LLMs of the pool")
    }
    let numbers = try array.doubles()
    if let place = numbers.firstIndex(where: { !$0.isFinite }) {
      throw array.error(
        "row \(place / llmCount), column \(place % llmCount): a score of \(numbers[place]), expected a finite number"
      )
    }
    return ExactScores(rows: queries.count, columns: llmCount, numbers: numbers)
  }
}
