import Learning
import NumericKernels
import RoutingData

/// What a regression in closed form found.
struct RegressionSolution<Encoder: QueryEncoder>: Sendable {
  let encoder: Encoder
  let llmFactors: Matrix
  let biases: InterceptBiases
  /// The settings that were chosen, by name.
  let chosen: [String: Double]
  /// The mean squared leave-one-out error.
  let error: Double
}

extension SinglePassFit where Model == FactorModel {
  /// A fit in closed form, whose objective is the mean squared leave-one-out error.
  ///
  /// Scores are predicted responses, not log-odds, so the model is calibrated.
  init<Encoder: QueryEncoder>(
    _ data: TrainingData, for algorithm: String,
    solve: @escaping @Sendable (RegressionProblem) throws -> RegressionSolution<Encoder>
  ) {
    let identity = data.identity(algorithm)
    self.init {
      let solution = try solve(RegressionProblem(data))
      var benchmarkBiases: [String: [Float]] = [:]
      if data.blocks.count > 1 {
        for (row, block) in data.blocks.enumerated() {
          benchmarkBiases[block.benchmark] = Array(solution.biases.benchmarks.row(row))
        }
      }
      let plain = try FactorModel(
        identity, llmFactors: solution.llmFactors, llmBiases: solution.biases.llms,
        benchmarkBiases: benchmarkBiases, queryEncoder: solution.encoder)
      let fitted = try plain.calibrated(on: data).orMeans(on: data, chosen: solution.chosen)
      return Solution(fitted.router, chosen: fitted.chosen, objective: solution.error)
    } read: { contents throws(DataError) in
      try FactorModel(identity, contents: contents, queryEncoders: [Encoder.self, EmbeddingMap.self])
    }
  }
}
