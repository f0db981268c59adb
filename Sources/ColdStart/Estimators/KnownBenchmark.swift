import Learning
import NumericKernels
import RoutingData

/// What is known of a benchmark before a new LLM comes: its queries, and who answered them how.
struct KnownBenchmark: Sendable {
  /// From answers to abilities and accuracies; of this benchmark alone.
  let placement: Placement
  /// The known LLMs' answers, n × LLMs.
  let answers: GradedCells
  /// The same as numbers, LLMs × n, missing answers as the query's mean.
  let table: Matrix
  /// The mean response of each known LLM.
  let accuracies: [Double]

  /// Gathers what is known; the placement must be of one benchmark.
  init(_ placement: Placement, answers: GradedCells) {
    self.placement = placement
    self.answers = answers
    var values = answers.dense(rows: 0..<answers.rows)
    for row in 0..<values.rows {
      let seen = values.row(row).filter { !$0.isNaN }
      let mean = seen.isEmpty ? 0.5 : seen.reduce(0, +) / Float(seen.count)
      if seen.count < values.columns {
        for column in 0..<values.columns where values[row, column].isNaN { values[row, column] = mean }
      }
    }
    table = values.transposed
    accuracies = ResponseMatrix(answers).llmMeans().map { $0 ?? 0.5 }
  }

  /// The number of queries.
  var count: Int { answers.rows }
}
