import FileFormats
import NumericKernels

/// One line of a long CSV file.
struct CSVAnswer {
  let query: String
  let llm: String
  let benchmark: String
  let subscenario: String
  /// The query's part of the split; nil where the file has no column for it.
  let part: SplitPart?
  /// The query's text; nil where the file has no column for it.
  let prompt: String?
  /// The grade; nil for a missing answer.
  let value: Float?
}

/// What a long CSV file says of one benchmark.
struct CSVTally {
  let name: String
  private(set) var queries = NameIndex()
  private(set) var llms = NameIndex()
  private(set) var subscenarioNames = NameIndex()
  /// The sub-scenario of each query.
  private(set) var subscenarios: [Int] = []
  /// The part of each query; empty where the file has none.
  private(set) var parts: [SplitPart] = []
  /// The text of each query; empty where the file has none.
  private(set) var prompts: [String] = []
  /// The place of each query in the order of first appearance over the whole file.
  private(set) var positions: [Int] = []
  /// The answers that are not missing.
  private(set) var answerCount = 0
  private var isBinary = true
  private var bits = BitMatrix(rows: 0, columns: 0)
  private var floats = Matrix(rows: 0, columns: 0)
  private var observed = BitMatrix(rows: 0, columns: 0)

  init(name: String) { self.name = name }

  /// Notes the names of a line.
  ///
  /// - Returns: whether the query is new.
  /// - Throws: `DataError` where the line says something else of its query than an earlier one.
  mutating func note(_ answer: CSVAnswer, position: Int) throws(DataError) -> Bool {
    let row = queries.number(of: answer.query)
    _ = llms.number(of: answer.llm)
    let label = subscenarioNames.number(of: answer.subscenario)
    if let value = answer.value {
      answerCount += 1
      if value != 0 && value != 1 { isBinary = false }
    }
    guard row < subscenarios.count else {
      subscenarios.append(label)
      positions.append(position)
      if let part = answer.part { parts.append(part) }
      if let prompt = answer.prompt { prompts.append(prompt) }
      return true
    }
    guard subscenarios[row] == label else {
      throw DataError(
        "query '\(answer.query)' is in sub-scenario '\(answer.subscenario)' here and in another one before")
    }
    if let part = answer.part, part != parts[row] {
      throw DataError(
        "query '\(answer.query)' is for \(part.name) here and for \(parts[row].name) before")
    }
    // A text may stand on one of a query's lines only.
    if let prompt = answer.prompt, !prompt.isEmpty {
      if prompts[row].isEmpty { prompts[row] = prompt }
      guard Name(prompts[row]) == Name(prompt) else {
        throw DataError("query '\(answer.query)' has another prompt here than before")
      }
    }
    return false
  }

  /// The bytes that the dense matrix and its mask take.
  var byteCount: Int {
    let cells = queries.count.saturatingProduct(llms.count)
    return isBinary ? cells / 4 : cells.saturatingProduct(4).saturatingSum(cells / 8)
  }

  /// Makes room for the scores.
  mutating func prepare() {
    let (rows, columns) = (queries.count, llms.count)
    observed = BitMatrix(rows: rows, columns: columns)
    if isBinary {
      bits = BitMatrix(rows: rows, columns: columns)
    } else {
      floats = Matrix(rows: rows, columns: columns)
    }
  }

  /// Sets a score, if the answer is not missing; false if it was set before or the names are new.
  mutating func set(_ answer: CSVAnswer) -> Bool {
    guard let row = queries[answer.query], let column = llms[answer.llm] else { return false }
    guard let value = answer.value else { return true }
    guard !observed[row, column] else { return false }
    observed[row, column] = true
    if isBinary {
      bits[row, column] = value == 1
    } else {
      floats[row, column] = value
    }
    return true
  }

  /// The scores, with a mask where pairs are missing.
  func responses() -> ResponseMatrix {
    let isComplete = observed.count == observed.rows * observed.columns
    return ResponseMatrix(
      GradedCells(isBinary ? .bits(bits) : .floats(floats), observed: isComplete ? nil : observed))
  }
}
