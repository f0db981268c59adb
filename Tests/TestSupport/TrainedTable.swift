import Learning
import Routing
import RoutingData

extension TableBenchmark {
  /// The train part of a pool, by default of all LLMs, as routers of one pool get it.
  package func poolData(_ llms: [Int]? = nil) -> TrainingData {
    TrainingData(
      TrainingData.Pool(benchmark: benchmark.name, llms: llms ?? Array(llmNames.indices)), of: benchmark,
      catalog: catalog, queries: TrainQueries(batch(.train)))
  }

  /// The router that a trainer makes for a pool, by default of all LLMs, with what can be prepared prepared.
  package func trained<T: Trainer>(
    _ trainer: T, llms: [Int]? = nil, name: String? = nil
  ) throws -> T.Fit.Model {
    var router = try TrainingRun(withoutValidation: trainer.prepared(for: TrainQueries(batch(.train))))
      .train(on: poolData(llms)) { _ in }.router
    if let name { router.identity.name = name }
    return router
  }
}
