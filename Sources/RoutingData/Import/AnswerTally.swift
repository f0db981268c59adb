import FileFormats
import NumericKernels

/// What the rows of one benchmark say of its queries and LLMs, which are numbered in the order of first appearance.
struct AnswerTally {
  /// A query by the codes of the columns that describe it.
  struct Query {
    let code: Int
    let firstRow: Int
    var subscenario: UInt32?
    var part: SplitPart?
    var prompt: UInt32?
  }

  let name: String
  /// The rows of the benchmark.
  let rows: RowList
  private(set) var queries: [Query] = []
  /// The code of each LLM.
  private(set) var llms: [Int] = []
  /// The answers that are not missing.
  private(set) var answerCount = 0
  private(set) var isBinary = true
  /// Whether the cost of an answer is known.
  private(set) var hasCosts = false

  init(name: String, rows: RowList) {
    self.name = name
    self.rows = rows
  }

  /// Notes a query for the first time.
  mutating func add(_ query: Query) -> UInt32 {
    queries.append(query)
    return UInt32(queries.count - 1)
  }

  /// Notes an LLM for the first time.
  mutating func add(llm: Int) -> UInt32 {
    llms.append(llm)
    return UInt32(llms.count - 1)
  }

  /// Notes a grade and a cost; NaN is a missing one.
  mutating func note(_ score: Float, cost: Float?) {
    if let cost, !cost.isNaN { hasCosts = true }
    guard !score.isNaN else { return }
    answerCount += 1
    if score != 0 && score != 1 { isBinary = false }
  }

  /// Takes a text that a later row of a query brings.
  mutating func setPrompt(of query: Int, to code: UInt32) { queries[query].prompt = code }

  /// The bytes that the dense matrix, its mask and the costs take.
  func byteCount(_ duplicates: DuplicateAnswers) -> Int {
    let cells = queries.count.saturatingProduct(llms.count)
    let costs = hasCosts ? cells.saturatingProduct(4) : 0
    return costs.saturatingSum(
      isBinary && duplicates != .mean ? cells / 4 : cells.saturatingProduct(4).saturatingSum(cells / 8))
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
