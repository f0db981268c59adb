import RoutingData

/// How far a log's picks reach each LLM.
struct LogReach {
  private let log: Log
  private var rows: [Int]
  private var graded: [Int]
  private var least: [Double?]
  private var offered: [Double]
  private var sums: [Double]
  private var squares: [Double]
  private var seenSums: [Double]
  private var seenSquares: [Double]

  /// Sums the weights of a log up.
  init(_ log: Log) {
    let count = log.llmCount
    self.log = log
    rows = Array(repeating: 0, count: count)
    graded = rows
    least = Array(repeating: nil, count: count)
    offered = Array(repeating: 0, count: count)
    (sums, squares, seenSums, seenSquares) = (offered, offered, offered, offered)
    // Rows that do not say how likely they were say nothing of the others' weights either.
    let all = Double(log.picks.count { $0.offer == nil && $0.propensity != nil })
    for llm in 0..<count { offered[llm] = all }
    for pick in log.picks {
      rows[pick.llm] += 1
      guard let propensity = pick.propensity else { continue }
      if let offer = pick.offer { for llm in log.offers[offer] { offered[llm] += 1 } }
      least[pick.llm] = min(least[pick.llm] ?? 1, propensity)
      sums[pick.llm] += 1 / propensity
      squares[pick.llm] += 1 / (propensity * propensity)
      guard pick.response != nil, let seen = pick.seenPropensity else { continue }
      graded[pick.llm] += 1
      seenSums[pick.llm] += 1 / seen
      seenSquares[pick.llm] += 1 / (seen * seen)
    }
  }

  /// The largest weight of a pick.
  private var largestWeight: Double { 1 / (least.compactMap(\.self).min() ?? 1) }

  /// The figures of an LLM.
  func llm(_ llm: Int, name: String, hidden: Double?) -> LogCheck.LLM {
    let weight = MeanWeight(
      sum: sums[llm], squares: squares[llm], count: offered[llm], largest: largestWeight)
    return LogCheck.LLM(
      llm: name, rows: rows[llm], graded: graded[llm], smallestPropensity: least[llm],
      effectiveSize: seenSquares[llm] > 0 ? seenSums[llm] * seenSums[llm] / seenSquares[llm] : 0,
      meanWeight: weight.mean, standardError: weight.standardError, hidden: hidden)
  }
}

extension LogCheck {
  private static let mostNamed = 5
  /// A probability by chance below which a mean weight is said to be off.
  private static let level = 0.01

  /// What is to be said of LLMs whose mean weight is further from 1 than chance explains; nil for nothing.
  package static func meanWeightNote(of llms: [LLM]) -> String? {
    let picked = llms.filter { $0.rows > 0 }
    let off = picked.filter { llm in
      let z = MeanWeight.z(mean: llm.meanWeight, standardError: llm.standardError)
      return MeanWeight.p(ofZ: z, tests: picked.count) < level
    }.map(\.llm)
    guard !off.isEmpty else { return nil }
    return
      "the mean weight is not 1 (p < \(level) of all LLMs together) for \(off.prefix(mostNamed).joined(separator: ", ")): the "
      + "recorded propensities are not those of the picks, or rows are missing"
  }

  /// The same of a log whose LLMs have these names.
  ///
  /// Rows without propensity are left out. Cost a pass.
  package static func meanWeightNote(of log: Log, names: [String]) -> String? {
    let reach = LogReach(log)
    return meanWeightNote(of: names.indices.map { reach.llm($0, name: names[$0], hidden: nil) })
  }
}
