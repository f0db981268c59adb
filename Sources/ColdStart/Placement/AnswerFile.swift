import FileFormats
import Learning
import RoutingData

/// Graded answers of new LLMs as a CSV file: `query,score`, with `llm` for several LLMs and `benchmark` where ids repeat.
///
/// Ids are those that `plan` prints. A score is what `Grade` reads; an empty one is an answer that was not graded.
public struct AnswerFile {
  /// The LLMs in the order of the file, each with its answers.
  public let llms: [(name: String, answers: [GradedAnchor])]
  /// Answers to queries of the benchmarks that the model was not trained on: they can't be used.
  public let unused: Int

  /// Reads answers to the queries of a model; `name` is the LLM of a file without a column `llm`.
  ///
  /// - Throws: `FileError`, with the line, for an id that is no query, a grade out of range, or a second answer;
  ///   without one where no answer is left.
  public init(path: String, name: String?, of trained: TrainedQueries) throws(FileError) {
    let reader = try CSVReader(path: path)
    let queryColumn = try reader.column("query")
    let scoreName = reader.header.containsName("score") ? "score" : "response"
    let scoreColumn = try reader.column(scoreName)
    let llmColumn = reader.header.containsName("llm") ? try reader.column("llm") : nil
    let benchmarkColumn = reader.header.containsName("benchmark") ? try reader.column("benchmark") : nil
    guard llmColumn != nil || name != nil else {
      throw FileError(path, at: .line(1), "has no column llm: say whose answers these are with --name")
    }
    let index = try QueryIDs(trained)
    var numbers = NameIndex()
    var answers: [[GradedAnchor]] = []
    var seen: [Set<[Int]>] = []
    var unused = 0
    try reader.forEachRow { (fields, line) throws(FileError) in
      let llm = llmColumn.map { fields[$0] } ?? name ?? ""
      guard !llm.isEmpty else { throw FileError(path, at: .line(line), "llm is empty") }
      if let name, llmColumn != nil, Name(llm) != Name(name) { return }
      let number = numbers.number(of: llm)
      if number == answers.count {
        answers.append([])
        seen.append([])
      }
      guard let response = try Self.grade(fields[scoreColumn], scoreName, path, line) else { return }
      let found: QueryIDs.Place
      do throws(DataError) {
        found = try index.place(of: fields[queryColumn], benchmark: benchmarkColumn.map { fields[$0] })
      } catch { throw FileError(path, at: .line(line), error.description) }
      guard let query = trained.placement.fold.benchmarks[found.benchmark].place(ofRow: found.row) else {
        unused += 1
        return
      }
      guard seen[number].insert([found.benchmark, query]).inserted else {
        throw FileError(
          path, at: .line(line), "query '\(fields[queryColumn])' has an answer of '\(llm)' on an earlier line"
        )
      }
      answers[number].append(
        GradedAnchor(benchmark: found.benchmark, query: query, response: response))
    }
    guard !answers.isEmpty else {
      throw FileError(path, "has no answers" + (name.map { " of '\($0)'" } ?? ""))
    }
    llms = zip(numbers.names, answers).map { ($0, $1) }
    self.unused = unused
  }

  /// A grade in [0, 1]; nil for an answer that was not graded.
  private static func grade(
    _ field: String, _ column: String, _ path: String, _ line: Int
  ) throws(FileError) -> Float? {
    if let value = Grade.value(of: field) { return value }
    guard MissingAnswer.isMissing(field) else {
      throw FileError(
        path, at: .line(line),
        "\(column) '\(FileError.excerpt(field))' is not a number in [0, 1], a percentage, True or False, nor empty"
      )
    }
    return nil
  }
}

/// The queries of a model's benchmarks by their ids.
struct QueryIDs {
  struct Place {
    let benchmark: Int
    let row: Int
  }

  private let names: [String]
  private let indices: [NameIndex]

  init(_ trained: TrainedQueries) throws(FileError) {
    names = trained.benchmarks.map(\.name)
    var indices: [NameIndex] = []
    for benchmark in trained.benchmarks.indices {
      indices.append(NameIndex(try trained.ids(of: benchmark)))
    }
    self.indices = indices
  }

  /// The query of an id, among those of a benchmark or of all.
  ///
  /// - Throws: `DataError` for an id that is no query, or that several benchmarks have.
  func place(of id: String, benchmark: String?) throws(DataError) -> Place {
    if let benchmark, !names.containsName(benchmark) {
      throw DataError("unknown benchmark '\(benchmark)'; the model knows \(names.joined(separator: ", "))")
    }
    var found: Place?
    for (index, ids) in indices.enumerated()
    where benchmark.map({ Name($0) == Name(names[index]) }) ?? true {
      guard let row = ids[id] else { continue }
      if let found {
        throw DataError(
          "query '\(id)' is one of benchmark '\(names[found.benchmark])' and of '\(names[index])': "
            + "add a column benchmark")
      }
      found = Place(benchmark: index, row: row)
    }
    guard let found else {
      throw DataError(
        "'\(id)' is no query of " + (benchmark.map { "benchmark '\($0)'" } ?? "the model's benchmarks")
          + ": ids are those that rs-coldstart plan prints")
    }
    return found
  }
}
