import FileFormats

/// Makes a log of rows as files say them: looks queries and LLMs up.
struct LogBuilder {
  /// How a log's file names queries.
  enum Queries {
    /// By their rows in the benchmark, from 0.
    case rows(count: Int)
    /// By the ids of the benchmark's queries, in the order of its rows.
    case ids(NameIndex)
  }

  private let path: String
  private let benchmark: Benchmark
  private let queries: Queries
  private let names: NameIndex
  private let columns: [Int]
  private let separator: Character = "|"
  private var picks: [LoggedPick] = []
  private var policies = NameIndex()
  private var offers: [[Int]] = []
  private var offerNumbers: [[Int]: Int] = [:]
  private var offerTexts = NameIndex()
  private var offerOfText: [Int] = []

  /// A builder for LLMs given as columns of a benchmark, whose names are those of all its columns.
  init(_ benchmark: Benchmark, llms columns: [Int], names: [String], queries: Queries, path: String) {
    self.benchmark = benchmark
    self.columns = columns
    self.names = NameIndex(columns.map { names[$0] })
    self.queries = queries
    self.path = path
  }

  /// Adds a row that stands on a line.
  ///
  /// - Throws: `FileError`, with the line, for a query or an LLM that is not there, or a pick that was not offered.
  mutating func add(_ row: LogRow, line: Int) throws(FileError) {
    let fail = { [path] (reason: String) in FileError(path, at: .line(line), reason) }
    // Rows without a query are about the queries in their order.
    guard
      let query = row.query.map({ place(ofQuery: $0) })
        ?? (picks.count < benchmark.queries.count ? picks.count : nil)
    else {
      throw fail(
        "query '\(FileError.excerpt(row.query ?? String(picks.count)))' is none of the \(benchmark.queries.count) of benchmark "
          + "'\(benchmark.name)', so it has no embedding: add it to the dataset, or leave the row out")
    }
    guard let llm = names[row.llm] else {
      throw fail(
        "LLM '\(FileError.excerpt(row.llm))' is none of the \(columns.count) of the pool: name it in the pool, or "
          + "leave the row out")
    }
    var pick = LoggedPick(
      query: query, llm: llm, response: row.response, propensity: row.propensity,
      gradePropensity: row.gradePropensity, isAudited: row.isAudited, time: row.time, cost: row.cost)
    if let text = row.candidates {
      let offer = try self.offer(text, fail)
      guard offers[offer].contains(llm) else {
        throw fail("LLM '\(FileError.excerpt(row.llm))' was picked, but is not among the candidates")
      }
      pick.offer = offer
    }
    if let policy = row.policy { pick.policy = policies.number(of: policy) }
    picks.append(pick)
  }

  private func place(ofQuery text: String) -> Int? {
    switch queries {
    case .ids(let ids): return ids[text]
    case .rows(let count):
      guard let row = Int(text), row >= 0, row < count else { return nil }
      return row
    }
  }

  private mutating func offer(
    _ text: String, _ fail: (String) -> FileError
  ) throws(FileError) -> Int {
    let number = offerTexts.number(of: text)
    if number < offerOfText.count { return offerOfText[number] }
    var places: Set<Int> = []
    for name in text.split(separator: separator, omittingEmptySubsequences: false) {
      guard let place = names[String(name)] else {
        throw fail("candidate '\(FileError.excerpt(name))' is none of the \(columns.count) LLMs of the pool")
      }
      places.insert(place)
    }
    let offer = places.sorted()
    let place = offerNumbers[offer] ?? offers.count
    if place == offers.count {
      offerNumbers[offer] = place
      offers.append(offer)
    }
    offerOfText.append(place)
    return place
  }

  /// The log of all rows that were added.
  ///
  /// - Throws: `FileError` where there is none.
  func log(named name: String) throws(FileError) -> Log {
    guard !picks.isEmpty else { throw FileError(path, "holds no row: a log needs one routed query at least") }
    do throws(DataError) {
      return try Log(
        name: name, of: benchmark, llms: columns, offers: offers, policies: policies.names, picks: picks)
    } catch { throw FileError(path, error.description) }
  }
}
