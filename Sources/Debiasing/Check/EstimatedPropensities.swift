import Learning
import NumericKernels
import RoutingData

/// Propensities as the features predict them, by multinomial regression of the picks, each query by the rows of others.
///
/// They can't know what the features lack: where the logger used that, they mend nothing, and estimates by them can be worse than
/// without. Fitted by the quadratic bound ½XᵀX of the likelihood's curvature (Böhning 1992), with one Cholesky factor a fold.
package struct EstimatedPropensities: Sendable {
  private static let folds = 4
  private static let mostRows = 20_000
  private static let sweeps = 60

  /// The penalty of a coefficient, as rows of features of length 1.
  private static let penalty: Float = 1

  /// The log with estimated propensities in place of recorded ones, none below 1/(20·m).
  ///
  /// `embeddings` are those of all queries of the benchmark. Cost: folds × sweeps × rows × d × m.
  ///
  /// - Throws: `NumericalError`.
  package static func replacing(
    in log: Log, of benchmark: Benchmark, embeddings: Matrix, seed: UInt64
  ) throws -> Log {
    let queries = Set(log.picks.map(\.query)).sorted()
    let places = Dictionary(uniqueKeysWithValues: queries.enumerated().map { ($1, $0) })
    let features = StandardFeatures(embeddings.selecting(rows: queries)).values
    let inputs = features.appending(columns: Matrix(rows: features.rows, columns: 1, repeating: 1))
    var fold = Array(queries.indices)
    var generator = SeededGenerator(seed: seed, stream: "log-folds")
    generator.shuffle(&fold)
    for place in fold.indices { fold[place] %= folds }
    var picks = log.picks
    let least = 1 / (20 * Double(log.llmCount))
    for part in 0..<folds {
      var rows = picks.indices.filter { fold[places[picks[$0].query] ?? 0] != part }
      if rows.count > mostRows {
        var generator = SeededGenerator(seed: seed, stream: "log-propensities", part)
        generator.shuffle(&rows)
        rows = rows.prefix(mostRows).sorted()
      }
      guard !rows.isEmpty else { continue }
      let coefficients = try fitted(
        inputs.selecting(rows: rows.map { places[picks[$0].query] ?? 0 }), labels: rows.map { picks[$0].llm },
        llms: log.llmCount)
      let asked = queries.indices.filter { fold[$0] == part }
      let shares = Elementwise.softmaxRows(
        BLAS.multiply(inputs.selecting(rows: asked), coefficients))
      let place = Dictionary(uniqueKeysWithValues: asked.enumerated().map { ($1, $0) })
      for row in picks.indices {
        guard let query = places[picks[row].query], let own = place[query] else { continue }
        picks[row].propensity = min(max(Double(shares[own, picks[row].llm]), least), 1)
      }
    }
    return try Log(
      name: log.name, of: benchmark, llms: log.llms, offers: log.offers, policies: log.policies, picks: picks)
  }

  /// The coefficients of the LLMs, d × m.
  private static func fitted(_ inputs: Matrix, labels: [Int], llms: Int) throws(NumericalError) -> Matrix {
    var targets = Matrix(rows: inputs.rows, columns: llms)
    for (row, label) in labels.enumerated() { targets[row, label] = 1 }
    var bound = BLAS.multiply(inputs, .transposed, inputs, .asStored).scaled(by: 0.5)
    for row in 0..<bound.rows { bound[row, row] += penalty }
    let factor = try Cholesky(consume bound)
    var coefficients = Matrix(rows: inputs.columns, columns: llms)
    for _ in 0..<sweeps {
      var residuals = Elementwise.softmaxRows(BLAS.multiply(inputs, coefficients))
      residuals.update(with: targets) { $0 = $1 - $0 }
      var gradient = BLAS.multiply(inputs, .transposed, residuals, .asStored)
      gradient.update(with: coefficients) { $0 -= penalty * $1 }
      coefficients += factor.solve(gradient)
    }
    return coefficients
  }
}
