import Learning
import NumericKernels

/// Some LLMs' responses to known queries: the real ones, and what is expected where there is none.
struct ImputedResponses {
  /// A real response, or else the expected one, n × m.
  private(set) var values: Matrix
  /// What is expected of every query, n × m.
  let expected: Matrix
  /// 1 for a real response, 0 for an expected one, n × m.
  private(set) var isReal: Matrix

  /// Nothing but expectations.
  init(expected: Matrix) {
    self.expected = expected
    values = expected
    isReal = Matrix(rows: expected.rows, columns: expected.columns)
  }

  /// Responses that are all real.
  init(real: Matrix, expected: Matrix) {
    precondition(real.rows == expected.rows && real.columns == expected.columns)
    self.expected = expected
    values = real
    isReal = Matrix(rows: real.rows, columns: real.columns, repeating: 1)
  }

  /// Puts a real response in.
  mutating func put(_ response: Float, query: Int, llm: Int) {
    values[query, llm] = response
    isReal[query, llm] = 1
  }

  /// The same of some queries.
  func selecting(queries: [Int]) -> ImputedResponses {
    var result = ImputedResponses(expected: expected.selecting(rows: queries))
    result.values = values.selecting(rows: queries)
    result.isReal = isReal.selecting(rows: queries)
    return result
  }
}
