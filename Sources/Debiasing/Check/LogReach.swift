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
    let all = Double(log.picks.count { $0.offer == nil })
    for llm in 0..<count { offered[llm] = all }
    for pick in log.picks {
      if let offer = pick.offer { for llm in log.offers[offer] { offered[llm] += 1 } }
      rows[pick.llm] += 1
      guard let propensity = pick.propensity else { continue }
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
