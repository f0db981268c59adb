import FileFormats
import Foundation
import NumericKernels

/// Reads a log that somebody has, and joins it with a benchmark that holds its queries.
public struct LogImporter: Sendable {
  /// A dataset of what a log saw, with the log, and what the user should know of it.
  public struct Result: Sendable {
    /// The log's LLMs and the responses that it saw, with the log.
    public let dataset: Dataset
    /// One line each.
    public let notes: [String]
  }

  /// The file.
  public let path: String
  /// Its format.
  public let format: LogFormat
  private let costs: CostMeaning

  /// An importer of a file, whose format is told by its first line where nobody says it.
  ///
  /// - Throws: `FileError` for a file that can't be read or is like no log.
  public init(
    _ path: String, format: LogFormat? = nil, costs: CostMeaning = .negative
  ) throws(FileError) {
    self.path = path
    if let format { self.format = format } else { self.format = try LogFormat(recognising: path) }
    self.costs = costs
  }

  /// Imports the log under a name; queries are those of a benchmark of a dataset, by their ids or else their rows.
  ///
  /// `llms` are the names of the pool; formats that number LLMs mean its order, VW and dsjson from 1, the others from 0. Without
  /// it the pool are the LLMs that the log names, those of the benchmark first and in its order; new ones are possible.
  ///
  /// - Throws: `FileError`, with the line, for a row that can't be: an unknown query or LLM, a response, cost or propensity out
  ///   of range; without one for a log without rows or numbers without names.
  public func load(
    named name: String, of benchmark: Benchmark, in dataset: Dataset, llms: [String]? = nil
  ) throws -> Result {
    var (rows, notes) = try read()
    guard !rows.isEmpty else {
      throw FileError(path, "holds no row: a log needs one routed query at least")
    }
    if let row = rows.first(where: { $0.row.query == nil }), rows.count != benchmark.queries.count {
      throw FileError(
        path, at: .line(row.line),
        "names no query, and the \(rows.count) rows are not the \(benchmark.queries.count) queries of "
          + "'\(benchmark.name)' in their order: add the queries' ids (\(queryPlace))")
    }
    if let llms, let numbered = try numbered(rows, llms) { rows = numbered }
    let known = dataset.llmNames(of: benchmark)
    let pool = try llms ?? pool(of: rows, known: known)
    let shell = try self.shell(benchmark, dataset, pool: pool)
    let ids = try benchmark.loadIDs()
    var builder = LogBuilder(
      shell.benchmarks[0], llms: Array(pool.indices), names: pool,
      queries: ids.map { .ids(NameIndex($0)) } ?? .rows(count: benchmark.queries.count), path: path)
    for (row, line) in rows { try builder.add(row, line: line) }
    let log = try builder.log(named: name)
    let strangers = pool.filter { !known.containsName($0) }
    if !strangers.isEmpty {
      notes.append(
        "\(path): \(strangers.count) of \(pool.count) LLMs are not in the dataset, such as '\(strangers[0])'")
    }
    notes += log.remarks.map { "\(path): \($0)" }
    return Result(
      dataset: try shell.seen(in: log, source: "log \(ImportOptions.fileName(path)) (\(format.rawValue))"),
      notes: notes)
  }

  private typealias Rows = [(row: LogRow, line: Int)]

  /// All rows of the file.
  private func read() throws -> (rows: Rows, notes: [String]) {
    var rows: Rows = []
    var notes: [String] = []
    func keep(_ row: LogRow, _ line: Int) { rows.append((row, line)) }
    switch format {
    case .csv, .obp, .banditml:
      let names: LogTable.Names = format == .obp ? .openBandit : format == .banditml ? .banditML : .own
      let table = try LogTable(CSVReader(path: path), names: names)
      try table.forEachRow(keep)
      notes += [UnusedParts.note("columns", table.unused, used: table.columns, path: path)].compactMap(\.self)
      if format == .banditml {
        for index in rows.indices {
          rows[index].row.query = rows[index].row.query.map(Self.query(ofContext:))
        }
      }
    case .jsonl: try LogLines.forEachRow(path: path, keep)
    case .vw:
      var text = VowpalWabbitText(path: path, costs: costs)
      try text.forEachRow(keep)
      notes += unlabelled(text.unlabelled)
    case .dsjson:
      var lines = DecisionServiceLines(path: path, costs: costs)
      try lines.forEachRow(keep)
      notes += unlabelled(lines.unlabelled)
      if lines.wasThinned {
        notes.append(
          "\(path): rows were dropped by chance when the log was made (pdrop); those that are left count once each"
        )
      }
    }
    return (rows, notes)
  }

