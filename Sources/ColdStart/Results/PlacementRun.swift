import RoutingData

/// Holds LLMs out of every benchmark of a dataset, one benchmark after the other, and places them.
public struct PlacementRun {
  /// The experiments that can be made, with their benchmarks.
  public let experiments: [(benchmark: Benchmark, experiment: LLMExperiment)]
  /// The benchmarks that are too small.
  public let skipped: [SkippedBenchmark]
  /// What each experiment is routed by; empty where nothing is routed.
  private let encoders: [String]

  /// The experiments of a configuration on its benchmarks; those that are too small are left out.
  ///
  /// - Throws: `DataError` where all are, or where one is to be routed and has no train, validation or test queries.
  public init(
    _ configuration: PlacementConfiguration, benchmarks: [Benchmark], catalog: LLMCatalog
  ) throws(DataError) {
    var experiments: [(benchmark: Benchmark, experiment: LLMExperiment)] = []
    var skipped: [SkippedBenchmark] = []
    var encoders: [String] = []
    for (place, benchmark) in benchmarks.enumerated() {
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
        if let encoder = configuration.routing?[place] { encoders.append(encoder) }
      } catch {
        skipped.append(SkippedBenchmark(benchmark: benchmark.name, reason: error.description))
      }
    }
    guard !experiments.isEmpty else {
      throw DataError("nothing to place: \(skipped.first?.reason ?? "there is no benchmark")")
    }
    // Found before the work, not after.
    if !encoders.isEmpty { for (benchmark, _) in experiments { try RoutingExperiment.check(benchmark) } }
    self.experiments = experiments
    self.skipped = skipped
    self.encoders = encoders
  }

  /// The number of folds of all benchmarks; those that are routed too count twice.
  public var foldCount: Int {
    experiments.reduce(0) { $0 + $1.experiment.foldCount } * (encoders.isEmpty ? 1 : 2)
  }

  /// Places the held-out LLMs of every fold, and routes to pools with them where the configuration says so.
  ///
  /// With a folder, each fold is saved there as soon as it is done, and folds that are there already are read instead.
  /// `onFold` hears how many folds are done.
  ///
  /// - Throws: `NumericalError`, and `FileError` of the folder; the folds that were done before an error stay there.
  public func result(
    saving folder: PlacementFolder? = nil, onFold: (_ done: Int) -> Void = { _ in }
  ) throws -> PlacementResult {
    var estimates: [PlacedLLM] = []
    var routed: [RoutedLLM] = []
    var done = 0
    func step() {
      done += 1
      onFold(done)
    }
    for (place, (benchmark, experiment)) in experiments.enumerated() {
      for fold in 0..<experiment.foldCount {
        if let saved = try folder?.estimates(benchmark: benchmark.name, fold: fold) {
          estimates += saved
        } else {
          let placed = try experiment.placed(fold: fold).map(\.bounded)
          try folder?.save(placed, benchmark: benchmark.name, fold: fold)
          estimates += placed
        }
        step()
      }
      guard !encoders.isEmpty else { continue }
      // Embeddings are read for a fold that is still to do, not for one that is there.
      var routing: RoutingExperiment?
      for fold in 0..<experiment.foldCount {
        if let saved = try folder?.routed(benchmark: benchmark.name, fold: fold) {
          routed += saved
        } else {
          var own = try routing ?? RoutingExperiment(experiment, encoder: encoders[place])
          let pools = try own.routed(fold: fold)
          routing = own
          try folder?.save(pools, benchmark: benchmark.name, fold: fold)
          routed += pools
        }
        step()
      }
    }
    let result = PlacementResult(estimates, skipped: skipped, routed: routed)
    try folder?.finish(result)
    return result
  }
}
