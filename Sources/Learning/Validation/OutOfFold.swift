import Routing
import RoutingData

/// Predictions for train queries by models that were trained on the other folds.
public enum OutOfFold {
  /// The scores of every train query and LLM of the data, by block: queries × the block's LLMs.
  ///
  /// Each fold's queries are scored by a model that a trainer made of the other folds, validated as always.
  /// Cost: one training a fold.
  ///
  /// - Throws: As training does.
  public static func scores<T: Trainer>(
    _ trainer: T, on data: TrainingData, folds: QueryFolds
  ) throws -> [Scores] {
    precondition(
      folds.folds.map(\.count) == data.blocks.map(\.train.count), "folds of other train queries")
    var parts = data.blocks.map { ScoreTable(rows: $0.train.count, columns: $0.llms.count) }
    for fold in 0..<folds.count {
      let rest = folds.folds.map { block in block.indices.filter { block[$0] != fold } }
      let model = try trainer.train(on: try data.selecting(trainQueries: rest)).router
      for (index, block) in data.blocks.enumerated() {
        let own = folds.folds[index].indices.filter { folds.folds[index][$0] == fold }
        let candidates = Candidates(block.llms.map { data.llmNames[$0] })
        let scores = try model.scores(for: block.train.queries.selecting(own), among: candidates)
        parts[index].enter(scores, at: own)
      }
    }
    return parts.map(\.scores)
  }
}
