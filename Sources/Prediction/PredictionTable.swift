import FileFormats
import Routing

/// Predictions as rows of text: the pick of each query, its best LLMs, or all of them.
package struct PredictionTable: Sendable {
  /// Which LLMs of a query get a row.
  package enum Rows: Equatable, Sendable {
    /// The pick alone.
    case pick
    /// So many of the best, and the pick where it is none of them; the pick is marked.
    case best(Int)
    /// All, in the predictor's order; the pick is marked.
    case all
  }

  private struct Line: Encodable {
    let query: String
    let llm: String
    let picked: Bool
    let probability: Float?
    let standardError: Float?
    let propensity: Float
    let cost: Double?

    private enum CodingKeys: String, CodingKey {
      case query, llm, picked, probability, propensity, cost
      case standardError = "standard_error"
    }
  }

  private let rows: Rows
  private let isCSV: Bool
  private let candidates: Candidates

  /// A table of a predictor's candidates, as CSV or as JSON Lines.
  package init(_ rows: Rows, isCSV: Bool, candidates: Candidates) {
    self.rows = rows
    self.isCSV = isCSV
    self.candidates = candidates
  }

  /// The first line of a CSV; nothing for JSON Lines.
  package var header: String {
    isCSV
      ? CSVRow.text(["query", "llm", "picked", "probability", "standard_error", "propensity", "cost"]) : ""
  }

  /// The lines of one query of a batch, whose pick is a column.
  ///
  /// - Throws: `FileError` for a number that JSON can't hold.
  package func lines(
    _ predictions: Predictions, row: Int, query: String, pick: Int
  ) throws(FileError) -> String {
    let columns: [Int]
    switch rows {
    case .pick: columns = [pick]
    case .best(let count):
      // A policy that explores, or a budget, may pick another than the best.
      let best = predictions.best(row, count)
      columns = best.contains(pick) ? best : best + [pick]
    case .all: columns = Array(candidates.names.indices)
    }
    var text = ""
    for column in columns {
      let line = Line(
        query: query, llm: candidates.names[column], picked: column == pick,
        probability: predictions.scores.probabilities?[row, column],
        standardError: predictions.errors?[row, column], propensity: predictions.propensities[row, column],
        cost: candidates.costs?[column])
      text +=
        isCSV
        ? CSVRow.text([
          line.query, line.llm, line.picked ? "1" : "0", line.probability?.description ?? "",
          line.standardError?.description ?? "", line.propensity.description, line.cost?.description ?? "",
        ]) : try JSONLines.line(line, path: "standard output")
    }
    return text
  }
}
