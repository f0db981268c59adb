import FileFormats
import Foundation
import NumericKernels
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
    _ dataset: Dataset, _ trainer: some Trainer = LogisticMFTrainer(factors: 4)
  ) throws -> FactorModel {
    try trainer.train(on: TrainingData(dataset))
  }

  /// Synthetic data small enough to train on in a second.
  static func synthetic(missing: Double = 0) throws -> Dataset {
    try SyntheticGenerator.generate(
      SyntheticOptions(llms: 60, queries: 2_400, factors: 6, dimensions: 24, seed: 7, missing: missing))
  }
}

extension FactorModel {
  /// Everything that was learnt, to compare bit by bit.
  var arrays: [Matrix] {
    [llmFactors, Matrix([llmBiases]), Matrix([[calibration.slope, calibration.intercept]])]
      + encoder.tensors.matrices.sorted { $0.key < $1.key }.map(\.value)
      + benchmarkBiases.sorted { $0.key < $1.key }.map { Matrix([$0.value]) }
      + [llmStandardErrors].compactMap { $0 } + queries.map(\.factors) + queries.map { Matrix([$0.biases]) }
  }
}

extension LogisticMFTrainer {
  /// A trainer with some settings other than the defaults.
  init(
    factors: Int = 32, l2: Choice = .auto, ridge: Choice = .auto, maximumSweeps: Int = 200, seed: UInt64 = 42
  ) {
    self.init()
    options.factors = factors
    options.l2 = l2
    options.ridge = ridge
    options.maximumSweeps = maximumSweeps
    self.seed = seed
  }
}
