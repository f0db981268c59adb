import FileFormats

/// A long CSV file of scores, read twice: once for the names, once for the scores.
struct CSVTable {
  private let reader: CSVReader
  private let columns: CSVColumns
  private let defaultName: String
  private let onlyBenchmark: String?
  private let memoryLimit: Int

  init(path: String, options: ImportOptions) throws(FileError) {
    reader = try CSVReader(path: path)
    columns = try CSVColumns(reader)
    defaultName = options.benchmarkName(from: path)
    onlyBenchmark = columns.benchmark == nil ? nil : options.benchmark
    memoryLimit = options.memoryLimit(fileSize: reader.byteCount)
  }

  /// Whether queries come with their own split.
  var hasSplit: Bool { columns.split != nil }

  /// A note on the columns without a meaning.
  var unusedColumns: String? {
    UnusedParts.note("columns", columns.unused, used: CSVColumns.list, path: reader.path)
  }

  /// The first pass: what each benchmark has of queries, LLMs and sub-scenarios, and whether its grades are binary.
  ///
  /// - Throws: `FileError`, with the line, for lines that are no answers or contradict each other; without one
  ///   for answers too few for the matrix that they would need.
  func tallies() throws(FileError) -> [CSVTally] {
    var tallies: [CSVTally] = []
    var numbers = NameIndex()
    var queryCount = 0
    try reader.forEachRow { (fields, line) throws(FileError) in
      let answer = try self.answer(fields, line)
      let number = numbers.number(of: answer.benchmark)
      if number == tallies.count { tallies.append(CSVTally(name: answer.benchmark)) }
      do throws(DataError) {
        if try tallies[number].note(answer, position: queryCount) { queryCount += 1 }
      } catch {
        throw FileError(reader.path, at: .line(line), error.description)
      }
    }
    if let onlyBenchmark, !numbers.contains(onlyBenchmark) {
      throw FileError(
        reader.path,
        "has no benchmark '\(onlyBenchmark)'; there are: \(numbers.names.joined(separator: ", "))")
    }
    guard !tallies.isEmpty else { throw FileError(reader.path, "has no rows below its header") }
    return tallies
  }

  /// The second pass: the scores of the benchmarks that are wanted.
  ///
  /// - Throws: `FileError` for matrices out of proportion to the file, before they are made; with the line, for a
  ///   pair that has two scores.
  func fill(_ tallies: inout [CSVTally]) throws(FileError) {
    try requireMemory(tallies.filter { isWanted($0.name) })
    var numbers = NameIndex()
    for index in tallies.indices {
      _ = numbers.number(of: tallies[index].name)
      if isWanted(tallies[index].name) { tallies[index].prepare() }
    }
    try reader.forEachRow { (fields, line) throws(FileError) in
      let answer = try self.answer(fields, line)
      guard isWanted(answer.benchmark) else { return }
      guard let number = numbers[answer.benchmark] else {
        throw FileError(reader.path, at: .line(line), "the file changed while it was read")
      }
      guard tallies[number].set(answer) else {
        throw FileError(
          reader.path, at: .line(line),
          "query '\(answer.query)' and LLM '\(answer.llm)' have a score on an earlier line")
      }
    }
  }

  /// Whether a benchmark was asked for.
  func isWanted(_ benchmark: String) -> Bool {
    onlyBenchmark.map { Name($0) == Name(benchmark) } ?? true
  }

  /// Throws if the dense matrices would take more memory than the file or the user accounts for.
  private func requireMemory(_ tallies: [CSVTally]) throws(FileError) {
    let needed = tallies.reduce(0) { $0.saturatingSum($1.byteCount) }
    guard needed > memoryLimit, let worst = tallies.max(by: { $0.byteCount < $1.byteCount }) else { return }
    throw FileError(
      reader.path,
      "benchmark '\(worst.name)': \(worst.answerCount) answers of \(worst.queries.count) queries × "
        + "\(worst.llms.count) LLMs are too sparse: as a dense matrix they take \(worst.byteCount >> 20) MiB; "
        + "leave out queries and LLMs with few answers, give unrelated ones a benchmark each in a column "
        + "'benchmark', or allow it with --memory-limit \((needed >> 30) + 1)")
  }

  /// One line of the file.
  private func answer(_ fields: [String], _ line: Int) throws(FileError) -> CSVAnswer {
    for column in [columns.query, columns.llm] + [columns.benchmark].compactMap({ $0 })
    where fields[column].isEmpty {
      throw FileError(reader.path, at: .line(line), "\(reader.header[column]) is empty")
    }
    let benchmark = columns.benchmark.map { fields[$0] } ?? defaultName
    var part: SplitPart?
    if let column = columns.split {
      part = SplitWords.part(fields[column])
      guard part != nil else {
        throw FileError(
          reader.path, at: .line(line), "split '\(fields[column])' is not one of \(SplitWords.list)")
      }
    }
    return CSVAnswer(
      query: fields[columns.query], llm: fields[columns.llm], benchmark: benchmark,
      subscenario: columns.subscenario.map { fields[$0] } ?? benchmark, part: part,
      prompt: columns.prompt.map { fields[$0] }, value: try value(fields[columns.score], line))
  }

  private func value(_ field: String, _ line: Int) throws(FileError) -> Float? {
    if let value = Grade.value(of: field) { return value }
    guard MissingAnswer.isMissing(field) else {
      throw FileError(
        reader.path, at: .line(line),
        "score '\(FileError.excerpt(field))' is not a number in [0, 1], a percentage, True or False, nor empty or NA for a "
          + "missing answer")
    }
    return nil
  }
}

extension Int {
  /// The sum, or the largest number where it is larger; both numbers are at least 0.
  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product, or the largest number where it is larger; both numbers are at least 0.
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
