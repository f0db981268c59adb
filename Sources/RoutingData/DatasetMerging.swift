import FileFormats

extension Dataset {
  /// The benchmarks of both datasets, this one's first, over one catalogue.
  ///
  /// - Throws: `DataError` for a benchmark, a truth array or a log that both have.
  public func adding(_ other: Dataset) throws(DataError) -> Dataset {
    let merged = try catalog.merging(other.catalog)
    // Catalogues merge by name, so an added benchmark's columns point to other places than before.
    let places = other.catalog.names.map { merged.index(of: $0) ?? 0 }
    var benchmarks = benchmarks
    for benchmark in other.benchmarks {
      benchmarks.append(try benchmark.with(llms: benchmark.llms.map { places[$0] }))
    }
    if let name = other.truth.keys.sortedAsNames().first(where: { truth[$0] != nil }) {
      throw DataError("truth array '\(name)' is in both datasets")
    }
    return try Dataset(
      catalog: merged, benchmarks: benchmarks,
      sources: sources + other.sources.filter { !sources.containsName($0) },
      truth: truth.merging(other.truth) { mine, _ in mine }, logs: logs + other.logs)
  }
}

extension Benchmark {
  /// This benchmark with other places of its LLMs in a catalogue.
  func with(llms: [Int]) throws(DataError) -> Benchmark {
    try Benchmark(
      name: name, queries: queries, llms: llms, responses: responses, split: split,
      publishedPools: publishedPools, prompts: prompts, mix: mix, givenReference: givenReference)
  }

  /// This benchmark with a reference accuracy of its own, in (0, 1].
  func with(referenceAccuracy: Double) throws(DataError) -> Benchmark {
    try Benchmark(
      name: name, queries: queries, llms: llms, responses: responses, split: split,
      publishedPools: publishedPools, prompts: prompts, mix: mix, givenReference: referenceAccuracy)
  }
}
