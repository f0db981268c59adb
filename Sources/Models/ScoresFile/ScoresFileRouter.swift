import FileFormats
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData

/// A router whose scores come from a file, for the queries of one part and the LLMs of one pool.
///
/// `ScoresFile.router` makes it.
public struct ScoresFileRouter: Router {
  /// What the numbers of a file are.
  public enum Meaning: Sendable {
    /// Scores of any kind: only their order and their softmax are used.
    case scores
    /// The logits of RouterEval's MLC, an encoder fine-tuned as a multi-label classifier.
    case logits
  }

  /// The file's stem, `mlc` for logits, or the name given.
  public let name: String
  /// What the scores are.
  public let meaning: Meaning
  private let path: String
  private let benchmark: String
  private let part: SplitPart
  private let rows: [Int: Int]
  private let columns: CandidateColumns
  private let table: Matrix
  /// What is behind E_p for each row and column of the table.
  private let selection: Matrix
  /// The sigmoid of logits; nil for other scores.
  private let predicted: Matrix?

  /// A router from a matrix of `queries` × `llms`.
  init(
    name: String, meaning: Meaning, path: String, benchmark: String, part: SplitPart, queries: [Int],
    llms: [String], scores: ExactScores
  ) {
    self.name = name
    self.meaning = meaning
    self.path = path
    self.benchmark = benchmark
    self.part = part
    rows = Dictionary(queries.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    columns = CandidateColumns(llms)
    table = scores.values
    selection = meaning == .logits ? scores.mapped(Self.shares) : scores.softmax
    predicted = meaning == .logits ? scores.mapped { $0.map { 1 / (1 + exp(-$0)) } } : nil
  }

  /// The file's numbers, n × m, in the order of double precision; the embeddings are not looked at.
  ///
  /// Logits predict their sigmoid; other scores predict nothing, for nobody knows their scale.
  ///
  /// - Throws: `DataError` for another benchmark, an LLM outside the pool or a query outside the part.
  public func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let places = try places(of: batch, candidates)
    return Scores(places.of(table), probabilities: predicted.map(places.of))
  }

  /// Where the cells of some queries and candidates stand in the file.
  private struct Places {
    let rows: [Int]
    let columns: [Int]

    func of(_ table: Matrix) -> Matrix { table.selecting(rows: rows).selecting(columns: columns) }
  }

  private func places(of batch: QueryBatch, _ candidates: Candidates) throws(DataError) -> Places {
    guard let name = batch.benchmark, Name(name) == Name(benchmark), let queries = batch.rows else {
      throw DataError(
        "router '\(self.name)': \(path) was opened for benchmark '\(benchmark)', asked for "
          + (batch.benchmark.map { "'\($0)'" } ?? "queries of none"))
    }
    let columns = try columns.places(of: candidates, router: self.name)
    var places: [Int] = []
    for query in queries {
      guard let row = rows[query] else {
        throw DataError(
          "router '\(self.name)': \(path) has no scores for query \(query) of benchmark '\(benchmark)', which is "
            + "not a \(part.name) query")
      }
      places.append(row)
    }
    return Places(rows: places, columns: columns)
  }
}

extension ScoresFileRouter: PublishesSelectionProbabilities {
  /// The softmax of scores; for logits z, max(0, z) normalised, as RouterEval has it; rows of sum 1 over the candidates.
  public func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix {
    var probabilities = try places(of: batch, candidates).of(selection)
    for row in 0..<probabilities.rows {
      let total = probabilities.row(row).reduce(0.0) { $0 + Double($1) }
      for column in 0..<probabilities.columns {
        probabilities[row, column] =
          total > 0 ? Float(Double(probabilities[row, column]) / total) : 1 / Float(probabilities.columns)
      }
    }
    return probabilities
  }

  /// max(0, z) of a row of logits, normalised.
  ///
  /// Where no logit of a query is positive, RouterEval divides 0 by 0. Here every LLM gets 1/m: a
  /// classifier that says no to all prefers none.
  private static func shares(_ logits: ArraySlice<Double>) -> [Double] {
    let total = logits.reduce(0) { $0 + max($1, 0) }
    return logits.map { total > 0 ? max($0, 0) / total : 1 / Double(logits.count) }
  }
}
