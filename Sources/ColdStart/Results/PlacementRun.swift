import RoutingData

/// Holds LLMs out of every benchmark of a dataset, one benchmark after the other, and places them.
public struct PlacementRun {
  /// The experiments that can be made, with their benchmarks.
  public let experiments: [(benchmark: Benchmark, experiment: LLMExperiment)]
  /// The benchmarks that are too small.
  public let skipped: [SkippedBenchmark]

  /// The experiments of a configuration on its benchmarks; those that are too small are left out.
  ///
  /// - Throws: `DataError` where all are.
  public init(
    _ configuration: PlacementConfiguration, benchmarks: [Benchmark], catalog: LLMCatalog
  ) throws(DataError) {
    var experiments: [(benchmark: Benchmark, experiment: LLMExperiment)] = []
    var skipped: [SkippedBenchmark] = []
    for benchmark in benchmarks {
      do throws(DataError) {
        let experiment = try LLMExperiment(
          benchmark, catalog: catalog, holdOut: configuration.holdOut, policies: configuration.policies,
          counts: configuration.answers, factors: configuration.factors, mostLLMs: configuration.llms,
          seed: configuration.seed)
        guard experiment.foldCount > 0 else {
          throw DataError(
            "benchmark '\(benchmark.name)': its LLMs are too few families to hold one out and know others")
        }
        experiments.append((benchmark, experiment))
      } catch {
        skipped.append(SkippedBenchmark(benchmark: benchmark.name, reason: error.description))
      }
    }
    guard !experiments.isEmpty else {
      throw DataError("nothing to place: \(skipped.first?.reason ?? "there is no benchmark")")
    }
    self.experiments = experiments
    self.skipped = skipped
  }

  /// The number of folds of all benchmarks.
  public var foldCount: Int { experiments.reduce(0) { $0 + $1.experiment.foldCount } }

  /// Places the held-out LLMs of every fold.
  ///
  /// With a folder, each fold is saved there as soon as it is done, and folds that are there already are read instead.
  /// `onFold` hears how many folds are done.
  ///
  /// - Throws: `NumericalError`, and `FileError` of the folder; the folds that were done before an error stay there.
  public func result(
    saving folder: PlacementFolder? = nil, onFold: (_ done: Int) -> Void = { _ in }
  ) throws -> PlacementResult {
    var estimates: [PlacedLLM] = []
    var done = 0
    for (benchmark, experiment) in experiments {
      for fold in 0..<experiment.foldCount {
        if let saved = try folder?.estimates(benchmark: benchmark.name, fold: fold) {
          estimates += saved
        } else {
          let placed = try experiment.placed(fold: fold).map(\.bounded)
          try folder?.save(placed, benchmark: benchmark.name, fold: fold)
          estimates += placed
        }
        done += 1
        onFold(done)
      }
    }
    let result = PlacementResult(estimates, skipped: skipped)
    try folder?.finish(result)
    return result
  }
}
