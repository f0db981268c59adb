import FileFormats
import Foundation
import LinearAlgebra
import RoutingData
import TestSupport

@testable import Recommenders

/// Datasets to train on and the numbers to judge what was learnt.
enum TrainingSample {
  /// A table's benchmark as a dataset with its embeddings; responses or embeddings may be replaced.
  static func dataset(
    _ table: TableBenchmark, responses: ResponseMatrix? = nil, embeddings: Matrix? = nil
  ) throws -> Dataset {
    let old = table.benchmark
    let benchmark = try Benchmark(
      name: old.name,
      queries: QuerySet(
        subscenarioNames: old.queries.subscenarioNames, subscenarios: old.queries.subscenarios,
        embeddings: ["encoder": NDArray(matrix: embeddings ?? table.embeddings)]),
      llms: old.llms, responses: responses ?? old.responses, split: old.split)
    return try Dataset(catalog: table.catalog, benchmarks: [benchmark])
  }

  /// A model trained on a dataset.
  static func train(
    _ dataset: Dataset, _ trainer: LogisticMFTrainer = LogisticMFTrainer(factors: 4)
  ) throws -> LogisticMFModel {
    try trainer.train(on: TrainingData(dataset)) { _ in }
  }

  /// Synthetic data small enough to train on in a second.
  static func synthetic(missing: Double = 0) throws -> Dataset {
    try SyntheticGenerator.generate(
      SyntheticOptions(llms: 60, queries: 2_400, factors: 6, dimensions: 24, seed: 7, missing: missing))
  }
}

extension LogisticMFModel {
  /// Everything that was learnt, to compare bit by bit.
  var arrays: [Matrix] {
    [llmFactors, map.weights, map.residualCovariance, Matrix([llmBiases])] + queries.map(\.factors)
      + queries.map { Matrix([$0.biases]) }
  }
}
