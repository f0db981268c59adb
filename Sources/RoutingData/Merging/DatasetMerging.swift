import FileFormats

extension Dataset {
  /// The benchmarks of both datasets, this one's first, over one catalogue.
  ///
  /// - Throws: `DataError` for a benchmark, a truth array or a log that both have, or an encoder that is
  ///   not the same.
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
    return try with(
      catalog: merged, benchmarks: benchmarks,
      sources: sources + other.sources.filter { !sources.containsName($0) },
      truth: truth.merging(other.truth) { mine, _ in mine }, logs: logs + other.logs,
      featurizers: featurizers.merging(other.featurizers) { mine, _ in mine })
  }

  /// This dataset with the benchmarks, queries, LLMs and answers of another one that it lacks.
  ///
  /// Queries are the same where their benchmark and id are, LLMs where their names are. What is here keeps its order, its
  /// part of the split, its published pools and logs; what is new follows in the other one's order. The dataset itself where
  /// nothing is new. What a synthetic generator knew is left out of one that grew.
  ///
  /// - Parameters:
  ///   - rule: which of two answers that contradict each other counts.
  ///   - splitSeed: the seed of the split of new queries of a benchmark whose split was published.
  /// - Throws: `DataError` for answers that contradict each other if the rule says so, queries without ids, texts or
  ///   sub-scenarios that contradict each other, embeddings that are missing or of another length, or logs of the other
  ///   dataset in a benchmark of this one; `FileError` for texts or embeddings that can't be read.
  /// - Complexity: one pass over the responses of the benchmarks that both have.
  public func merging(
    _ other: Dataset, rule: MergeRule, splitSeed: UInt64 = 0
  ) throws -> (dataset: Dataset, summary: MergeSummary) {
    try requireSameFeaturizers(as: other)
    let merged = try catalog.merging(other.catalog)
    let places = other.catalog.names.map { merged.index(of: $0) ?? 0 }
    var summary = MergeSummary()
    summary.llms = merged.count - catalog.count
    summary.hasMore =
      merged.fields.count > catalog.fields.count
      || zip(catalog.metadata, merged.metadata).contains { $0 != $1 }
    var known = NameIndex(benchmarks.map(\.name))
    var benchmarks = benchmarks
    for benchmark in other.benchmarks {
      let moved = try benchmark.with(llms: benchmark.llms.map { places[$0] })
      let place = known.number(of: benchmark.name)
      if place == benchmarks.count {
        benchmarks.append(moved)
        summary.benchmarks += 1
        summary.queries += moved.queries.count
        summary.answers += moved.responses.observedCount
      } else if let log = other.logs.first(where: { Name($0.benchmark) == Name(benchmark.name) }) {
        throw DataError("log '\(log.name)' can't be merged: import it with 'rs-debias import'")
      } else {
        benchmarks[place] = try BenchmarkMerge(
          benchmarks[place], with: moved, names: merged.names, featurized: Array(featurizers.keys),
          rule: rule,
          splitSeed: splitSeed
        ).merged(&summary)
      }
    }
    if rule == .error, let first = summary.firstContradiction {
      let count = summary.contradicting
      throw DataError(
        "\(count == 1 ? "1 answer contradicts" : "\(count) answers contradict") what is there, the first: \(first); say "
          + "with --on-conflict keep or replace which count")
    }
    if summary.changesNothing(by: rule) { return (self, summary) }
    if !truth.isEmpty {
      summary.notes.append("what the generator of synthetic data knew is left out: the dataset grew")
    }
    // A featurizer whose features are all left out would be of nothing.
    let featurizers = featurizers.merging(other.featurizers) { mine, _ in mine }.filter { encoder, _ in
      benchmarks.contains { $0.queries.embeddings[encoder] != nil }
    }
    let dataset = try with(
      catalog: merged, benchmarks: benchmarks,
      sources: sources + other.sources.filter { !sources.containsName($0) },
      truth: [:], logs: logs + other.logs, featurizers: featurizers)
    return (dataset, summary)
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
