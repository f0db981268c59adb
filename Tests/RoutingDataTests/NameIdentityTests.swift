import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Names whose bytes differ stay apart from the file to the reopened folder, whatever Swift's `String` thinks.
@Suite struct NameIdentityTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Texts that Swift calls equal, two by two.
  private static let twins = [
    ("\u{2126}", "\u{3A9}"), ("\u{212A}", "K"), ("\u{E9}", "e\u{301}"), ("\u{AC00}", "\u{1100}\u{1161}"),
    ("\u{212B}", "A\u{30A}"), ("s\u{307}\u{323}", "s\u{323}\u{307}"),
  ]

  /// Names of which each has its twin: the same text with the other form of one letter.
  private static func names(seed: UInt64, _ prefix: String) -> [String] {
    var generator = SeededGenerator(seed: seed, stream: "twins/\(prefix)")
    return (0..<8).flatMap { number -> [String] in
      let (first, second) = twins[generator.below(twins.count)]
      let filling = String(
        (0..<generator.below(4)).map { _ in "ab c".randomElement(using: &generator) ?? "a" })
      return ["\(prefix)\(number)\(filling)\(first)", "\(prefix)\(number)\(filling)\(second)"]
    }
  }

  private static func bytes(_ names: [String]) -> [[UInt8]] { names.map { Array($0.utf8) } }

  /// Writes a dataset, opens it and expects names, ids and sub-scenarios, as bytes, and each cell where it was.
  private func expect(_ dataset: Dataset, llms: [String], ids: [String]?, subscenarios: [String]) throws {
    let folder = scratch.file("data-\(dataset.sources.joined())")
    try DatasetFolder.write(dataset, to: folder)
    let opened = try DatasetFolder.open(folder)
    let benchmark = opened.benchmarks[0]
    #expect(Self.bytes(opened.llmNames(of: benchmark)) == Self.bytes(llms))
    #expect(try benchmark.loadIDs().map(Self.bytes) == ids.map(Self.bytes))
    let labels = benchmark.queries.subscenarios.map { benchmark.queries.subscenarioNames[$0] }
    #expect(Self.bytes(labels) == Self.bytes(subscenarios))
    #expect(llms.indices.allSatisfy { opened.catalog.index(of: llms[$0]) == $0 })
    for query in 0..<benchmark.queries.count {
      for llm in llms.indices { #expect(benchmark.responses[query, llm] == Self.answer(query, llm)) }
    }
    #expect(try DatasetFolder.verify(folder).problems.isEmpty)
  }

  private static func answer(_ query: Int, _ llm: Int) -> Float { (query * 7 + llm * 3) % 5 < 2 ? 1 : 0 }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func csv(seed: UInt64) throws {
    let (queries, llms) = (Self.names(seed: seed, "q"), Self.names(seed: seed, "m"))
    let subscenarios = Self.names(seed: seed, "s")
    var text = "query,llm,score,subscenario\n"
    for (query, id) in queries.enumerated() {
      for (llm, name) in llms.enumerated() {
        text += CSVRow.text([id, name, "\(Self.answer(query, llm))", subscenarios[query]])
      }
    }
    let dataset = try CSVImporter.load(scratch.write(text, "answers.csv")).dataset
    try expect(dataset, llms: llms, ids: queries, subscenarios: subscenarios)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func npz(seed: UInt64) throws {
    let (queries, llms) = (Self.names(seed: seed, "q"), Self.names(seed: seed, "m"))
    let subscenarios = Self.names(seed: seed, "s")
    let scores = llms.indices.flatMap { llm in queries.indices.map { Self.answer($0, llm) } }
    try NPZ.write(
      [
        ("scores", NDArray(floats: scores, shape: [llms.count, queries.count])),
        ("models", NDArray(strings: llms)), ("item_id", NDArray(strings: queries)),
        ("subscenario", NDArray(strings: subscenarios)),
      ], to: scratch.file("answers.npz"), compressed: true)
    let dataset = try NPZImporter.load(scratch.file("answers.npz")).dataset
    try expect(dataset, llms: llms, ids: queries, subscenarios: subscenarios)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func routerEval(seed: UInt64) throws {
    let (subscenarios, llms) = (Self.names(seed: seed, "s"), Self.names(seed: seed, "m"))
    func row(_ query: Int) -> [Double] { llms.indices.map { Double(Self.answer(query, $0)) } }
    func keyed(_ value: (Int) -> SmallPickle) -> SmallPickle {
      .dictionary(subscenarios.enumerated().map { (.text($1), value($0)) })
    }
    let scores = try scratch.write(
      SmallPickle.keyed([
        "data": keyed { .keyed(["correctness": .rows([row($0)])]) }, "model": .texts(llms),
      ]).file, "scores.pkl")
    let embeddings = try scratch.write(keyed { .rows([[Double($0)]]) }.file, "e.pkl")
    let prompts = try scratch.write(keyed { .texts(["prompt \($0)"]) }.file, "prompts.pkl")
    let files = RouterEvalFiles(
      scores: scores, embeddings: [.init(path: embeddings)], prompts: prompts,
      scenarios: ScenarioList([.init(benchmark: "x", subscenarios: subscenarios)]))
    let result = try RouterEvalImporter.load(files)
    #expect(result.notes.isEmpty)
    let own = result.dataset.benchmarks[0]
    #expect(try own.embeddings(encoder: "e").storage == subscenarios.indices.map { Float($0) })
    #expect(try own.loadPrompts() == subscenarios.indices.map { "prompt \($0)" })
    try expect(result.dataset, llms: llms, ids: nil, subscenarios: subscenarios)
  }

  @Test func poolsAndMergedCataloguesKeepThemApart() throws {
    let llms = Self.names(seed: 5, "m")
    let benchmark = try Benchmark(
      name: "x", queries: QuerySet(subscenarioNames: ["x"], subscenarios: [0]), llms: Array(llms.indices),
      responses: SmallDataset.responses([llms.map { _ in 1 }]), split: Split(parts: [.train]),
      publishedPools: [
        CandidatePool(group: .allWeak, llms: [1, 0]), CandidatePool(group: .allStrong, llms: [3]),
      ])
    let dataset = try Dataset(catalog: LLMCatalog(names: llms), benchmarks: [benchmark])
    try DatasetFolder.write(dataset, to: scratch.file("data"))
    let opened = try DatasetFolder.open(scratch.file("data"))
    #expect(opened.benchmarks[0].publishedPools.map(\.llms) == [[1, 0], [3]])
    let odd = try LLMCatalog(names: llms.indices.filter { $0 % 2 == 1 }.map { llms[$0] })
    let even = try LLMCatalog(names: llms.indices.filter { $0 % 2 == 0 }.map { llms[$0] })
    #expect(try odd.merging(even).count == llms.count && odd != even)
  }
}
