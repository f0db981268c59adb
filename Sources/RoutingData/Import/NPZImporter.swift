import FileFormats

/// Reads one benchmark from an `.npz`: arrays `scores` and `models`, and whatever else there is.
public enum NPZImporter {
  /// Imports `scores` [M, N] and `models` [M]; `prompts`, `subscenario` and `item_id` [N] and `embed` [N, d] are
  /// taken where they are present.
  ///
  /// The benchmark is called as the options or the file say; its embeddings' encoder as the options say, or
  /// `embed`.
  ///
  /// - Throws: `FileError`, naming the array, for shapes that don't fit together, scores outside [0, 1], an LLM
  ///   name that occurs twice or an embedding that is not finite.
  public static func load(_ path: String, options: ImportOptions = ImportOptions()) throws -> ImportResult {
    let archive = try NPZ.open(path)
    // The names come first: they are small, and refuse most files that are not what they should be before
    // the scores are unpacked.
    let models = try archive.array(named: "models")
    let names = try models.strings()
    let scores = try archive.array(named: "scores")
    try scores.requireDimensions(2)
    let (llmCount, queryCount) = (scores.shape[0], scores.shape[1])
    // A shape without elements may have any length, which no byte of the file stands for.
    guard llmCount > 0, queryCount > 0 else {
      throw scores.error("scores of shape \(NDArray.text(scores.shape)) hold no responses")
    }
    guard names.count == llmCount else {
      throw models.error(
        "\(names.count) names for scores of shape \(NDArray.text(scores.shape)), which are LLMs × queries")
    }
    let catalog: LLMCatalog
    do {
      catalog = try LLMCatalog(names: names)
    } catch {
      throw models.error(error.description)
    }
    func texts(_ name: String) throws(FileError) -> [String]? {
      guard archive.names.contains(name) else { return nil }
      let array = try archive.array(named: name)
      guard array.shape == [queryCount] else {
        throw array.error(
          "shape \(NDArray.text(array.shape)) for scores of shape \(NDArray.text(scores.shape))")
      }
      return try array.strings()
    }
    let name = options.benchmarkName(from: path)
    let labels = try texts("subscenario") ?? Array(repeating: name, count: queryCount)
    var subscenarios = NameIndex()
    let indices = labels.map { subscenarios.index(of: $0) }
    var embeddings: [String: NDArray] = [:]
    if archive.names.contains("embed") {
      let array = try archive.array(named: "embed")
      guard array.shape.count == 2, array.shape[0] == queryCount else {
        throw array.error(
          "embeddings of shape \(NDArray.text(array.shape)) for scores of shape \(NDArray.text(scores.shape))"
        )
      }
      try EmbeddingCheck.requireFinite(array)
      embeddings[options.encoder ?? "embed"] = array
    }
    let progress = RowProgress(total: queryCount, report: options.progress)
    var rows = ScoreRows(queryCount: queryCount, llmNames: names)
    try rows.append(try scores.transposed()) { progress.advance($0) }
    let benchmark = try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: subscenarios.names, subscenarios: indices, ids: try texts("item_id"),
        embeddings: embeddings),
      llms: Array(names.indices), responses: rows.build(),
      split: .stratified(subscenarios: indices, benchmark: name, seed: options.splitSeed),
      prompts: try texts("prompts").map { .memory($0) } ?? .none)
    let dataset = try Dataset(
      catalog: catalog, benchmarks: [benchmark], sources: ["NPZ \(ImportOptions.fileName(path))"])
    return ImportResult(dataset: dataset, notes: [])
  }
}
