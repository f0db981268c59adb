import FileFormats
import Foundation
import Learning
import RoutingData

/// The questions and grades of one new LLM so far, kept in a file that grows by a line for each grade.
///
/// JSON Lines: a header that names the model and what is wanted, then `{"benchmark", "query", "score"}`, the score null
/// for a query that could not be graded. Each line is synced before the next question, so that a killed process loses
/// nothing; half a line at the end counts as never written.
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

  private struct Line: Codable {
    let benchmark: String
    let query: String
    let score: Float?
  }

  private struct AnyLine: Codable {
    let model: String?
    let benchmarks: [String]?
    let benchmark: String?
    let query: String?
    let score: Float?
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
    if isThere, let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size > 0 {
      let kept = try Self.wholeLines(of: path)
      (answers, skipped) = try Self.read(path, lines: kept, header: header, of: trained)
      if kept.endsEarly { try AtomicFile.write(kept.text, to: path) }
      handle = try Self.open(path)
      try handle.seekToEnd()
    } else {
      try AtomicFile.write(try JSONLines.line(header, path: path), to: path)
      handle = try Self.open(path)
      try handle.seekToEnd()
    }
  }

  /// Reads the answers of a session to a model's queries, whatever it wanted.
  ///
  /// - Throws: `FileError` for a damaged session or one of other queries.
  public static func answers(in path: String, of trained: TrainedQueries) throws(FileError) -> [GradedAnchor]
  {
    try read(path, lines: try wholeLines(of: path), header: nil, of: trained).answers
  }

  /// Whether a file begins as a session does: with a brace, as no CSV of answers.
  public static func isSession(_ path: String) throws(FileError) -> Bool {
    try ByteRegion(mapping: path).text?.utf8.first == UInt8(ascii: "{")
  }

  /// Keeps a grade, or that there is none.
  ///
  /// - Throws: `FileError` where it can't be written.
  public func add(benchmark: Int, query: Int, score: Float?) throws(FileError) {
    let known = trained.placement.fold.benchmarks[benchmark]
    let line = Line(
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

  /// The text up to the last line end; what a killed process left after it is no line.
  private static func wholeLines(of path: String) throws(FileError) -> (text: String, endsEarly: Bool) {
    let region = try ByteRegion(mapping: path)
    guard let text = region.text else { throw FileError(path, "is no session: it is not text in UTF-8") }
    guard text.utf8.last != 0x0A, let end = text.utf8.lastIndex(of: 0x0A) else { return (text, false) }
    return (String(text[...end]), true)
  }

  private static func read(
    _ path: String, lines: (text: String, endsEarly: Bool), header: Header?, of trained: TrainedQueries
  ) throws(FileError) -> (answers: [GradedAnchor], skipped: [GradedAnchor]) {
    let index = try QueryIDs(trained)
    var result: (answers: [GradedAnchor], skipped: [GradedAnchor]) = ([], [])
    var seen: Set<[Int]> = []
    var isFirst = true
    try JSONLines.forEach(AnyLine.self, region: ByteRegion(Array(lines.text.utf8)), path: path) {
      (line, number) throws(FileError) in
      if isFirst {
        isFirst = false
        guard let model = line.model, let benchmarks = line.benchmarks else {
          throw FileError(path, at: .line(number), "is no header of a session of rs-coldstart ask")
        }
        if let header, header != Header(model: model, benchmarks: benchmarks) {
          throw FileError(
            path,
            header.model == model
              ? "is a session on benchmarks \(benchmarks.joined(separator: ", ")): ask for those, or begin another"
              : "is a session of another model: give that one, or begin another session")
        }
        return
      }
      guard let id = line.query, let benchmark = line.benchmark else {
        throw FileError(path, at: .line(number), "is no answer: benchmark or query is missing")
      }
      let place: QueryIDs.Place
      do throws(DataError) { place = try index.place(of: id, benchmark: benchmark) } catch {
        throw FileError(path, at: .line(number), error.description)
      }
      guard let query = trained.placement.fold.benchmarks[place.benchmark].place(ofRow: place.row),
        seen.insert([place.benchmark, query]).inserted
      else {
        throw FileError(path, at: .line(number), "query '\(id)' is answered twice, or no query of the model")
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
}
