import RoutingData

/// What each row of a log says to training: nothing without a grade, otherwise its answer and how much it counts.
///
/// A row counts 1/(p·g) for the probability p of its pick and g of its grading. Where some rows were drawn by chance to be
/// audited and the grading of the others is not known, it may depend on the answer; audited rows alone count then.
struct LogEvidence {
  /// What stands against weights.
  enum Obstacle: Equatable {
    /// A graded row has no propensity; its number, from 1.
    case noPropensity(row: Int)
    /// Every pick was certain.
    case certainPicks
  }

  /// The log.
  let log: Log
  /// The places of graded rows, ascending.
  let graded: [Int]
  /// Why rows can't be weighted; nil where they can.
  let obstacle: Obstacle?
  /// Whether only audited rows have a weight.
  let weighsAuditsOnly: Bool

  /// Looks through a log.
  ///
  /// - Throws: `DataError` for a log without a grade, or of one LLM only.
  init(_ log: Log) throws(DataError) {
    self.log = log
    graded = log.picks.indices.filter { log.picks[$0].response != nil }
    guard !graded.isEmpty else {
      throw DataError(
        "log '\(log.name)': none of its \(log.picks.count) rows has a response: grade some answers first")
    }
    guard log.picks.contains(where: { $0.llm != log.picks[0].llm }) else {
      throw DataError(
        "log '\(log.name)': all \(log.picks.count) rows picked the same LLM: there is nothing to choose between"
      )
    }
    weighsAuditsOnly =
      graded.contains { log.picks[$0].isAudited }
      && graded.contains { !log.picks[$0].isAudited && log.picks[$0].gradePropensity == nil }
    if let row = graded.first(where: { log.picks[$0].propensity == nil }) {
      obstacle = .noPropensity(row: row + 1)
    } else if graded.allSatisfy({ log.picks[$0].propensity == 1 }) {
      obstacle = .certainPicks
    } else {
      obstacle = nil
    }
  }

  /// How much a graded row counts, before weights of an LLM are brought to a mean of 1; 0 for one without a known grading.
  func weight(of row: Int) -> Double {
    let pick = log.picks[row]
    guard !weighsAuditsOnly || pick.isAudited else { return 0 }
    return pick.seenPropensity.map { 1 / $0 } ?? 0
  }

  /// What makes the variance of doubly robust outcomes small, (1 − s)/s² for the probability s of seeing the answer.
  func varianceWeight(of row: Int) -> Double {
    let weight = weight(of: row)
    return weight * max(weight - 1, 1e-3)
  }

  /// Throws unless rows can be weighted as a method needs.
  func requireWeights(for method: DebiasMethod) throws(DataError) {
    switch obstacle {
    case nil: return
    case .noPropensity(let row):
      throw DataError(
        "log '\(log.name)': row \(row) has no propensity, which --debias \(method.rawValue) needs: record the "
          + "probabilities of picks, or train with --debias none")
    case .certainPicks:
      throw DataError(
        "log '\(log.name)': every propensity is 1, so each query was seen with one LLM that was sure to be picked, and "
          + "nothing tells what the others would have answered: let the router explore, or train with --debias none"
      )
    }
  }
}
