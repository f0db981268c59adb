import FileFormats
import NumericKernels

/// The open files of a RouterEval import.
struct RouterEvalSource {
  let llmNames: [String]
  private(set) var notes: [String] = []
  private let files: RouterEvalFiles
  private let options: ImportOptions
  private let scores: [Name: PickleValue]
  /// The sub-scenarios that the score file has, in its order.
  private let subscenarios: [String]
  private let data: PickleValue
  private let embeddings: [Source]
  private let prompts: PickleDocument?
  private let progress: RowProgress

  init(_ files: RouterEvalFiles, options: ImportOptions) throws {
    self.files = files
    self.options = options
    let document = try PickleDocument(path: files.scores)
    let root = document.root
    llmNames = try Self.uniqueNames(root["model"])
    data = try root["data"]
    var scores: [Name: PickleValue] = [:]
    var subscenarios = NameIndex()
    var expansion = PickleExpansion(document)
    var total = 0
    var unused = try root.dictionary().map { try $0.key.string() }.filter {
      !["data", "model"].containsName($0)
    }
    for (key, value) in try data.dictionary() {
      let array = try expansion.ndarray(value["correctness"])
      try array.requireDimensions(2)
      // Without columns, a shape may claim any number of queries.
      guard array.shape[1] == llmNames.count else {
        throw array.error(
          "scores of shape \(NDArray.text(array.shape)), expected \(llmNames.count) columns, one for each LLM"
        )
      }
      let name = try key.string()
      _ = subscenarios.insert(name)
      scores[Name(name)] = value
      total += array.shape[0]
      for (part, _) in try value.dictionary() where try !["correctness"].containsName(part.string()) {
        unused.append("data/\(name)/\(try part.string())")
      }
    }
    self.scores = scores
    self.subscenarios = subscenarios.names
    progress = RowProgress(total: total, report: options.progress)
    notes += [UnusedParts.note("keys", unused, used: "data, model and correctness", path: files.scores)]
      .compactMap { $0 }
    var embeddings: [Source] = []
    for file in files.embeddings {
      let encoder = file.encoder ?? options.encoderName(from: file.path)
      guard !embeddings.map(\.encoder).containsName(encoder) else {
        throw FileError(file.path, "encoder '\(encoder)' has embeddings already: name another one")
      }
      let document = try PickleDocument(path: file.path)
      embeddings.append(Source(encoder: encoder, document: document))
      notes += try Self.unusedSubscenarios(document, scores: subscenarios)
    }
    self.embeddings = embeddings
    prompts = try files.prompts.map { try PickleDocument(path: $0) }
    if let prompts { notes += try Self.unusedSubscenarios(prompts, scores: subscenarios) }
  }

  /// A pickle of embeddings.
  private struct Source {
    let encoder: String
    let document: PickleDocument
  }

  /// A note on the sub-scenarios of a file that the score file has not got.
  private static func unusedSubscenarios(
    _ document: PickleDocument, scores: NameIndex
  ) throws(FileError) -> [String] {
    var unused: [String] = []
    for (key, _) in try document.root.dictionary() {
      let name = try key.string()
      if !scores.contains(name) { unused.append(name) }
    }
    let note = UnusedParts.note(
      "sub-scenarios", unused, used: "those of the score file", path: document.path)
    return [note].compactMap { $0 }
  }

  private static func uniqueNames(_ value: PickleValue) throws(FileError) -> [String] {
    let names = try value.strings()
    if let name = NameIndex.repeated(in: names) { throw value.error("LLM name '\(name)' occurs twice") }
    guard !names.isEmpty else { throw value.error("lists no LLM") }
    if let nameless = names.firstIndex(where: \.isEmpty) { throw value.error("LLM \(nameless) has no name") }
    return names
  }

  /// The benchmarks of the scenario list that the score file has, checked to be whole.
  mutating func chosenScenarios() throws -> [ScenarioList.Scenario] {
    let list = files.scenarios ?? .routerEval
    let known = NameIndex(list.scenarios.flatMap(\.subscenarios))
    let unknown = subscenarios.filter { !known.contains($0) }.sortedAsNames()
    if !unknown.isEmpty {
      let shown = unknown.prefix(8).joined(separator: ", ") + (unknown.count > 8 ? ", …" : "")
      guard files.scenarios != nil else {
        throw data.error(
          "\(unknown.count) sub-scenario(s) of no known benchmark: \(shown); give a scenario list for them")
      }
      notes.append("\(files.scores): sub-scenarios left out, as the scenario list has not got them: \(shown)")
    }
    var chosen: [ScenarioList.Scenario] = []
    for scenario in list.scenarios
    where options.benchmark.map({ Name($0) == Name(scenario.benchmark) }) ?? true {
      let missing = scenario.subscenarios.filter { scores[Name($0)] == nil }
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
      if let value = scores[Name(name)] { arrays.append(try value["correctness"].ndarray()) }
    }
    let queryCount = arrays.reduce(0) { $0 + $1.shape[0] }
    var rows = ScoreRows(queryCount: queryCount, llmNames: llmNames)
    var subscenarios: [Int] = []
    for (index, array) in arrays.enumerated() {
      try rows.append(array) { progress.advance($0) }
      subscenarios += Array(repeating: index, count: array.shape[0])
    }
    var embedded: [String: NDArray] = [:]
    for source in embeddings {
      var parts: [NDArray] = []
      var expansion = PickleExpansion(source.document)
      for (name, array) in zip(scenario.subscenarios, arrays) {
        parts.append(try Self.embeddings(source.document.root[name], scores: array, &expansion))
      }
      embedded[source.encoder] = try ConcatenatedRows.of(parts)
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
    _ value: PickleValue, scores: NDArray, _ expansion: inout PickleExpansion
  ) throws(FileError) -> NDArray {
    let array = try expansion.ndarray(value)
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
    var expansion = PickleExpansion(prompts)
    for (name, array) in zip(scenario.subscenarios, arrays) {
      let value = try prompts.root[name]
      let more = try expansion.strings(value)
      guard more.count == array.shape[0] else {
        throw value.error("\(more.count) prompts for scores of shape \(NDArray.text(array.shape))")
      }
      texts += more
    }
    return .memory(texts)
  }
}
