import NumericKernels

/// The costs of a benchmark's answers, as rows bring them; of a pair with several rows it is that of the answer that counts.
struct AnswerCosts {
  private let duplicates: DuplicateAnswers
  private var known: Matrix
  /// The sum and number of the costs of pairs with several, where their mean counts.
  private var sums: [Int: (sum: Double, count: Int)] = [:]
  /// The pairs whose known cost is that of a row without a grade.
  private var ungraded: Set<Int> = []

  /// Costs that are yet to come.
  init(_ tally: AnswerTally, _ duplicates: DuplicateAnswers) {
    self.duplicates = duplicates
    known = Matrix(rows: tally.queries.count, columns: tally.llms.count, repeating: .nan)
  }

  /// Takes the cost of a row; NaN for one that does not say it.
  ///
  /// - Parameters:
  ///   - isAnswer: whether the row has a grade.
  ///   - isFirst: whether no row of the pair before had one.
  /// - Returns: false where an earlier row has another cost and nothing says which counts.
  mutating func note(_ cost: Float, _ query: Int, _ llm: Int, isAnswer: Bool, isFirst: Bool) -> Bool {
    let old = known[query, llm]
    if duplicates == .first {
      // The first answer's cost, known or not; without an answer, the first that is known.
      if isFirst, isAnswer || old.isNaN { known[query, llm] = cost }
      return true
    }
    guard !cost.isNaN else { return true }
    let cell = query * known.columns + llm
    guard !old.isNaN else {
      known[query, llm] = cost
      if !isAnswer { ungraded.insert(cell) }
      return true
    }
    guard duplicates == .mean else { return old == cost }
    // What was paid for no answer counts only where no answer says what it cost.
    if isAnswer, ungraded.remove(cell) != nil {
      (known[query, llm], sums[cell]) = (cost, nil)
      return true
    }
    guard isAnswer || ungraded.contains(cell) else { return true }
    let before = sums[cell] ?? (Double(old), 1)
    sums[cell] = (before.sum + Double(cost), before.count + 1)
    return true
  }

  /// The costs, queries × LLMs; NaN for those that are not known.
  var matrix: Matrix {
    var result = known
    for (cell, (sum, count)) in sums {
      result[cell / known.columns, cell % known.columns] = Float(sum / Double(count))
    }
    return result
  }
}
