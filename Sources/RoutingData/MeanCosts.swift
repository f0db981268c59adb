extension Benchmark {
  /// The number of answers whose cost is known; nil where nobody says any.
  public var knownCostCount: Int? { costs.map { $0.storage.count { !$0.isNaN } } }

  /// What each LLM's answers to some queries, or to all, cost on average, over those whose cost is known.
  ///
  /// By column; nil for an LLM without a known cost among them. Sums run in double precision in the order of the queries.
  /// Cost: one pass over their costs.
  public func meanCosts(of queries: [Int]? = nil) -> [Double?] {
    guard let costs else { return llms.map { _ in nil } }
    var sums = [Double](repeating: 0, count: llms.count)
    var counts = [Int](repeating: 0, count: llms.count)
    for query in queries ?? Array(0..<costs.rows) {
      for (llm, cost) in costs.row(query).enumerated() where !cost.isNaN {
        sums[llm] += Double(cost)
        counts[llm] += 1
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
  }
}
