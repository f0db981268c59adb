import Factorization
import Learning
import NumericKernels
import Routing
import RoutingData

/// A logistic factorization of the same train queries: where a two-tower model begins, and whose probabilities can teach it.
struct LogisticMFSolution: Sendable {
  /// The penalty and the ridge where there is nothing to choose them on.
  private static let usualPenalty = 10.0
  private static let usualRidge = 1.0

  /// The model, whose queries' vectors are as long as the towers': factors, and the query's bias.
  let model: FactorModel

  /// Trains logistic-mf for towers with vectors of `factors` numbers.
  ///
  /// - Throws: What training logistic-mf throws.
  init(factors: Int, seed: UInt64, on data: TrainingData) throws {
    var trainer = LogisticMFTrainer()
    trainer.options.factors = max(factors - 1, 1)
    trainer.seed = seed
    if ValidationSet(data) == nil {
      trainer.options.l2 = .fixed(Self.usualPenalty)
      trainer.options.ridge = .fixed(Self.usualRidge)
    }
    model = try Self.fitted(trainer, on: data)
  }

  /// The probabilities of right answers to train queries: what the model makes of a query that it has seen answered,
  /// free of a single answer's luck.
  func teacher(on data: TrainingData) -> TwoTowerSolver.Teacher {
    let places = CandidateColumns(model.identity.llms)
    let columns = data.blocks.map { block in block.llms.compactMap { places[data.llmNames[$0]] } }
    let llms = zip(data.blocks, columns).map { block, rows in
      let own = model.benchmarkBiases[block.benchmark]
      return AffineLayer(
        weights: model.llmFactors.selecting(rows: rows),
        biases: rows.map { model.llmBiases[$0] + (own?[$0] ?? 0) })
    }
    return { [model] block, rows in
      let queries = model.queries[block]
      var scores = llms[block].outputs(queries.factors.selecting(rows: rows))
      for (place, row) in rows.enumerated() {
        for column in 0..<scores.columns { scores[place, column] += queries.biases[row] }
      }
      return Elementwise.sigmoid(scores)
    }
  }

  /// The fit itself, also where validation prefers the LLMs' means to its map from embeddings: what was learned of
  /// answered queries is no worse for that.
  private static func fitted(_ trainer: LogisticMFTrainer, on data: TrainingData) throws -> FactorModel {
    let model = try trainer.train(on: data)
    guard model.record.chosen[FactorModel.fallback] != nil else { return model.router }
    var again = trainer
    again.options.l2 = .fixed(model.record.chosen["l2"] ?? trainer.options.l2.fixed ?? usualPenalty)
    again.options.ridge = .fixed(usualRidge)
    return try again.train(on: data.withoutValidation).router
  }
}
