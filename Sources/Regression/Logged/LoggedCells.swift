/// What a log saw: a cell for each query and each LLM that the query was sent to, however often.
package struct LoggedCells: Equatable, Sendable {
  /// The query of each cell, a row of the features; ascending.
  package let queries: [Int]
  /// Its LLM, from 0.
  package let llms: [Int]
  /// The mean of its answers, weighted.
  package let responses: [Float]
  /// How much it counts, at least 0: the sum of its answers' weights.
  package let weights: [Float]
  /// The number of LLMs, m, also of those without a cell.
  package let llmCount: Int

  /// Cells from their parts.
  package init(queries: [Int], llms: [Int], responses: [Float], weights: [Float], llmCount: Int) {
    precondition(
      llms.count == queries.count && responses.count == queries.count && weights.count == queries.count,
      "\(queries.count) queries, other cells")
    self.queries = queries
    self.llms = llms
    self.responses = responses
    self.weights = weights
    self.llmCount = llmCount
  }

  /// The number of cells.
  package var count: Int { queries.count }

  /// The same cells with other numbers for their queries, in the same order; those without a number are left out.
  package func moved(_ place: (Int) -> Int?) -> LoggedCells {
    let kept = queries.indices.filter { place(queries[$0]) != nil }
    let own = selecting(kept)
    return LoggedCells(
      queries: own.queries.compactMap(place), llms: own.llms, responses: own.responses, weights: own.weights,
      llmCount: llmCount)
  }

  /// The same cells with other numbers for their LLMs, a permutation; of one query ascending in them.
  package func moved(llms numbers: [Int]) -> LoggedCells {
    let order = queries.indices.sorted { (queries[$0], numbers[llms[$0]]) < (queries[$1], numbers[llms[$1]]) }
    let own = selecting(order)
    return LoggedCells(
      queries: own.queries, llms: own.llms.map { numbers[$0] }, responses: own.responses,
      weights: own.weights, llmCount: llmCount)
  }

  /// Some cells, by their places.
  func selecting(_ places: [Int]) -> LoggedCells {
    LoggedCells(
      queries: places.map { queries[$0] }, llms: places.map { llms[$0] },
      responses: places.map { responses[$0] }, weights: places.map { weights[$0] }, llmCount: llmCount)
  }

  /// The same cells with other answers, which may leave [0, 1], or other weights.
  func with(responses: [Float]? = nil, weights: [Float]? = nil) -> LoggedCells {
    LoggedCells(
      queries: queries, llms: llms, responses: responses ?? self.responses, weights: weights ?? self.weights,
      llmCount: llmCount)
  }

  /// The places of each LLM's cells.
  var placesOfLLMs: [[Int]] {
    var places = [[Int]](repeating: [], count: llmCount)
    for (place, llm) in llms.enumerated() { places[llm].append(place) }
    return places
  }

  /// The queries, each once, and the place of each cell's query among them.
  var distinctQueries: (rows: [Int], places: [Int]) {
    var rows: [Int] = []
    let places = queries.map { query -> Int in
      if rows.last != query { rows.append(query) }
      return rows.count - 1
    }
    return (rows, places)
  }

  /// The weighted mean answer of each LLM; that of all cells for one without any.
  var means: [Double] {
    var sums = [Double](repeating: 0, count: llmCount)
    var weights = sums
    for place in 0..<count {
      sums[llms[place]] += Double(self.weights[place]) * Double(responses[place])
      weights[llms[place]] += Double(self.weights[place])
    }
    let all = sums.reduce(0, +) / max(weights.reduce(0, +), .leastNormalMagnitude)
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : all }
  }

  /// (Σw)² / Σw² of each LLM's cells; 0 for one without any.
  package var effectiveSampleSizes: [Double] {
    var sums = [Double](repeating: 0, count: llmCount)
    var squares = sums
    for place in 0..<count {
      sums[llms[place]] += Double(weights[place])
      squares[llms[place]] += Double(weights[place]) * Double(weights[place])
    }
    return zip(sums, squares).map { $1 > 0 ? $0 * $0 / $1 : 0 }
  }
}
