import FileFormats
import Models
import NumericKernels
import Routing
import RoutingData

/// All that a model says of many queries, as arrays that numpy reads.
///
/// Kept in memory until it is written: 8 bytes for each query and LLM, and a limit that is refused before it is taken.
package final class PredictionArrays: PredictionOutput {
  /// So many predictions, of all queries together, fit one file: 24,000 queries of 8,500 LLMs do.
  static let mostPredictions = 1 << 28
  /// numpy pads every text to the longest one.
  private static let mostTextBytes = 1 << 30

  private let candidates: Candidates
  private let limit: Int
  private var queries: [String] = []
  private var probabilities: [Float] = []
  private var errors: [Float] = []
  private var picks: [Int32] = []
  private var propensities: [Float] = []

  /// Arrays of a predictor's candidates.
  package convenience init(candidates: Candidates) {
    self.init(candidates: candidates, limit: Self.mostPredictions)
  }

  init(candidates: Candidates, limit: Int) {
    self.candidates = candidates
    self.limit = limit
  }

  package func add(_ predictions: Predictions, row: Int, query: String, pick: Int) throws {
    guard (queries.count + 1) * candidates.count <= limit else {
      throw DataError(
        "more than \(limit / max(1, candidates.count)) queries of \(candidates.count) LLMs are too many for one file of "
          + "arrays: write fewer queries, fewer --llms, or --format jsonl")
    }
    queries.append(query)
    if let found = predictions.scores.probabilities { probabilities += found.row(row) }
    if let found = predictions.errors { errors += found.row(row) }
    picks.append(Int32(pick))
    propensities.append(predictions.propensities[row, pick])
  }

  /// Writes the predicted responses alone, n × m, or all arrays, whole or not at all; gives notes, one line each.
  ///
  /// The archive holds `queries` and `llms` (names), `probabilities` and `standard_errors` (n × m, each where the model
  /// says them), `picks` (places in `llms`), `propensities` of the picks, and `costs` of LLMs where they are known.
  ///
  /// - Throws: `FileError` where the file can't be written, a model of no predicted responses for the array alone, or ids
  ///   too long for an array of texts.
  package func write(_ format: PredictionFormat, to path: String) throws(FileError) -> [String] {
    precondition(format.isArrays, "\(format.rawValue) is text")
    let shape = [queries.count, candidates.count]
    let hasProbabilities = !probabilities.isEmpty
    guard format == .npz else {
      guard hasProbabilities else {
        throw FileError(
          path, "the model predicts no responses, only which LLM is better: write the picks as .npz or CSV")
      }
      try NPY.write(NDArray(floats: probabilities, shape: shape), to: path)
      return []
    }
    // numpy takes zeros at the end of a text for padding.
    let ids = LineNames(queries, replacing: { $0 == "\0" }, by: "_")
    let names = LineNames(candidates.names, replacing: { $0 == "\0" }, by: "_")
    for texts in [ids.names, names.names] {
      let longest = texts.lazy.map(\.unicodeScalars.count).max() ?? 0
      guard longest <= Self.mostTextBytes / 4 / max(1, texts.count) else {
        throw FileError(
          path, "names of up to \(longest) characters are too long for an array: shorten them, or write CSV")
      }
    }
    var arrays: [(name: String, array: NDArray)] = [
      ("queries", NDArray(strings: ids.names)), ("llms", NDArray(strings: names.names)),
    ]
    if hasProbabilities { arrays.append(("probabilities", NDArray(floats: probabilities, shape: shape))) }
    if !errors.isEmpty { arrays.append(("standard_errors", NDArray(floats: errors, shape: shape))) }
    arrays.append(("picks", NDArray(int32: picks, shape: [picks.count])))
    arrays.append(("propensities", NDArray(floats: propensities, shape: [propensities.count])))
    if let costs = candidates.costs {
      arrays.append(("costs", NDArray(doubles: costs, shape: [costs.count])))
    }
    try NPZ.write(arrays, to: path, compressed: false)
    return [ids.note("zero bytes"), names.note("zero bytes")].compactMap { $0 }
  }
}
