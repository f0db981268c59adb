import FileFormats
import NumericKernels

/// The files of one of RouterEval's leaderboards.
public struct RouterEvalFiles: Sendable {
  /// A pickle of embeddings and the name of their encoder; nil takes it from the file's name.
  public struct Embeddings: Sendable {
    /// The pickle's path.
    public let path: String
    /// The encoder.
    public let encoder: String?

    /// A pickle of embeddings.
    public init(path: String, encoder: String? = nil) {
      self.path = path
      self.encoder = encoder
    }
  }

  /// `leaderboard_score`: `{'data': {sub: {'correctness': [N, M]}}, 'model': [M names]}`.
  public var scores: String
  /// `leaderboard_embed`: `{sub: [N, d]}` each.
  public var embeddings: [Embeddings]
  /// `leaderboard_prompt`: `{sub: N texts}`.
  public var prompts: String?
  /// `*_router_dataset.pkl`, which give published splits and pools to the benchmarks.
  public var routerDatasets: [String]
  /// Which sub-scenarios make up which benchmark; nil takes RouterEval's own.
  public var scenarios: ScenarioList?

  /// The files of one leaderboard; all but the scores are optional.
  public init(
    scores: String, embeddings: [Embeddings] = [], prompts: String? = nil, routerDatasets: [String] = [],
    scenarios: ScenarioList? = nil
  ) {
    self.scores = scores
    self.embeddings = embeddings
    self.prompts = prompts
    self.routerDatasets = routerDatasets
    self.scenarios = scenarios
  }
}

/// Reads RouterEval's published score, embedding and prompt pickles.
public enum RouterEvalImporter {
  /// Imports every benchmark whose sub-scenarios the score file has.
  ///
  /// Rows stand in the order of the scenario list. Scores stream from the mapped file; embeddings of benchmarks
  /// with one sub-scenario stay in it.
  ///
  /// - Throws: `FileError`, naming the sub-scenario, for a file of another structure, shapes that differ between
  ///   the files, scores outside [0, 1], unknown or missing sub-scenarios, or an LLM name that occurs twice;
  ///   `DataError` for a benchmark that is not there.
  public static func load(_ files: RouterEvalFiles, options: ImportOptions = ImportOptions()) throws
    -> ImportResult
  {
    var source = try RouterEvalSource(files, options: options)
    var benchmarks: [Benchmark] = []
    for scenario in try source.chosenScenarios() {
      benchmarks.append(try ImportFailure.naming(files.scores) { try source.benchmark(scenario) })
    }
    var notes = source.notes
    var sources = [files.scores] + files.embeddings.map(\.path)
    sources += [files.prompts].compactMap { $0 }
    for path in files.routerDatasets {
      let file = try RouterDatasetFile(path: path)
      let name = options.benchmarkName(from: path, dropping: RouterDatasetFile.suffix)
      guard let place = benchmarks.firstIndex(where: { Name($0.name) == Name(name) }) else {
        throw FileError(path, "is for benchmark '\(name)', which is not in \(files.scores)")
      }
      benchmarks[place] = try ImportFailure.naming(path) {
        try file.publish(into: benchmarks[place], llmNames: source.llmNames, options: options)
      }
      notes += file.notes
      sources.append(path)
    }
    return try ImportFailure.naming(files.scores) {
      let dataset = try Dataset(
        catalog: LLMCatalog(names: source.llmNames), benchmarks: benchmarks,
        sources: sources.map { "RouterEval \(ImportOptions.fileName($0))" })
      return try ImportResult(dataset, notes: notes, path: files.scores)
    }
  }
}
