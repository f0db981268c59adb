import Learning
import NumericKernels

/// Predictions for a new benchmark, before and after some of its queries have answers.
struct LabelledBenchmark {
  private static let least: Float = 1e-3

  /// What the labels say of the whole benchmark.
  let shift: BenchmarkShift
  private let local: LocalResiduals

  /// Learns from the probabilities predicted for labelled queries, n × m, their responses, NaN for missing ones, and their
  /// features, n × d.
  ///
  /// - Throws: `NumericalError`.
  init(predicted: Matrix, responses: Matrix, features: Matrix) throws(NumericalError) {
    shift = BenchmarkShift(logOdds: Self.logOdds(predicted), responses: responses)
    var residuals = responses
    residuals.update(with: Self.shifted(predicted, by: shift)) { $0 = $0.isNaN ? 0 : $0 - $1 }
    local = try LocalResiduals(features: features, residuals: residuals)
  }

  /// Predictions for other queries moved by the benchmark's shift and the LLMs' offsets.
  func shifted(_ predicted: Matrix) -> Matrix { Self.shifted(predicted, by: shift) }

  /// The same, corrected by labelled queries near by.
  func corrected(_ predicted: Matrix, features: Matrix) -> Matrix {
    local.corrected(shifted(predicted), features: features)
  }

  private static func shifted(_ predicted: Matrix, by shift: BenchmarkShift) -> Matrix {
    var moved = logOdds(predicted)
    moved.addToRows(shift.offsets)
    return Elementwise.sigmoid(moved)
  }

  private static func logOdds(_ probabilities: Matrix) -> Matrix {
    probabilities.mapped { Elementwise.logit(min(max($0, least), 1 - least)) }
  }
}
