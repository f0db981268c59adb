import NumericKernels
import Routing
import RoutingData

/// The rows of a log that targets are evaluated on: those of some parts of the split, with an answer and a propensity.
package struct LoggedRows: Sendable {
  /// A query with the LLMs that were offered for it; many rows may share one.
  struct Case: Hashable {
    let query: Int
    /// A place among the log's offers; nil for all LLMs.
    let offer: Int?
  }

  /// The number of LLMs, m.
  let llmCount: Int
  /// The LLMs of each offer, as places among the log's LLMs.
  let offers: [[Int]]
  /// The cases.
  let cases: [Case]
  /// The case of each row.
  let caseOfRow: [Int]
  /// The picked LLM of each row.
  let picks: [Int]
  /// The probability that the row's answer is seen, p·g.
  let propensities: [Double]
  /// Whether the logger had no choice in the row.
  let isCertain: [Bool]
  /// The answers; nil for rows that nobody graded.
  let responses: [Double?]
  /// The cluster of each row: its query, numbered in the order of first rows.
  let clusters: [Int]
  /// The query of each cluster.
  package let queries: [Int]
  /// Whether the log holds an answer of each LLM, so that it can be picked.
  let isSeen: [Bool]
  /// What a user should know of the rows.
  package let notes: [String]

  /// The number of rows.
  package var count: Int { picks.count }

  /// The rows of a log whose queries belong to some parts.
  ///
  /// Ungraded rows count as rows without an answer where the log says how likely grading was; else they are left out,
  /// which is right only if grading did not depend on the answer. Cost a pass.
  ///
  /// - Throws: `DataError`, with a remedy, for a log of one LLM, no rows of the parts, no answer, a missing propensity,
  ///   or a logger that never had a choice.
  package init(_ log: Log, parts: Set<SplitPart>, of benchmark: Benchmark) throws(DataError) {
    guard log.llmCount > 1 else {
      throw DataError("log '\(log.name)' is of one LLM: there is nothing to route")
    }
    let isPart = benchmark.split.parts.map(parts.contains)
    let places = log.picks.indices.filter { isPart[log.picks[$0].query] }
    let named = SplitPart.allCases.filter(parts.contains).map(\.name).joined(separator: ", ")
    guard !places.isEmpty else {
      let there = SplitPart.allCases.filter { part in
        log.picks.contains { benchmark.split.parts[$0.query] == part }
      }.map(\.name)
      throw DataError(
        "log '\(log.name)' has no row of \(named) queries, its rows are of \(there.joined(separator: ", ")) queries: "
          + "choose others with --part, or log queries of all parts")
    }
    if let row = places.first(where: { log.picks[$0].propensity == nil }) {
      throw DataError(
        "log '\(log.name)': row \(row + 1) has no propensity, and without it nothing can be said of other picks: "
          + "record the probability of each pick, or leave rows without it out of the log")
    }
    var seen = [Bool](repeating: false, count: log.llmCount)
    for pick in log.picks where pick.response != nil { seen[pick.llm] = true }
    isSeen = seen
    let knowsGrading = places.contains { log.picks[$0].gradePropensity != nil }
    let kept = knowsGrading ? places : places.filter { log.picks[$0].response != nil }
    guard kept.contains(where: { log.picks[$0].response != nil }) else {
      throw DataError("log '\(log.name)' has no graded answer to a query of \(named): grade some of them")
    }
    guard kept.contains(where: { (log.picks[$0].propensity ?? 1) < 1 }) else {
      throw DataError(
        "log '\(log.name)': every propensity is 1, so the logger always picked the same LLM for a query and nothing is "
          + "known of any other: let it explore, as in best-explore:0.1")
    }
    var notes: [String] = []
    if kept.count < places.count {
      notes.append(
        "\(places.count - kept.count) of \(places.count) rows have no answer and no grade_propensity; they are left out, "
          + "which is right only if grading did not depend on the answer")
    }
    let unseen = seen.indices.filter { !seen[$0] }
    if !unseen.isEmpty {
      notes.append(
        "\(unseen.count) of \(seen.count) LLMs have no answer in the log: what they would earn is bounded")
    }
    self.notes = notes
    llmCount = log.llmCount
    offers = log.offers
    var caseNumbers: [Case: Int] = [:]
    var cases: [Case] = []
    var clusterNumbers: [Int: Int] = [:]
    var queries: [Int] = []
    var caseOfRow: [Int] = []
    var clusters: [Int] = []
    for place in kept {
      let pick = log.picks[place]
      let own = Case(query: pick.query, offer: pick.offer)
      let number = caseNumbers[own] ?? cases.count
      if number == cases.count {
        caseNumbers[own] = number
        cases.append(own)
      }
      caseOfRow.append(number)
      let cluster = clusterNumbers[pick.query] ?? queries.count
      if cluster == queries.count {
        clusterNumbers[pick.query] = cluster
        queries.append(pick.query)
      }
      clusters.append(cluster)
    }
    self.cases = cases
    self.caseOfRow = caseOfRow
    self.clusters = clusters
    self.queries = queries
    picks = kept.map { log.picks[$0].llm }
    propensities = kept.map { log.picks[$0].seenPropensity ?? 1 }
    isCertain = kept.map { log.picks[$0].propensity == 1 }
    responses = kept.map { log.picks[$0].response.map(Double.init) }
  }

  /// The rows as estimators take them, for a target's probabilities of each case, cases × m, and predicted answers of each
  /// cluster's query, clusters × m.
  package func rows(for target: Matrix, predicted: Matrix) -> TargetRows {
    precondition(target.rows == cases.count && target.columns == llmCount, "a target of \(target.shapeText)")
    precondition(
      predicted.rows == queries.count && predicted.columns == llmCount,
      "predictions of \(predicted.shapeText)")
    var masses = [Double](repeating: 0, count: count)
    var expected = masses
    var weights = masses
    var predictions = masses
    var answers = masses
    for row in 0..<count {
      let (pick, cluster) = (picks[row], clusters[row])
      let shares = target.row(caseOfRow[row])
      let model = predicted.row(cluster)
      var (total, seen, base) = (0.0, 0.0, 0.0)
      for llm in 0..<llmCount {
        let share = Double(shares[shares.startIndex + llm])
        total += share
        guard isCertain[row] ? llm == pick : isSeen[llm] else { continue }
        seen += share
        base += share * Double(model[model.startIndex + llm])
      }
      masses[row] = seen / total
      expected[row] = base / total
      predictions[row] = Double(model[model.startIndex + pick])
      if let response = responses[row] {
        weights[row] = Double(shares[shares.startIndex + pick]) / total / propensities[row]
        answers[row] = response
      } else {
        answers[row] = predictions[row]
      }
    }
    return TargetRows(
      weights: weights, responses: answers, predictions: predictions, expected: expected, masses: masses,
      clusters: clusters)
  }

  /// A target that always picks one LLM, where it is offered; elsewhere it shares the offer, cases × m.
  package func always(_ llm: Int) -> Matrix {
    var target = Matrix(rows: cases.count, columns: llmCount)
    for (row, own) in cases.enumerated() {
      guard let offer = own.offer, !offers[offer].contains(llm) else {
        target[row, llm] = 1
        continue
      }
      for other in offers[offer] { target[row, other] = 1 / Float(offers[offer].count) }
    }
    return target
  }
}
