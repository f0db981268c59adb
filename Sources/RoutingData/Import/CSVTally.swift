import FileFormats
import NumericKernels

/// What a long CSV file says of one benchmark.
struct CSVTally {
  /// A dense block of more bytes than this is refused: so few of its pairs would be in the file.
  private static let byteLimit = 1 << 32

  let name: String
  private(set) var queries = NameIndex()
  private(set) var llms = NameIndex()
  private(set) var subscenarioNames = NameIndex()
  /// The sub-scenario of each query.
  private(set) var subscenarios: [Int] = []
  /// The place of each query in the order of first appearance over the whole file.
  private(set) var positions: [Int] = []
  private var isBinary = true
  private var bits = BitMatrix(rows: 0, columns: 0)
  private var floats = Matrix(rows: 0, columns: 0)
  private var observed = BitMatrix(rows: 0, columns: 0)

  init(name: String) { self.name = name }

  /// Notes the names of a line.
  ///
  /// - Returns: whether the query is new, or nil if it was in another sub-scenario before.
  mutating func note(query: String, llm: String, subscenario: String, value: Float, position: Int) -> Bool? {
    let row = queries.index(of: query)
    _ = llms.index(of: llm)
    if value != 0 && value != 1 { isBinary = false }
    let label = subscenarioNames.index(of: subscenario)
    guard row == subscenarios.count else { return subscenarios[row] == label ? false : nil }
    subscenarios.append(label)
    positions.append(position)
    return true
  }

  /// Throws if the dense block of these queries and LLMs is too large.
  func requireMemory(path: String) throws(FileError) {
    let (rows, columns) = (queries.names.count, llms.names.count)
    let (cells, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, cells / 4 + (isBinary ? 0 : cells * 4) <= Self.byteLimit else {
      throw FileError(
        path,
        "benchmark '\(name)': \(rows) queries × \(columns) LLMs are too many for a dense matrix in memory")
    }
  }

  /// Makes room for the scores.
  mutating func prepare() {
    let (rows, columns) = (queries.names.count, llms.names.count)
    observed = BitMatrix(rows: rows, columns: columns)
    if isBinary {
      bits = BitMatrix(rows: rows, columns: columns)
    } else {
      floats = Matrix(rows: rows, columns: columns)
    }
  }

  /// Sets a score; false if it was set before or the names are new.
  mutating func set(query: String, llm: String, value: Float) -> Bool {
    guard let row = queries.known(query), let column = llms.known(llm), !observed[row, column] else {
      return false
    }
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
