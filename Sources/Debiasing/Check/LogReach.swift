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

  /// The figures of an LLM.
  func llm(_ llm: Int, name: String, hidden: Double?) -> LogCheck.LLM {
    let count = max(offered[llm], 1)
    let mean = sums[llm] / count
    let variance = max(squares[llm] / count - mean * mean, 0)
    return LogCheck.LLM(
      llm: name, rows: rows[llm], graded: graded[llm], smallestPropensity: least[llm],
      effectiveSize: seenSquares[llm] > 0 ? seenSums[llm] * seenSums[llm] / seenSquares[llm] : 0,
      meanWeight: mean, standardError: (variance / count).squareRoot(), hidden: hidden)
  }
}

extension LogCheck {
  private static let mostNamed = 5
  private static let mostErrors = 3.0

  /// What is to be said of LLMs whose mean weight is further from 1 than chance explains; nil for nothing.
  package static func meanWeightNote(of llms: [LLM]) -> String? {
    let off = llms.filter { $0.rows > 0 && abs($0.meanWeight - 1) > mostErrors * $0.standardError }
      .map(\.llm)
    guard !off.isEmpty else { return nil }
    return
      "the mean weight is not 1 (by over 3 standard errors) for \(off.prefix(mostNamed).joined(separator: ", ")): the "
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
