import NumericKernels

/// What a router did with queries of one benchmark: only the answer of the LLM that it picked is seen.
///
/// A query may have several rows. The order of rows is that of the file.
public struct Log: Sendable {
  /// The name, unique in its dataset.
  public let name: String
  /// The benchmark that the queries belong to.
  public let benchmark: String
  /// The LLMs that the router chose among, as columns of the benchmark, m of them.
  public let llms: [Int]
  /// The sets of LLMs that were offered in some rows, as places among `llms`, ascending.
  public let offers: [[Int]]
  /// The names of those who picked, where rows say so.
  public let policies: [String]
  /// The rows.
  public let picks: [LoggedPick]

  /// A log of a benchmark.
  ///
  /// - Throws: `DataError` naming the row, from 1, that holds what can't be: a query or an LLM that is not there, a
  ///   response outside [0, 1], a propensity outside (0, 1], a pick that was not offered; or a log without rows.
  public init(
    name: String, of benchmark: Benchmark, llms: [Int], offers: [[Int]] = [], policies: [String] = [],
    picks: [LoggedPick]
  ) throws(DataError) {
    precondition(
      llms.allSatisfy { benchmark.llms.indices.contains($0) } && Set(llms).count == llms.count,
      "LLMs \(llms) of a benchmark with \(benchmark.llms.count)")
    guard !picks.isEmpty else { throw DataError("log '\(name)' has no rows") }
    self.name = name
    self.benchmark = benchmark.name
    self.llms = llms
    self.offers = offers
    self.policies = policies
    self.picks = picks
    let checked = self
    let queries = benchmark.queries.count
    let blocks = Parallel.blocks(of: picks.count, size: 1 << 14)
    let faults = Parallel.map(blocks.count) { index -> String? in
      for row in blocks[index] {
        if let fault = checked.fault(of: picks[row], queries: queries) { return "row \(row + 1) \(fault)" }
      }
      return nil
    }
    if let fault = faults.compactMap({ $0 }).first { throw DataError("log '\(name)': \(fault)") }
  }

  /// The number of LLMs that could be picked, m.
  public var llmCount: Int { llms.count }

  /// What a row holds that can't be.
  private func fault(of pick: LoggedPick, queries: Int) -> String? {
    guard (0..<queries).contains(pick.query) else {
      return "names query \(pick.query), the benchmark has \(queries)"
    }
    guard llms.indices.contains(pick.llm) else {
      return "names LLM \(pick.llm), the log has \(llms.count)"
    }
    if let response = pick.response, !(response >= 0 && response <= 1) {
      return "has the response \(response), expected a number from 0 to 1, or none"
    }
    if let fault = fault("propensity", pick.propensity) { return fault }
    if let fault = fault("grade_propensity", pick.gradePropensity) { return fault }
    if let offer = pick.offer {
      guard offers.indices.contains(offer), offers[offer].contains(pick.llm) else {
        return "picked an LLM that was not offered"
      }
    }
    if let policy = pick.policy, !policies.indices.contains(policy) {
      return "names policy \(policy), the log has \(policies.count)"
    }
    if let time = pick.time, !time.isFinite { return "has the time \(time), expected a finite number" }
    if let cost = pick.cost, !cost.isFinite { return "has the cost \(cost), expected a finite number" }
    return nil
  }

  private func fault(_ what: String, _ propensity: Double?) -> String? {
    guard let propensity, !(propensity >= LoggedPick.leastPropensity && propensity <= 1) else { return nil }
    return
      "has the \(what) \(propensity), expected a number above 0 (at least \(LoggedPick.leastPropensity)), up to 1"
  }
}
