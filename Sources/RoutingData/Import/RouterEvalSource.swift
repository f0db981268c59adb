import FileFormats
import NumericKernels

/// The open files of a RouterEval import.
struct RouterEvalSource {
  let llmNames: [String]
  private(set) var notes: [String] = []
  private let files: RouterEvalFiles
  private let options: ImportOptions
  private let scores: [String: PickleValue]
  private let data: PickleValue
  private let embeddings: [(encoder: String, root: PickleValue)]
  private let prompts: PickleValue?
  private let progress: RowProgress

  init(_ files: RouterEvalFiles, options: ImportOptions) throws {
    self.files = files
    self.options = options
    let root = try PickleDocument(path: files.scores).root
    llmNames = try Self.uniqueNames(root["model"])
    data = try root["data"]
    var scores: [String: PickleValue] = [:]
    var total = 0
    for (key, value) in try data.dictionary() {
      let array = try value["correctness"].ndarray()
      scores[try key.string()] = value
      total += array.shape.first ?? 0
    }
    self.scores = scores
    progress = RowProgress(total: total, report: options.progress)
    var embeddings: [(encoder: String, root: PickleValue)] = []
    for file in files.embeddings {
      let encoder = file.encoder ?? options.encoderName(from: file.path)
      guard !embeddings.contains(where: { $0.encoder == encoder }) else {
        throw FileError(file.path, "encoder '\(encoder)' has embeddings already: name another one")
      }
      embeddings.append((encoder, try PickleDocument(path: file.path).root))
    }
    self.embeddings = embeddings
    prompts = try files.prompts.map { try PickleDocument(path: $0).root }
  }

  private static func uniqueNames(_ value: PickleValue) throws(FileError) -> [String] {
    let names = try value.strings()
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw value.error("LLM name '\(name)' occurs twice")
    }
    guard !names.isEmpty else { throw value.error("lists no LLM") }
    if names.contains("") { throw value.error("LLM \(names.firstIndex(of: "") ?? 0) has no name") }
    return names
  }

  /// The benchmarks of the scenario list that the score file has, checked to be whole.
  mutating func chosenScenarios() throws -> [ScenarioList.Scenario] {
    let list = files.scenarios ?? .routerEval
    let known = Set(list.scenarios.flatMap(\.subscenarios))
    let unknown = scores.keys.filter { !known.contains($0) }.sorted()
    if !unknown.isEmpty {
      let shown = unknown.prefix(8).joined(separator: ", ") + (unknown.count > 8 ? ", …" : "")
      guard files.scenarios != nil else {
        throw data.error(
          "\(unknown.count) sub-scenario(s) of no known benchmark: \(shown); give a scenario list for them")
      }
      notes.append("\(files.scores): sub-scenarios left out, as the scenario list has not got them: \(shown)")
    }
    var chosen: [ScenarioList.Scenario] = []
    for scenario in list.scenarios where options.benchmark == nil || options.benchmark == scenario.benchmark {
      let missing = scenario.subscenarios.filter { scores[$0] == nil }
      if missing.count == scenario.subscenarios.count && files.scenarios == nil { continue }
      guard missing.isEmpty else {
        throw data.error("benchmark '\(scenario.benchmark)' lacks sub-scenario '\(missing[0])'")
      }
      chosen.append(scenario)
    }
    guard !chosen.isEmpty else {
      throw DataError(
        "\(files.scores): has no "
          + (options.benchmark.map { "benchmark '\($0)'" } ?? "benchmark of the scenario list"))
    }
    return chosen
  }

  /// Reads one benchmark.
  func benchmark(_ scenario: ScenarioList.Scenario) throws -> Benchmark {
    var arrays: [NDArray] = []
    for name in scenario.subscenarios {
      guard let array = try scores[name]?["correctness"].ndarray() else { continue }
      try array.requireDimensions(2)
      arrays.append(array)
    }
    let queryCount = arrays.reduce(0) { $0 + $1.shape[0] }
    var rows = ScoreRows(queryCount: queryCount, llmNames: llmNames)
    var subscenarios: [Int] = []
    for (index, array) in arrays.enumerated() {
      try rows.append(array) { progress.advance($0) }
      subscenarios += Array(repeating: index, count: array.shape[0])
    }
    var embedded: [String: NDArray] = [:]
    for (encoder, root) in embeddings {
      var parts: [NDArray] = []
      for (name, array) in zip(scenario.subscenarios, arrays) {
        parts.append(try Self.embeddings(root, name, scores: array))
      }
      embedded[encoder] = try ConcatenatedRows.of(parts)
    }
    return try Benchmark(
      name: scenario.benchmark,
      queries: QuerySet(
        subscenarioNames: scenario.subscenarios, subscenarios: subscenarios, embeddings: embedded),
      llms: Array(llmNames.indices), responses: rows.build(),
      split: .stratified(
        subscenarios: subscenarios, benchmark: scenario.benchmark, seed: options.splitSeed),
      prompts: try texts(scenario, arrays))
  }

  private static func embeddings(
    _ root: PickleValue, _ name: String, scores: NDArray
  ) throws(FileError) -> NDArray {
    let array = try root[name].ndarray()
    guard array.shape.count == 2, array.shape[0] == scores.shape[0] else {
      throw array.error(
        "embeddings of shape \(NDArray.text(array.shape)) for scores of shape \(NDArray.text(scores.shape))")
    }
    try EmbeddingCheck.requireFinite(array)
    return array
  }

  private func texts(_ scenario: ScenarioList.Scenario, _ arrays: [NDArray]) throws(FileError) -> PromptSource
  {
    guard let prompts else { return .none }
    var texts: [String] = []
    for (name, array) in zip(scenario.subscenarios, arrays) {
      let value = try prompts[name]
      let more = try value.strings()
      guard more.count == array.shape[0] else {
        throw value.error("\(more.count) prompts for scores of shape \(NDArray.text(array.shape))")
      }
      texts += more
    }
    return .memory(texts)
  }
}
