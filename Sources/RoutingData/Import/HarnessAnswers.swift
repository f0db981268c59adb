import FileFormats
import NumericKernels

/// What a user chose of the answers in samples files of lm-evaluation-harness.
public struct HarnessChoices: Sendable {
  /// The LLM of all files; nil takes the names of their folders.
  public var llm: String?
  /// The filters to take, for tasks with several: the first one that a task has.
  public var filters: [String]
  /// The metrics to take, for tasks with several: the first one that a task has.
  public var metrics: [String]

  /// Choices; the defaults leave nothing to choose where there is only one.
  public init(llm: String? = nil, filters: [String] = [], metrics: [String] = []) {
    self.llm = llm
    self.filters = filters
    self.metrics = metrics
  }
}

/// Collects the answers of samples files, one after the other.
struct HarnessAnswers {
  private let choices: HarnessChoices
  private let scale: Double
  private var queries = CodedColumn.Builder()
  private var llms = CodedColumn.Builder()
  private var tasks = CodedColumn.Builder()
  private var prompts = CodedColumn.Builder()
  private var scores: [Float] = []
  /// The line of each answer, and the first answer of each file.
  private var lines: [Int32] = []
  private var starts: [(row: Int, path: String)] = []
  /// The filter and the metric of each task.
  private(set) var taken: [(task: String, filter: String?, metric: String, path: String)] = []
  /// The hash of each document, and the file that had it first, by its query's number.
  private var documents: [(hash: String?, path: String)] = []

  init(_ choices: HarnessChoices, scale: Double) {
    self.choices = choices
    self.scale = scale
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError` for a file that is damaged or empty, a choice that is left open, or, with the line, a document that
  ///   is another one than in an earlier file.
  /// - Complexity: one pass; the grades of one file are in memory beside what is kept.
  mutating func read(_ file: HarnessFile) throws(FileError) {
    var samples: [(sample: HarnessSample, line: Int)] = []
    var seen: Set<Name> = []
    try JSONLines.forEach(HarnessSample.self, path: file.path) { (sample, line) throws(FileError) in
      var sample = sample
      // Texts are kept for the first LLM alone; each filter has its own lines of all documents.
      let isNew = seen.insert(Name("\(sample.document)/\(sample.filter ?? "")")).inserted
      if !isNew || queries.contains(Self.query(file, sample)) { sample.prompt = nil }
      samples.append((sample, line))
    }
    guard let first = samples.first else { throw FileError(file.path, "has no lines") }
    let filters = NameIndex(samples.map { $0.sample.filter ?? "" }).names
    let filter = try choice(
      of: filters, chosen: choices.filters, what: "filter", place: "task \(file.task)", path: file.path)
    let kept = samples.filter { Name($0.sample.filter ?? "") == Name(filter) }
    let metrics = NameIndex(kept.flatMap { $0.sample.metrics.keys.sortedAsNames() }).names
    guard !metrics.isEmpty else {
      let names = first.sample.unread.joined(separator: ", ")
      throw FileError(
        file.path, at: .line(first.line),
        "has no metric that is a number"
          + (names.isEmpty ? "" : "; it has \(FileError.excerpt(names, limit: 200))"))
    }
    let metric = try choice(
      of: metrics, chosen: choices.metrics, what: "metric", place: "task \(file.task)", path: file.path)
    try agree(file, filter: filter, metric: metric)
    starts.append((scores.count, file.path))
    for (sample, line) in kept { try append(sample, line, metric, of: file) }
  }

  private static func query(_ file: HarnessFile, _ sample: HarnessSample) -> String {
    "\(file.task)/\(sample.document)"
  }

  private mutating func append(
    _ sample: HarnessSample, _ line: Int, _ metric: String, of file: HarnessFile
  ) throws(FileError) {
    guard let value = sample.metrics[metric] else {
      throw FileError(file.path, at: .line(line), "\"\(FileError.excerpt(metric))\" is missing or no number")
    }
    let query = queries.append(Self.query(file, sample))
    if query == documents.count {
      documents.append((sample.hash, file.path))
    } else if let hash = documents[query].hash, let own = sample.hash, hash != own {
      throw FileError(
        file.path, at: .line(line),
        "document \(sample.document) of task \(file.task) is another one than in \(documents[query].path): the two "
          + "runs had different versions of the task, so their answers can't be compared")
    }
    llms.append(file.llm)
    tasks.append(file.task)
    prompts.append(sample.prompt ?? "")
    scores.append(Float(value / scale))
    lines.append(Int32(clamping: line))
  }

  /// The only one, or the first chosen one that is there.
  private func choice(
    of names: [String], chosen: [String], what: String, place: String, path: String
  ) throws(FileError) -> String {
    if names.count == 1 { return names[0] }
    if let found = chosen.first(where: { names.containsName($0) }) { return found }
    let list = names.sortedAsNames().map { FileError.excerpt($0) }.joined(separator: ", ")
    throw FileError(
      path,
      "\(place) has several \(what)s (\(list)): choose one with --\(what)"
        + (chosen.isEmpty ? "" : "; it has no \(chosen.joined(separator: ", "))"))
  }

  /// Notes what is taken of a task; all its files must have that.
  private mutating func agree(_ file: HarnessFile, filter: String, metric: String) throws(FileError) {
    guard let known = taken.first(where: { Name($0.task) == Name(file.task) }) else {
      taken.append((file.task, filter.isEmpty ? nil : filter, metric, file.path))
      return
    }
    for (what, own, other) in [("filter", filter, known.filter ?? ""), ("metric", metric, known.metric)]
    where Name(own) != Name(other) {
      throw FileError(
        file.path,
        "task \(file.task) has the \(what) '\(FileError.excerpt(own))' here and '\(FileError.excerpt(other))' in "
          + "\(known.path): choose one that all files have with --\(what)")
    }
  }

  /// The answers of all files.
  ///
  /// - Parameter benchmark: one benchmark of all tasks, which then are its sub-scenarios; nil makes each a benchmark.
  func columns(path: String, benchmark: String?) -> AnswerColumns {
    let (starts, lines, scores, scale) = (starts, lines, scores, scale)
    var columns = AnswerColumns(
      path: path, queries: queries.column, llms: llms.column, scores: scores, scale: scale
    ) { (row) throws(FileError) in
      let file = starts.last { $0.row <= row }?.path ?? path
      return AnswerColumns.Origin(
        path: file, line: Int(lines[row]), score: "\(Double(scores[row]) * scale)")
    }
    columns.subscenarios = tasks.column
    if benchmark == nil { columns.benchmarks = tasks.column }
    let prompts = prompts.column
    columns.prompts = prompts.names == [""] ? nil : prompts
    return columns
  }
}
