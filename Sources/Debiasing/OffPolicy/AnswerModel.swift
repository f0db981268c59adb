import Learning
import NumericKernels
import Regression
import Routing
import RoutingData

/// Predicts the answers to a log's queries, each by a model that has not seen the query: q̂ of the estimators.
///
/// Kernel ridge regression of the log's answers on embeddings, for each LLM, on the other folds of queries; queries that are
/// the same text stay together (`QueryFolds`). An estimator with true propensities needs no good model, only one that has
/// not seen the answers it corrects.
package enum AnswerModel {
  /// The number of folds.
  package static let folds = 5

  /// The predictions for some queries, queries × m in [0, 1], and what a user should know of them.
  ///
  /// `dataset` holds the log's benchmark as the log saw it and no more. Without embeddings, or where regression can't
  /// learn from them, an LLM's mean over the other folds is predicted. Cost: five regressions.
  package static func predictions(
    for queries: [Int], of dataset: Dataset, log: Log, encoder: String?, seed: UInt64
  ) throws -> (values: Matrix, note: String?) {
    let benchmark = try dataset.benchmark(named: log.benchmark)
    do {
      return (try regressions(for: queries, of: dataset, benchmark, log, encoder, seed), nil)
    } catch let error as DataError {
      return (
        means(for: queries, benchmark, seed), "answers are predicted by means of LLMs: \(error.description)"
      )
    } catch let error as NumericalError {
      return (means(for: queries, benchmark, seed), "answers are predicted by means of LLMs: \(error)")
    }
  }

  private static func regressions(
    for queries: [Int], of dataset: Dataset, _ benchmark: Benchmark, _ log: Log, _ encoder: String?,
    _ seed: UInt64
  ) throws -> Matrix {
    let logged = Set(log.picks.map(\.query))
    let known = try benchmark.with(
      split: Split(parts: benchmark.split.parts.indices.map { logged.contains($0) ? .train : .test }))
    let data = try TrainingData(
      dataset.with(benchmarks: [known], truth: [:], logs: []), encoder: encoder,
      pool: TrainingData.Pool(benchmark: known.name, llms: Array(known.llms.indices)), empty: .keep)
    var trainer = KernelRidgeTrainer()
    trainer.seed = seed
    trainer.exactQueries = 4_000
    trainer.landmarks = 1_000
    let scores = try OutOfFold.scores(
      trainer, on: data.withoutValidation, folds: QueryFolds(data, count: folds, seed: seed))
    let all = scores[0].probabilities ?? scores[0].values
    let place = Dictionary(uniqueKeysWithValues: data.blocks[0].train.rows.enumerated().map { ($1, $0) })
    return all.selecting(rows: queries.compactMap { place[$0] })
      .mapped { $0.isFinite ? min(max($0, 0), 1) : 0.5 }
  }

  /// Each LLM's mean answer over the queries of other folds; a half where there is none.
  private static func means(for queries: [Int], _ benchmark: Benchmark, _ seed: UInt64) -> Matrix {
    var order = Array(0..<benchmark.queries.count)
    var generator = SeededGenerator(seed: seed, stream: "answer-folds/\(benchmark.name)")
    generator.shuffle(&order)
    var fold = order
    for (place, query) in order.enumerated() { fold[query] = place % folds }
    let means = (0..<folds).map { own in
      benchmark.responses.selecting(queries: fold.indices.filter { fold[$0] != own }).llmMeans()
    }
    var result = Matrix(rows: queries.count, columns: benchmark.llms.count)
    for (row, query) in queries.enumerated() {
      for (column, mean) in means[fold[query]].enumerated() { result[row, column] = Float(mean ?? 0.5) }
    }
    return result
  }
}
