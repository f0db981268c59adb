import Learning
import NumericKernels
import RoutingData

/// An item response model of graded cells alone, without features, a split or validation: what cold start begins with.
package struct ItemResponseModel {
  /// Sweeps at most, and the share of the objective below which a sweep is the last.
  private static let sweepLimit = 60
  private static let tolerance = 1e-4

  /// Estimates a model of one benchmark's cells, n × LLMs, whose rows are queries of it.
  ///
  /// The query encoder knows no features: a query that the model never saw counts as the mean of those that it did.
  /// `families` are numbers of the LLMs' families; how wide the intervals of new LLMs must be is looked at up to so many
  /// answers, where that is wanted. Cost a few tens of sweeps, see `ItemResponseSolver`.
  ///
  /// - Throws: `NumericalError`; `DataError` for parts that do not fit together.
  package static func estimated(
    _ cells: GradedCells, rows: [Int], benchmark: String, llms: [String], families: [Int],
    factors: Int, intervalsUpTo most: Int? = nil, seed: UInt64
  ) throws -> FactorModel {
    let solver = ItemResponseSolver(
      blocks: [ResponseBlocks.Block(cells: cells, llms: Array(llms.indices))], llmCount: llms.count)
    var state = try solver.start(factors: min(factors, cells.rows, llms.count), seed: seed)
    var last = Double.infinity
    for _ in 0..<sweepLimit {
      let objective = try solver.sweep(&state)
      if abs(last - objective) <= tolerance * abs(objective) { break }
      last = objective
    }
    let placed = try PlacedItemResponses(
      solver, at: state, families: families, intervalsUpTo: most,
      seed: seed)
    let width = placed.factors.factors
    let latent = Array(0..<width)
    let weights = placed.factors.queries[0].selecting(columns: latent)
    let mean = latent.map { weights.column($0).reduce(0, +) / Float(weights.rows) }
    var centred = weights
    centred.addToRows(mean.map { -$0 })
    return try FactorModel(
      RouterIdentity(name: ItemResponseTrainer.algorithm, encoder: nil, llms: llms),
      llmFactors: placed.factors.llms.selecting(columns: latent),
      llmBiases: placed.factors.llms.column(width + 1), llmStandardErrors: placed.llmStandardErrors,
      queries: [
        FactorModel.Queries(
          benchmark: benchmark, rows: rows, factors: weights, biases: placed.factors.queries[0].column(width))
      ],
      newLLM: placed.newLLM,
      queryEncoder: EmbeddingMap(
        benchmarks: [benchmark], weights: Matrix([mean]),
        residualCovariance: BLAS.gram(centred, scale: 1 / Float(weights.rows))))
  }
}
