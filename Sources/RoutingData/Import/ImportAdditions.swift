import FileFormats

/// What a user knows beside the files of answers: metadata of LLMs, and the accuracies that V_R divides by.
public struct ImportAdditions: Sendable {
  /// A table of LLMs, see `LLMTable`.
  public var llms: String?
  /// The accuracy of the reference LLM on a benchmark, in (0, 1].
  public let references: [(benchmark: String, accuracy: Double)]

  /// Additions; a reference is written `benchmark=accuracy`, with a percentage or not.
  ///
  /// - Throws: `DataError` for another form, a number out of range or a benchmark that occurs twice.
  public init(llms: String? = nil, references: [String] = []) throws(DataError) {
    self.llms = llms
    var seen = NameIndex()
    var result: [(benchmark: String, accuracy: Double)] = []
    for text in references {
      guard let sign = text.lastIndex(of: "="), sign != text.startIndex,
        let accuracy = Grade.double(of: String(text[text.index(after: sign)...])), accuracy > 0, accuracy <= 1
      else {
        throw DataError(
          "reference '\(FileError.excerpt(text))' is not BENCHMARK=ACCURACY with an accuracy above 0 and at most 1"
        )
      }
      let name = String(text[..<sign])
      guard seen.insert(name) else { throw DataError("benchmark '\(name)' has two reference accuracies") }
      result.append((name, accuracy))
    }
    self.references = result
  }

  /// What was imported, with the additions.
  ///
  /// - Throws: `FileError` for a table that can't be read or knows none of the LLMs; `DataError` for a reference of a benchmark
  ///   that is not there.
  public func applied(to result: ImportResult) throws -> ImportResult {
    var dataset = result.dataset
    var notes = result.notes
    if let llms {
      let (catalog, more) = try LLMTable(llms).joined(to: dataset.catalog)
      notes += more
      dataset = try dataset.with(
        catalog: catalog, sources: dataset.sources + ["LLMs \(ImportOptions.fileName(llms))"])
    }
    if !references.isEmpty { dataset = try dataset.with(references: references) }
    return ImportResult(dataset: dataset, notes: notes)
  }
}

extension Dataset {
  /// The dataset with reference accuracies of some benchmarks.
  fileprivate func with(references: [(benchmark: String, accuracy: Double)]) throws(DataError) -> Dataset {
    var given: [Name: Double] = [:]
    for (name, accuracy) in references { given[Name(try benchmark(named: name).name)] = accuracy }
    var changed: [Benchmark] = []
    for benchmark in benchmarks {
      changed.append(
        try given[Name(benchmark.name)].map { value throws(DataError) in
          try benchmark.with(givenReference: value)
        } ?? benchmark)
    }
    return try with(benchmarks: changed)
  }
}
