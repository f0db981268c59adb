import FileFormats
import Foundation
import Learning
import RoutingData

/// The questions and grades of one new LLM so far, kept in a file that grows by a line for each grade.
///
/// JSON Lines: a header that names the model and what is wanted, then `{"benchmark", "query", "score"}`, the score null
/// for a query that could not be graded. Each line is synced before the next question, so that a killed process loses
/// nothing; half a line at the end counts as never written, a whole one that lacks nothing but its end as written.
public final class AskingSession {
  /// What a session is of.
  public struct Header: Codable, Equatable, Sendable {
    /// The SHA-256 of the model folder.
    public let model: String
    /// The benchmarks whose mean accuracy is wanted.
    public let benchmarks: [String]

    /// A header.
    public init(model: String, benchmarks: [String]) {
      self.model = model
      self.benchmarks = benchmarks
    }
  }

  private let path: String
  private let trained: TrainedQueries
  private let ids: [[String]]
  private let handle: FileHandle
  /// The grades so far.
  public private(set) var answers: [GradedAnchor] = []
  /// The queries that could not be graded, which are not asked again.
  public private(set) var skipped: [GradedAnchor] = []

  /// Opens the session of a file, or begins it.
  ///
  /// - Throws: `FileError` for a session of another model or other benchmarks, a damaged one, or a file that can't be
  ///   written.
  public init(path: String, header: Header, of trained: TrainedQueries) throws {
    self.path = path
    self.trained = trained
    ids = try trained.benchmarks.indices.map { benchmark throws(FileError) in try trained.ids(of: benchmark) }
    let isThere = FileManager.default.fileExists(atPath: path)
    if isThere, try ByteRegion(mapping: path).count > 0 {
      guard try Self.isSession(path) else {
        throw FileError(path, "is no session of rs-coldstart ask: choose another file with --session")
      }
      let kept = try Self.wholeLines(of: path)
      (answers, skipped) = try Self.read(path, lines: ByteRegion(kept.bytes), header: header, of: trained)
      if kept.differs { try AtomicFile.write(kept.bytes, to: path) }
    } else {
      try AtomicFile.write(try JSONLines.line(header, path: path), to: path)
    }
    handle = try Self.open(path)
    try handle.seekToEnd()
  }

  /// Reads the answers of a session to a model's queries, whatever it wanted.
  ///
  /// - Throws: `FileError` for a damaged session or one of other queries.
  public static func answers(in path: String, of trained: TrainedQueries) throws(FileError) -> [GradedAnchor]
  {
    try read(path, lines: ByteRegion(wholeLines(of: path).bytes), header: nil, of: trained).answers
  }

  /// Whether a file begins as a session does: with a brace, as no CSV of answers.
  public static func isSession(_ path: String) throws(FileError) -> Bool {
    FileKind(try ByteRegion(mapping: path)) == .json
  }

  /// Keeps a grade, or that there is none.
  ///
  /// - Throws: `FileError` where it can't be written.
  public func add(benchmark: Int, query: Int, score: Float?) throws(FileError) {
    let known = trained.placement.fold.benchmarks[benchmark]
    let line = SessionLine.Answer(
      benchmark: known.benchmark, query: ids[benchmark][known.rows[query]], score: score)
    let text = try JSONLines.line(line, path: path)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      try handle.synchronize()
    } catch {
      throw FileError(path, "can't be written: \(error.localizedDescription)")
    }
    let anchor = GradedAnchor(benchmark: benchmark, query: query, response: score ?? 0)
    if score == nil { skipped.append(anchor) } else { answers.append(anchor) }
  }

  private static func open(_ path: String) throws(FileError) -> FileHandle {
    guard let handle = FileHandle(forUpdatingAtPath: path) else { throw FileError(path, "can't be written") }
    return handle
  }

  /// The whole lines of a file, each with its end, and whether the file holds something else.
  ///
  /// What a killed process left after the last line end is no line, unless it is one but for its end, as editors leave it.
  private static func wholeLines(of path: String) throws(FileError) -> (bytes: [UInt8], differs: Bool) {
    let bytes = try ByteRegion(mapping: path).array
    let start = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    guard start < bytes.count else { return (bytes, false) }
    let isWhole = (try? JSONDecoder().decode(SessionLine.self, from: Data(bytes[start...]))) != nil
    return (isWhole || start == 0 ? bytes + [0x0A] : Array(bytes[..<start]), true)
  }

  private static func read(
    _ path: String, lines: ByteRegion, header: Header?, of trained: TrainedQueries
  ) throws(FileError) -> (answers: [GradedAnchor], skipped: [GradedAnchor]) {
    let index = try QueryIDs(trained)
    var result: (answers: [GradedAnchor], skipped: [GradedAnchor]) = ([], [])
    var seen: Set<[Int]> = []
    var isFirst = true
    try JSONLines.forEach(SessionLine.self, region: lines, path: path) {
      (any, number) throws(FileError) in
      defer { isFirst = false }
      let line: SessionLine.Answer
      switch (any, isFirst) {
      case (.header(let own), true): return try require(own, header, path)
      case (.answer(let answer), false): line = answer
      default:
        throw FileError(
          path, at: .line(number),
          isFirst ? "is no header of a session of rs-coldstart ask" : "is a second header")
      }
      let place: QueryIDs.Place
      do throws(DataError) { place = try index.place(of: line.query, benchmark: line.benchmark) } catch {
        throw FileError(path, at: .line(number), error.description)
      }
      guard let query = trained.placement.fold.benchmarks[place.benchmark].place(ofRow: place.row) else {
        throw FileError(
          path, at: .line(number),
          "query '\(line.query)' is none that the model was trained on: it was never asked")
      }
      guard seen.insert([place.benchmark, query]).inserted else {
        throw FileError(
          path, at: .line(number),
          "query '\(line.query)' has an answer on an earlier line: delete one of them")
      }
      let anchor = GradedAnchor(benchmark: place.benchmark, query: query, response: line.score ?? 0)
      if let score = line.score {
        guard score >= 0, score <= 1 else {
          throw FileError(path, at: .line(number), "score \(score) is not in [0, 1]")
        }
        result.answers.append(anchor)
      } else {
        result.skipped.append(anchor)
      }
    }
    return result
  }

  /// Throws unless a session is the one that is wanted; without a wanted one any is.
  private static func require(_ own: Header, _ header: Header?, _ path: String) throws(FileError) {
    guard let header, header != own else { return }
    throw FileError(
      path,
      header.model == own.model
        ? "is a session on benchmarks \(own.benchmarks.joined(separator: ", ")): give those with --benchmark, or begin "
          + "another session"
        : "is a session of another model: give that one, or begin another session")
  }
}
