import Factorization
import Learning
import NumericKernels
import Routing
import RoutingData

/// Soft targets of a logistic factorization fitted on the same train queries: what it makes of a query that it
/// has seen answered, free of a single answer's luck.
enum DistillationTeacher {
  /// The penalty and the ridge where there is nothing to choose them on.
  private static let usualPenalty = 10.0
  private static let usualRidge = 1.0

  /// The probabilities of right answers to train queries.
  ///
  /// - Throws: What training logistic-mf throws.
  static func probabilities(
    _ trainer: TwoTowerTrainer, on data: TrainingData
  ) throws -> TwoTowerSolver.Teacher {
    var teacher = LogisticMFTrainer()
    teacher.options.factors = trainer.factors
    teacher.seed = trainer.seed
    if ValidationSet(data) == nil {
      teacher.options.l2 = .fixed(usualPenalty)
      teacher.options.ridge = .fixed(usualRidge)
    }
    let model = try fitted(teacher, on: data)
    let places = CandidateColumns(model.identity.llms)
    let columns = data.blocks.map { block in block.llms.compactMap { places[data.llmNames[$0]] } }
    let llms = zip(data.blocks, columns).map { block, rows in
      let own = model.benchmarkBiases[block.benchmark]
      return AffineLayer(
        weights: model.llmFactors.selecting(rows: rows),
        biases: rows.map { model.llmBiases[$0] + (own?[$0] ?? 0) })
    }
    return { block, rows in
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
  private static func fitted(_ teacher: LogisticMFTrainer, on data: TrainingData) throws -> FactorModel {
    let model = try teacher.train(on: data)
    guard model.record.chosen[FactorModel.fallback] != nil else { return model.router }
    var again = teacher
    again.options.l2 = .fixed(model.record.chosen["l2"] ?? teacher.options.l2.fixed ?? usualPenalty)
    again.options.ridge = .fixed(usualRidge)
    return try again.train(on: data.withoutValidation).router
  }
}
