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
    let model = try teacher.train(on: data).router
    let places = CandidateColumns(model.identity.llms)
    let columns = data.blocks.map { block in block.llms.compactMap { places[data.llmNames[$0]] } }
    let llms = columns.map { rows in
      AffineLayer(
        weights: model.llmFactors.selecting(rows: rows), biases: rows.map { model.llmBiases[$0] })
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
}
