extension Log {
  /// What loads, but keeps a log from being learned from or believed in part; one line each.
  public var remarks: [String] {
    var lines: [String] = []
    let rows = picks.count
    let graded = picks.count { $0.response != nil }
    if graded == 0 {
      lines.append("no row is graded: there is nothing to train on or to estimate")
    } else if graded < rows, !picks.contains(where: { $0.gradePropensity != nil }) {
      lines.append(
        "\(rows - graded) of \(rows) rows are not graded, and nothing says with which probability they would be "
          + "(grade_propensity): if it depends on the answer, estimates are wrong")
    }
    let missing = picks.count { $0.propensity == nil }
    if missing > 0 {
      lines.append(
        "\(missing) of \(rows) rows have no propensity: they load, but what weighs by propensities refuses them; record "
          + "them, or see rs-debias check --estimate-propensities")
    } else if picks.allSatisfy({ $0.propensity == 1 }) {
      lines.append(
        "every propensity is 1: the logger never tried another LLM, so nothing tells what others would have answered"
      )
    }
    if Set(picks.map(\.llm)).count == 1 {
      lines.append("only one LLM was ever picked: nothing is known of the others")
    }
    if let row = firstRowOutOfTime {
      lines.append(
        "row \(row + 1) is earlier than the row before it: rows keep their order; sort them if it matters")
    }
    let repeated = repeatedRows
    if repeated > 0 {
      lines.append(
        "\(repeated) rows repeat an earlier one, time included: check that nothing was joined twice")
    }
    return lines
  }

  /// The first row whose time is before that of an earlier one; nil where times ascend or there is none.
  private var firstRowOutOfTime: Int? {
    var last = -Double.infinity
    for (row, pick) in picks.enumerated() {
      guard let time = pick.time else { continue }
      if time < last { return row }
      last = time
    }
    return nil
  }

  /// How many rows with a time are equal to an earlier one; without times equal rows are possible.
  private var repeatedRows: Int {
    struct Key: Hashable {
      let query: Int
      let llm: Int
      let time: Double
      let response: Float?
    }
    var seen: Set<Key> = []
    var repeated = 0
    for pick in picks {
      guard let time = pick.time else { continue }
      let key = Key(query: pick.query, llm: pick.llm, time: time, response: pick.response)
      if !seen.insert(key).inserted { repeated += 1 }
    }
    return repeated
  }
}
