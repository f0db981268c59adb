import Factorization
import FileFormats
import Learning
import NumericKernels
import RoutingData

/// Datasets to train on and the models that are trained on them.
package enum TrainingSample {
  /// A table's benchmark as a dataset with its embeddings; responses or embeddings may be replaced.
  package static func dataset(
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
  package static func train<T: Trainer>(
    _ dataset: Dataset, _ trainer: T = LogisticMFTrainer(factors: 4)
  ) throws -> TrainedModel<T.Fit.Model> {
    try trainer.train(on: TrainingData(dataset))
  }

  /// The model of factors that a trainer of one of them, whatever its type, makes of a dataset.
  ///
  /// - Throws: `DataError` for a trainer of something else.
  package static func factorModel(
    _ dataset: Dataset, _ trainer: any Trainer
  ) throws -> TrainedModel<FactorModel> {
    func train<T: Trainer>(_ trainer: T) throws -> TrainedModel<FactorModel> {
      let model = try self.train(dataset, trainer)
      guard let factors = model.router as? FactorModel else {
        throw DataError("\(T.algorithm) makes no model of factors")
      }
      return TrainedModel(factors, record: model.record)
    }
    return try train(trainer)
  }

  /// Synthetic data small enough to train on in a second.
  package static func synthetic(missing: Double = 0) throws -> Dataset {
    try SyntheticGenerator.generate(
      SyntheticOptions(llms: 60, queries: 2_400, factors: 6, dimensions: 24, seed: 7, missing: missing))
  }
}

extension StorableRouter {
  /// Whether every number that was learned is finite.
  package var isFinite: Bool {
    let contents = contents
    return contents.matrices.values.allSatisfy(\.isFinite)
      && contents.vectors.values.allSatisfy { $0.allSatisfy(\.isFinite) }
      && contents.numbers.values.allSatisfy { $0.allSatisfy(\.isFinite) }
  }
}

extension LogisticMFTrainer {
  /// A trainer with some settings other than the defaults.
  package init(
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
