import FileFormats

extension Dataset {
  /// The benchmarks of both datasets, this one's first, over one catalogue.
  ///
  /// - Throws: `DataError` for a benchmark, a truth array or a log that both have, or an encoder that is not the same.
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
    try requireSameFeaturizers(as: other)
    return try Dataset(
      catalog: merged, benchmarks: benchmarks,
      sources: sources + other.sources.filter { !sources.containsName($0) },
      truth: truth.merging(other.truth) { mine, _ in mine }, logs: logs + other.logs,
      featurizers: featurizers.merging(other.featurizers) { mine, _ in mine })
  }

  /// Throws for an encoder that is a text featurizer here and something else there, so that its name would mean two things.
  private func requireSameFeaturizers(as other: Dataset) throws(DataError) {
    for (mine, theirs) in [(self, other), (other, self)] {
      for (encoder, featurizer) in mine.featurizers.sorted(by: { Name($0.key) < Name($1.key) }) {
        guard theirs.featurizers[encoder] != featurizer,
          theirs.benchmarks.contains(where: { $0.queries.embeddings[encoder] != nil })
        else { continue }
        throw DataError(
          "encoder '\(encoder)' is a text featurizer in one of the datasets and has other embeddings in the other: give "
            + "one of them another name")
      }
    }
  }
}

extension Benchmark {
  /// This benchmark with other places of its LLMs in a catalogue.
  func with(llms: [Int]) throws(DataError) -> Benchmark {
    try Benchmark(
      name: name, queries: queries, llms: llms, responses: responses, split: split,
      publishedPools: publishedPools, prompts: prompts)
  }
}
