import FileFormats
import NumericKernels
import RoutingData

extension Dataset {
  /// The dataset with the embeddings of a text featurizer that was fitted on the prompts of its train queries alone.
  ///
  /// The featurizer is fitted once on all benchmarks together, and stored with the dataset under the encoder's name.
  ///
  /// - Parameter replacing: whether embeddings of that name may be there already.
  /// - Throws: `DataError` for a name that can't be part of a path, a benchmark without prompts, embeddings of that name that are not to be replaced, or what
  ///   `TextFeaturizer.init(fitting:options:seed:)` throws; `FileError` for prompts that can't be read.
  public func embeddingPrompts(
    as encoder: String, options: TextFeatureOptions, seed: UInt64, replacing: Bool = false
  ) throws -> (dataset: Dataset, featurizer: TextFeaturizer) {
    guard DatasetPaths.isName(encoder) else {
      throw DataError(
        "encoder name '\(encoder)' can't be part of a path: use letters, digits, '.', '_' and '-', and don't start "
          + "with '.'")
    }
    if !replacing, let benchmark = benchmarks.first(where: { $0.queries.embeddings[encoder] != nil }) {
      throw DataError(
        "benchmark '\(benchmark.name)' has embeddings of encoder '\(encoder)' already: give --overwrite to replace "
          + "them, or another --name")
    }
    var prompts: [[[UInt8]]] = []
    for benchmark in benchmarks {
      guard let own = try benchmark.loadPrompts() else {
        throw DataError(
          "benchmark '\(benchmark.name)' has no prompts to make features of: import it with its prompts")
      }
      prompts.append(own.map { Array($0.utf8) })
    }
    let train = zip(benchmarks, prompts).flatMap { benchmark, own in
      benchmark.split.queries(in: .train).map { own[$0] }
    }
    let featurizer = try TextFeaturizer(fitting: train, options: options, seed: seed)
    let embedded = try zip(benchmarks, prompts).map { benchmark, own in
      let array = NDArray(matrix: featurizer.embeddings(of: own))
      return try benchmark.with(queries: benchmark.queries.with(embeddings: array, of: encoder))
    }
    let dataset = try with(
      benchmarks: embedded, featurizers: featurizers.merging([encoder: featurizer.file()]) { $1 })
    return (dataset, featurizer)
  }
}
