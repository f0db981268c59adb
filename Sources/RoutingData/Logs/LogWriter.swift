import FileFormats
import NumericKernels

/// Writes a log as CSV, see `LogTable`; columns that no row fills are left out.
struct LogWriter {
  private let log: Log
  private let llms: [String]
  private let offers: [String]
  private let policies: [String]
  private static let blockRows = 1 << 14

  /// A writer of a log whose LLMs have these names, in its order.
  ///
  /// - Throws: `DataError` for a candidate whose name holds the bar that separates candidates.
  init(_ log: Log, llms names: [String]) throws(DataError) {
    precondition(names.count == log.llmCount, "\(names.count) names for \(log.llmCount) LLMs")
    for offer in log.offers {
      if let place = offer.first(where: { names[$0].utf8.contains(UInt8(ascii: "|")) }) {
        throw DataError(
          "log '\(log.name)': candidate '\(names[place])' holds a '|', which separates candidates in a log")
      }
    }
    self.log = log
    llms = names.map(Self.field)
    offers = log.offers.map { offer in Self.field(offer.map { names[$0] }.joined(separator: "|")) }
    policies = log.policies.map(Self.field)
  }

  /// A text as a field, in quotes where it needs them.
  private static func field(_ text: String) -> String {
    String(CSVRow.text([text, ""]).dropLast(2))
  }

  /// Which columns some row fills.
  private struct Filled {
    var propensity = false
    var offer = false
    var gradePropensity = false
    var audited = false
    var policy = false
    var time = false
    var cost = false

    init(_ picks: [LoggedPick]) {
      for pick in picks {
        if pick.propensity != nil { propensity = true }
        if pick.offer != nil { offer = true }
        if pick.gradePropensity != nil { gradePropensity = true }
        if pick.isAudited { audited = true }
        if pick.policy != nil { policy = true }
        if pick.time != nil { time = true }
        if pick.cost != nil { cost = true }
      }
    }

    var header: String {
      var columns = ["query", "llm", "response"]
      for (isFilled, name) in [
        (propensity, "propensity"), (offer, "candidates"), (gradePropensity, "grade_propensity"),
        (audited, "audited"), (policy, "policy"), (time, "time"), (cost, "cost"),
      ] where isFilled { columns.append(name) }
      return columns.joined(separator: ",") + "\n"
    }
  }

  /// Writes the log; queries are rows of the benchmark, or have the ids given.
  ///
  /// Cost: a pass over the rows, formatted in parallel.
  func write(to path: String, ids: [String]? = nil) throws(FileError) {
    let filled = Filled(log.picks)
    let blocks = Parallel.blocks(of: log.picks.count, size: Self.blockRows)
    try AtomicFile.write(to: path) { sink throws(FileError) in
      try sink.write(filled.header)
      for some in Parallel.blocks(of: blocks.count, size: 16) {
        let texts = Parallel.map(some.count) { text(of: blocks[some.lowerBound + $0], filled, ids) }
        for text in texts { try sink.write(text) }
      }
    }
  }

  private func text(of rows: Range<Int>, _ filled: Filled, _ ids: [String]?) -> String {
    var text = ""
    text.reserveCapacity(rows.count * 64)
    func add(_ value: Double?) {
      text += ","
      if let value { text += value.description }
    }
    for row in rows {
      let pick = log.picks[row]
      text += ids.map { Self.field($0[pick.query]) } ?? String(pick.query)
      text += ","
      text += llms[pick.llm]
      text += ","
      if let response = pick.response { text += Self.text(response) }
      if filled.propensity { add(pick.propensity) }
      if filled.offer {
        text += ","
        if let offer = pick.offer { text += offers[offer] }
      }
      if filled.gradePropensity { add(pick.gradePropensity) }
      if filled.audited { text += pick.isAudited ? ",1" : ",0" }
      if filled.policy {
        text += ","
        if let policy = pick.policy { text += policies[policy] }
      }
      if filled.time { add(pick.time) }
      if filled.cost { add(pick.cost) }
      text += "\n"
    }
    return text
  }

  /// A grade; those of right and wrong answers without a point.
  private static func text(_ response: Float) -> String {
    response == 0 ? "0" : response == 1 ? "1" : response.description
  }
}
