import NumericKernels

/// The graded answers of a benchmark: queries × LLMs, each a number in [0, 1] or missing.
///
/// Binary grades take one bit each, continuous ones a `Float`. A missing response is missing, never wrong.
public struct ResponseMatrix: Sendable {
  /// The values and the mask as the numeric kernels take them, queries as rows.
  public let cells: GradedCells

  /// A matrix from values already checked to lie in [0, 1].
  public init(_ cells: GradedCells) { self.cells = cells }

  /// The number of queries.
  public var queryCount: Int { cells.rows }
  /// The number of LLMs.
  public var llmCount: Int { cells.columns }
  /// Whether every grade is 0 or 1.
  public var isBinary: Bool {
    if case .bits = cells.values { return true }
    return false
  }
  /// The number of responses that are not missing.
  public var observedCount: Int { cells.observedCount }

  /// The response of an LLM to a query, or nil where it is missing.
  public subscript(query: Int, llm: Int) -> Float? {
    if let observed = cells.observed, !observed[query, llm] { return nil }
    switch cells.values {
    case .bits(let bits): return bits[query, llm] ? 1 : 0
    case .floats(let matrix): return matrix[query, llm]
    }
  }

  /// The rows of some queries, and all LLMs, in the given order.
  public func selecting(queries: [Int]) -> ResponseMatrix { ResponseMatrix(cells.selecting(rows: queries)) }

  /// The columns of some LLMs, and all queries, in the given order.
  public func selecting(llms: [Int]) -> ResponseMatrix { ResponseMatrix(cells.selecting(columns: llms)) }

  /// The responses as numbers, queries × LLMs; missing ones are NaN.
  public func dense() -> Matrix { cells.dense(rows: 0..<queryCount) }

  /// The mean response of each LLM over the queries it answered, each with its weight; nil for one that answered none.
  public func llmMeans() -> [Double?] {
    if let weights = cells.weights { return llmMeans(weights) }
    let moments = ColumnMoments(of: cells)
    return zip(moments.sums, moments.counts).map { $1 > 0 ? $0 / Double($1) : nil }
  }
  private func llmMeans(_ weights: Matrix) -> [Double?] {
    (0..<llmCount).map { llm in
      var (sum, total) = (0.0, 0.0)
      for query in 0..<queryCount {
        guard let response = self[query, llm] else { continue }
        sum += Double(weights[query, llm]) * Double(response)
        total += Double(weights[query, llm])
      }
      return total > 0 ? sum / total : nil
    }
  }
}