  private func unlabelled(_ count: Int) -> [String] {
    count > 0 ? ["\(path): left out \(count) rows without a label, which say of no pick what it brought"] : []
  }

  /// Where the format has a query's id.
  private var queryPlace: String {
    switch format {
    case .csv, .jsonl, .obp: "query"
    case .vw: "a tag before the bar"
    case .dsjson: "\"query\" of a line"
    case .banditml: "context"
    }
  }

  /// The id in a context of banditml: the text, or `query` of a JSON object.
  private static func query(ofContext text: String) -> String {
    struct Context: Decodable { let query: QueryText }
    guard text.hasPrefix("{"), let found = try? JSONDecoder().decode(Context.self, from: Data(text.utf8))
    else {
      return text
    }
    return found.query.text
  }

  /// The rows with names in place of numbers; nil where all LLMs are named, or the format has no numbers.
  private func numbered(_ rows: Rows, _ llms: [String]) throws(FileError) -> Rows? {
    guard ![.csv, .jsonl].contains(format) else { return nil }
    let names = NameIndex(llms)
    let base = [.vw, .dsjson].contains(format) ? 1 : 0
    var result = rows
    for index in rows.indices where !names.contains(rows[index].row.llm) {
      let text = rows[index].row.llm
      guard let number = Int(text), (base..<llms.count + base).contains(number) else {
        throw FileError(
          path, at: .line(rows[index].line),
          "action '\(FileError.excerpt(text))' is none of the \(llms.count) LLMs of the pool, nor a number from \(base) to "
            + "\(llms.count - 1 + base)")
      }
      result[index].row.llm = llms[number - base]
    }
    return result
  }

  /// The LLMs that the log names: those of the benchmark in its order, then others in the order of their first appearance.
  private func pool(of rows: Rows, known: [String]) throws(FileError) -> [String] {
    var seen = NameIndex()
    var offers: Set<String> = []
    for (row, line) in rows {
      guard !row.llm.isEmpty else { throw FileError(path, at: .line(line), "the LLM is empty") }
      _ = seen.number(of: row.llm)
      guard let candidates = row.candidates, offers.insert(candidates).inserted else { continue }
      for name in candidates.split(separator: "|") { _ = seen.number(of: String(name)) }
    }
    let index = NameIndex(known)
    let strangers = seen.names.filter { !index.contains($0) }
    if ![.csv, .jsonl].contains(format), strangers.contains(where: { Int($0) != nil }) {
      throw FileError(
        path,
        "numbers its LLMs: name them in the order of the numbers with --llms, or choose a pool with --pool")
    }
    return known.filter { seen.contains($0) } + strangers
  }

  /// The benchmark with the LLMs of the pool and no response.
  private func shell(_ benchmark: Benchmark, _ dataset: Dataset, pool: [String]) throws(DataError) -> Dataset
  {
    let nothing = ResponseMatrixBuilder(
      queryCount: benchmark.queries.count, llmCount: pool.count, isMissing: true)
    let unknown = dataset.catalog.fields.map { _ in "" }
    let catalog = try LLMCatalog(
      names: pool, fields: dataset.catalog.fields,
      metadata: pool.map { name in
        dataset.catalog.index(of: name).map { dataset.catalog.metadata[$0] } ?? unknown
      })
    let own = try benchmark.with(
      llms: Array(pool.indices), responses: nothing.build(), publishedPools: [], costs: .some(nil))
    return try dataset.with(catalog: catalog, benchmarks: [own], truth: [:], logs: [])
  }
}
