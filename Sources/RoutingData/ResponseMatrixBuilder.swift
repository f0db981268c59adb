import NumericKernels

/// Collects a response matrix row by row: bits as long as every grade is 0 or 1, numbers from then on.
public struct ResponseMatrixBuilder {
  private let llmCount: Int
  private let queryCount: Int
  private var bits: BitMatrix
  private var floats: Matrix?
  private var observed: BitMatrix?

  /// A builder for a matrix of a known shape with every response missing or yet to come.
  public init(queryCount: Int, llmCount: Int) {
    self.queryCount = queryCount
    self.llmCount = llmCount
    bits = BitMatrix(rows: queryCount, columns: llmCount)
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
    if let floats { return ResponseMatrix(GradedCells(.floats(floats), observed: observed)) }
    return ResponseMatrix(GradedCells(.bits(bits), observed: observed))
  }
}
