import Routing
import RoutingData

/// The single LLM that is best on rows which are not evaluated, so that the choice knows none of the answers it is
/// judged by.
struct SingleLLMChoice: Sendable {
  /// A place among the log's LLMs.
  let llm: Int
  /// What a user should know; nil for nothing.
  let note: String?

  /// A choice by the self-normalized mean of each LLM's answers, weighted by 1/propensity; the first of equals.
  init(_ log: Log, of benchmark: Benchmark, notIn parts: Set<SplitPart>) {
    var isOther = [Bool](repeating: true, count: log.picks.count)
    for (row, pick) in log.picks.enumerated() {
      isOther[row] = !parts.contains(benchmark.split.parts[pick.query])
    }
    func isUsable(_ row: Int) -> Bool {
      log.picks[row].response != nil && log.picks[row].seenPropensity != nil
    }
    let others = log.picks.indices.filter { isOther[$0] && isUsable($0) }
    let rows = others.isEmpty ? log.picks.indices.filter(isUsable) : others
    var (weights, sums) = (
      [Double](repeating: 0, count: log.llmCount), [Double](repeating: 0, count: log.llmCount)
    )
    for row in rows {
      let pick = log.picks[row]
      guard let response = pick.response, let propensity = pick.seenPropensity else { continue }
      weights[pick.llm] += 1 / propensity
      sums[pick.llm] += Double(response) / propensity
    }
    let means = zip(sums, weights).map { $1 > 0 ? $0 / $1 : -1 }
    llm = means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 }
    note =
      others.isEmpty
      ? "the best single LLM is chosen on the evaluated rows, for there are no others: its value is too high"
      : nil
  }
}
