import NumericKernels

/// Collects a response matrix row by row: bits as long as every grade is 0 or 1, numbers from then on.
public struct ResponseMatrixBuilder {
  private let llmCount: Int
  private let queryCount: Int
  private var bits: BitMatrix
  private var floats: Matrix?
  private var observed: BitMatrix?

  /// A builder for a matrix of a known shape whose responses are yet to come, or missing where they are not set.
  public init(queryCount: Int, llmCount: Int, isMissing: Bool = false) {
    self.queryCount = queryCount
    self.llmCount = llmCount
    bits = BitMatrix(rows: queryCount, columns: llmCount)
    if isMissing { observed = BitMatrix(rows: queryCount, columns: llmCount) }
  }

  /// The response that was set, or nil where none was; for a builder whose responses are missing at first.
  func value(_ query: Int, _ llm: Int) -> Float? {
    guard observed?[query, llm] == true else { return nil }
    return floats.map { $0[query, llm] } ?? (bits[query, llm] ? 1 : 0)
  }

  /// Sets one response, a number in [0, 1].
  mutating func set(_ query: Int, _ llm: Int, to value: Float) {
    precondition(value >= 0 && value <= 1, "response \(value)")
    if floats == nil && value != 0 && value != 1 { switchToFloats() }
    if floats == nil { bits[query, llm] = value == 1 } else { floats?[query, llm] = value }
    observed?[query, llm] = true
  }

  /// Sets the responses of a query, one for each LLM; NaN is a missing one.
  ///
  /// - Throws: `DataError` naming the column of a value outside [0, 1].
  public mutating func setRow(_ query: Int, _ values: ArraySlice<Float>) throws(DataError) {
    precondition(values.count == llmCount, "\(values.count) responses for \(llmCount) LLMs")
    var row = Array(values)
    var isBinary = true
    for llm in 0..<llmCount {
      let value = row[llm]
      guard value >= 0, value <= 1 else {
        if value.isNaN {
          row[llm] = 0
          markMissing(query, llm)
          continue
        }
        throw DataError("response of LLM \(llm) to query \(query) is \(value), expected a number in [0, 1]")
      }
      if value != 0 && value != 1 { isBinary = false }
    }
    if floats == nil && !isBinary { switchToFloats() }
    if floats == nil {
      bits.setRow(query, from: row)
    } else {
      floats?.replaceRow(query, with: row)
    }
  }

  private mutating func markMissing(_ query: Int, _ llm: Int) {
    if observed == nil { observed = BitMatrix(rows: queryCount, columns: llmCount, repeating: true) }
    observed?[query, llm] = false
  }

  private mutating func switchToFloats() {
    var matrix = Matrix(rows: queryCount, columns: llmCount)
    for query in 0..<queryCount {
      for llm in 0..<llmCount where bits[query, llm] { matrix[query, llm] = 1 }
    }
    floats = matrix
  }

  /// The matrix of all rows set so far.
  public func build() -> ResponseMatrix {
    // Where nothing is missing there is no mask, whatever was expected.
    let observed = observed.flatMap { $0.columnCounts().allSatisfy { $0 == queryCount } ? nil : $0 }
    if let floats { return ResponseMatrix(GradedCells(.floats(floats), observed: observed)) }
    return ResponseMatrix(GradedCells(.bits(bits), observed: observed))
  }
}
