import NumericKernels
import Routing

/// Scores that are gathered a few rows at a time.
struct ScoreTable {
  private var values: Matrix
  private var probabilities: Matrix?
  private var standardErrors: Matrix?

  /// A table to be filled.
  init(rows: Int, columns: Int) {
    values = Matrix(rows: rows, columns: columns)
    probabilities = values
    standardErrors = values
  }

  /// Enters the rows of some scores; what one of them lacks, the whole lacks.
  mutating func enter(_ scores: Scores, at rows: [Int]) {
    values.replaceRows(at: rows, with: scores.values)
    Self.enter(scores.probabilities, at: rows, into: &probabilities)
    Self.enter(scores.standardErrors, at: rows, into: &standardErrors)
  }

  private static func enter(_ part: Matrix?, at rows: [Int], into whole: inout Matrix?) {
    guard let part else {
      whole = nil
      return
    }
    whole?.replaceRows(at: rows, with: part)
  }

  /// What was entered.
  var scores: Scores { Scores(values, probabilities: probabilities, standardErrors: standardErrors) }
}
