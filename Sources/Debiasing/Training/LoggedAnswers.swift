import FileFormats
import NumericKernels
import Regression
import RoutingData

/// A log's graded rows as cells: one for each query and LLM, with the mean answer and what its rows weigh together.
///
/// Weights of an LLM's rows have the mean 1, those of train queries for themselves, so that a penalty means the same for
/// all LLMs.
struct LoggedAnswers {
  /// How rows count.
  enum Counting {
    /// Each once.
    case plain
    /// By the inverse of the probability to see them.
    case weighted
    /// As `mrdr` does.
    case variance
  }

  /// The rows' queries and LLMs, in ascending order of both, each once.
  private let places: [(query: Int, llm: Int, rows: Range<Int>)]
  /// Graded rows in the order of `places`; within one by answer and weight, so that the order of rows changes no bit.
  private let rows: [Int]
  private let evidence: LogEvidence
  private let split: Split

  /// The cells of a log's train and validation queries; rows of test queries are left out.
  init(_ evidence: LogEvidence, split: Split) {
    self.evidence = evidence
    self.split = split
    let picks = evidence.log.picks
    func key(_ row: Int) -> (Int, Int, Float, Double) {
      (picks[row].query, picks[row].llm, picks[row].response ?? 0, evidence.weight(of: row))
    }
    rows = evidence.graded.filter { split.parts[picks[$0].query] != .test }.sorted { key($0) < key($1) }
    var places: [(query: Int, llm: Int, rows: Range<Int>)] = []
    for (place, row) in rows.enumerated() {
      let pick = picks[row]
      if let last = places.last, last.query == pick.query, last.llm == pick.llm {
        places[places.count - 1].rows = last.rows.lowerBound..<place + 1
      } else {
        places.append((pick.query, pick.llm, place..<place + 1))
      }
    }
    self.places = places
  }

  /// The number of graded rows.
  var rowCount: Int { rows.count }

  /// The cells of some parts' queries, which are the benchmark's.
  func cells(_ counting: Counting, part: SplitPart) -> LoggedCells {
    let picks = evidence.log.picks
    let own = places.filter { split.parts[$0.query] == part }
    func weight(_ row: Int) -> Double {
      switch counting {
      case .plain: 1
      case .weighted: evidence.weight(of: row)
      case .variance: evidence.varianceWeight(of: row)
      }
    }
    // An LLM's weights over the number of its rows that have one.
    var sums = [Double](repeating: 0, count: evidence.log.llmCount)
    var counts = sums
    for place in own {
      for row in rows[place.rows] where weight(row) > 0 {
        sums[place.llm] += weight(row)
        counts[place.llm] += 1
      }
    }
    var responses: [Float] = []
    var weights: [Float] = []
    for place in own {
      let values = rows[place.rows].map { (Double(picks[$0].response ?? 0), weight($0)) }
      let total = values.reduce(0) { $0 + $1.1 }
      let product = values.reduce(0) { $0 + $1.0 * $1.1 }
      let mean = values.reduce(0) { $0 + $1.0 } / Double(values.count)
      responses.append(Float(min(max(total > 0 ? product / total : mean, 0), 1)))
      weights.append(
        sums[place.llm] > 0 ? Float(total * (counts[place.llm] / sums[place.llm])) : 0)
    }
    return LoggedCells(
      queries: own.map(\.query), llms: own.map(\.llm), responses: responses, weights: weights,
      llmCount: evidence.log.llmCount)
  }

  /// A benchmark whose responses are the cells of train and validation queries, its LLMs those of the log.
  ///
  /// - Throws: `DataError` as the benchmark itself.
  func benchmark(_ whole: Benchmark, _ counting: Counting) throws(DataError) -> Benchmark {
    let count = whole.queries.count
    let width = evidence.log.llmCount
    var values = Matrix(rows: count, columns: width)
    var weights = values
    var observed = BitMatrix(rows: count, columns: width)
    for part in [SplitPart.train, .validation] {
      let cells = cells(counting, part: part)
      for place in 0..<cells.count where cells.weights[place] > 0 {
        values[cells.queries[place], cells.llms[place]] = cells.responses[place]
        weights[cells.queries[place], cells.llms[place]] = cells.weights[place]
        observed[cells.queries[place], cells.llms[place]] = true
      }
    }
    let isWeighted = !weights.allObserved(equal: 1, observed)
    let llms = evidence.log.llms
    return try whole.with(
      llms: llms.map { whole.llms[$0] },
      responses: ResponseMatrix(
        GradedCells(.floats(values), observed: observed, weights: isWeighted ? weights : nil)),
      publishedPools: [], costs: whole.costs?.selecting(columns: llms))
  }
}

extension Matrix {
  /// Whether all observed elements have one value.
  fileprivate func allObserved(equal value: Float, _ observed: BitMatrix) -> Bool {
    (0..<rows).allSatisfy { row in (0..<columns).allSatisfy { !observed[row, $0] || self[row, $0] == value } }
  }
}
