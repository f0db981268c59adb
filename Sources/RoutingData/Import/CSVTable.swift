import FileFormats

/// A long CSV file of scores, read twice: once for the names, once for the scores.
struct CSVTable {
  private let reader: CSVReader
  private let query: Int
  private let llm: Int
  private let score: Int
  private let benchmark: Int?
  private let subscenario: Int?
  private let defaultName: String
  private let onlyBenchmark: String?

  init(path: String, options: ImportOptions) throws(FileError) {
    reader = try CSVReader(path: path)
    query = try reader.column("query")
    llm = try reader.column("llm")
    score = try reader.column("score")
    benchmark = reader.header.contains("benchmark") ? try reader.column("benchmark") : nil
    subscenario = reader.header.contains("subscenario") ? try reader.column("subscenario") : nil
    defaultName = options.benchmarkName(from: path)
    onlyBenchmark = benchmark == nil ? nil : options.benchmark
  }

  /// The first pass: each benchmark's queries, LLMs and sub-scenarios, and whether its grades are binary.
  func tallies() throws(FileError) -> [CSVTally] {
    var tallies: [CSVTally] = []
    var numbers = NameIndex()
    var queryCount = 0
    try reader.forEachRow { (fields, line) throws(FileError) in
      let name = self.name(fields)
      for column in [query, llm] where fields[column].isEmpty {
        throw FileError(reader.path, at: .line(line), "\(reader.header[column]) is empty")
      }
      guard !name.isEmpty else { throw FileError(reader.path, at: .line(line), "benchmark is empty") }
      let value = try self.value(fields, line)
      let number = numbers.index(of: name)
      if number == tallies.count { tallies.append(CSVTally(name: name)) }
      let label = subscenario.map { fields[$0] } ?? name
      let isNew = tallies[number].note(
        query: fields[query], llm: fields[llm], subscenario: label, value: value, position: queryCount)
      guard let isNew else {
        throw FileError(
          reader.path, at: .line(line),
          "query '\(fields[query])' is in sub-scenario '\(label)' here and in another one before")
      }
      if isNew { queryCount += 1 }
    }
    if let onlyBenchmark, numbers.known(onlyBenchmark) == nil {
      throw FileError(
        reader.path,
        "has no benchmark '\(onlyBenchmark)'; there are: \(numbers.names.joined(separator: ", "))")
    }
    guard !tallies.isEmpty else { throw FileError(reader.path, "has no rows below its header") }
    for tally in tallies { try tally.requireMemory(path: reader.path) }
    return tallies
  }

  /// The second pass: the scores.
  func fill(_ tallies: inout [CSVTally]) throws(FileError) {
    var numbers = NameIndex()
    for index in tallies.indices {
      _ = numbers.index(of: tallies[index].name)
      tallies[index].prepare()
    }
    try reader.forEachRow { (fields, line) throws(FileError) in
      guard let number = numbers.known(name(fields)) else {
        throw FileError(reader.path, at: .line(line), "the file changed while it was read")
      }
      let isNew = tallies[number].set(
        query: fields[query], llm: fields[llm], value: try value(fields, line))
      guard isNew else {
        throw FileError(
          reader.path, at: .line(line),
          "query '\(fields[query])' and LLM '\(fields[llm])' have a score on an earlier line")
      }
    }
  }

  /// Whether a benchmark was asked for.
  func isWanted(_ benchmark: String) -> Bool { onlyBenchmark == nil || onlyBenchmark == benchmark }

  private func name(_ fields: [String]) -> String { benchmark.map { fields[$0] } ?? defaultName }

  private func value(_ fields: [String], _ line: Int) throws(FileError) -> Float {
    guard let value = Float(fields[score]), value >= 0, value <= 1 else {
      throw FileError(
        reader.path, at: .line(line), "score '\(fields[score])' is not a number in [0, 1]")
    }
    return value
  }
}
