import NumericKernels

/// Who answered which measured query of a pool, and who takes a query whose LLM did not.
///
/// A single LLM can't be measured on a query that it did not answer. Its *stand-in* there is the candidate with the best
/// mean on train among those that did; so "always this LLM" is a rule that every query has an answer to, the LLM
/// that was best on train means "the best on train that is there", and V_B's divisor is the best of these rules. A candidate that answers nothing
/// is the rule of the others, and changes none of them.
package struct PoolAvailability: Sendable {
  /// Queries that the same candidates answered.
  package struct Part: Sendable {
    /// The places of the candidates among those of the pool, ascending.
    package let candidates: [Int]
    /// The places of the queries among those that are measured, ascending.
    package let queries: [Int]
  }

  /// The queries by who answered them, in the order of their first query.
  package let parts: [Part]
  /// The candidate that takes each query whose LLM did not answer it.
  package let standIns: [Int]
  private let answered: [[Bool]]

  /// Who answered of responses, n × m with missing ones NaN, at least one in each row; nil where none is missing.
  ///
  /// `order` are the candidates from the best on train to the worst.
  init?(_ responses: Matrix, order: [Int]) {
    let answered = (0..<responses.rows).map { row in responses.row(row).map { !$0.isNaN } }
    guard answered.contains(where: { $0.contains(false) }) else { return nil }
    var places: [[Bool]: Int] = [:]
    var groups: [(pattern: [Bool], queries: [Int])] = []
    for (query, pattern) in answered.enumerated() {
      if let place = places[pattern] {
        groups[place].queries.append(query)
      } else {
        places[pattern] = groups.count
        groups.append((pattern, [query]))
      }
    }
    parts = groups.map { group in
      Part(candidates: group.pattern.indices.filter { group.pattern[$0] }, queries: group.queries)
    }
    standIns = answered.map { pattern in order.first { pattern[$0] } ?? 0 }
    self.answered = answered
  }

  /// Who takes a query that is sent to a candidate: the candidate, or its stand-in.
  package func taker(of query: Int, for candidate: Int) -> Int {
    answered[query][candidate] ? candidate : standIns[query]
  }

  /// The responses with those of stand-ins where one is missing, n × m.
  func filled(_ responses: Matrix) -> Matrix {
    var result = responses
    for row in 0..<result.rows {
      for column in 0..<result.columns where !answered[row][column] {
        result[row, column] = responses[row, standIns[row]]
      }
    }
    return result
  }
}
