import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Small inputs that would take memory out of all proportion are refused before it is taken.
@Suite struct MemoryLimitTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Lines `q,m,score` of pairs of their own.
  private func diagonal(_ count: Int, score: String, benchmarks: Int = 1) throws -> String {
    let lines = (0..<count).map { "q\($0),m\($0),\(score),b\($0 % benchmarks)\n" }.joined()
    return try scratch.write("query,llm,score,benchmark\n" + lines, "a.csv")
  }

  @Test(arguments: [("0.5", 20_000, 1), ("1", 30_000, 1), ("0.5", 20_000, 8)])
  func sparseTables(score: String, count: Int, benchmarks: Int) throws {
    let path = try diagonal(count, score: score, benchmarks: benchmarks)
    let found = failure { _ = try CSVImporter.load(path) }
    #expect(
      found?.contains("are too sparse") == true && found?.contains("allow it with --memory-limit ") == true)
  }

  /// In an array of names, all would take as much room as this one.
  @Test func anLLMNameOfAMegabyte() throws {
    let path = try scratch.write("query,llm,score\nq,\(String(repeating: "x", count: 1 << 20)),1\n", "a.csv")
    let found = failure { _ = try CSVImporter.load(path) }
    #expect(found?.hasPrefix("\(path): the name of LLM 0 has 1048576 bytes: xxx") == true)
  }

  @Test func theLimitIsTheUsersToSet() throws {
    let path = try diagonal(2_000, score: "0.5")
    #expect(try CSVImporter.load(path).dataset.benchmarks[0].responses.observedCount == 2_000)
    let found = failure { _ = try CSVImporter.load(path, options: ImportOptions(memoryLimit: 1_000_000)) }
    #expect(found?.contains("2000 answers of 2000 queries × 2000 LLMs are too sparse") == true)
  }

  /// A header may claim any length of a dimension beside one of length 0.
  @Test func claimsWithoutData() throws {
    for shape in [[0, 1 << 60], [1 << 60, 0]] {
      try NPZ.write(
        [("scores", NDArray(uint8: [], shape: shape)), ("models", NDArray(floats: [], shape: [0]))],
        to: scratch.file("a.npz"), compressed: false)
      #expect(failure { _ = try NPZImporter.load(scratch.file("a.npz")) }?.contains("a.npz: ") == true)
      let scores = try scratch.write(
        SmallPickle.keyed([
          "data": .keyed(["s": .keyed(["correctness": .doubles([], shape: [1 << 30, 0])])]),
          "model": .texts(["a"]),
        ]).file, "scores.pkl")
      let files = RouterEvalFiles(
        scores: scores, scenarios: ScenarioList([.init(benchmark: "x", subscenarios: ["s"])]))
      #expect(failure { _ = try RouterEvalImporter.load(files) }?.contains("expected 1 columns") == true)
    }
  }

  /// 3,000 pools that refer to one list of 3,000 names: 10 KB that stand for nine million names.
  @Test func poolsThatShareOneList() throws {
    let names = (0..<3_000).map { "m\($0)" }
    let path = try scratch.write(Self.sharedPools(names: names, count: 3_000), "x_router_dataset.pkl")
    let found = failure { _ = try RouterDatasetImporter.load(path) }
    #expect(found?.contains("refers to the same data so often") == true, "\(found ?? "")")
    let few = try scratch.write(Self.sharedPools(names: names, count: 3), "x_router_dataset.pkl")
    #expect(try RouterDatasetImporter.load(few).dataset.benchmarks[0].publishedPools.count == 3)
  }

  /// A router dataset of one query in each part whose pools are one object; memo entry 0 is the pool.
  private static func sharedPools(names: [String], count: Int) -> [UInt8] {
    let row = SmallPickle.rows([names.map { _ in 1 }])
    let pool = SmallPickle.keyed([
      "all_weak": .keyed([
        "data": .keyed(["train_score": row, "val_score": row, "test_score": row]), "model": .texts(names),
      ])
    ])
    func part(_ index: Int) -> SmallPickle { .integers([index], shape: [1]) }
    let split = SmallPickle.keyed([
      "train_indices": part(0), "val_indices": part(1), "test_indices": part(2),
    ])
    func body(_ value: SmallPickle) -> ArraySlice<UInt8> { value.file.dropFirst(2).dropLast() }
    var bytes: [UInt8] = [0x80, 4] + Array("}(".utf8) + body(.text("split_index")) + body(split)
    bytes += body(.text("easy")) + Array("}(".utf8) + body(.integer(0)) + body(pool) + Array("q\0".utf8)
    for index in 1..<count { bytes += body(.integer(index)) + Array("h\0".utf8) }
    return bytes + Array("uu.".utf8)
  }

  /// Sub-scenarios that share one array of scores, and prompts that share one long text.
  @Test func subscenariosThatShareData() throws {
    func body(_ value: SmallPickle) -> ArraySlice<UInt8> { value.file.dropFirst(2).dropLast() }
    func keyed(_ count: Int, _ first: ArraySlice<UInt8>) -> [UInt8] {
      var bytes = Array("}(".utf8) + body(.text("s0")) + first + Array("q\0".utf8)
      for index in 1..<count { bytes += body(.text("s\(index)")) + Array("h\0".utf8) }
      return bytes + Array("u".utf8)
    }
    func scores(rows: Int, count: Int) throws -> RouterEvalFiles {
      let shared = SmallPickle.keyed(["correctness": .rows(Array(repeating: [1], count: rows))])
      let bytes =
        [0x80, 4] + Array("}(".utf8) + body(.text("data")) + keyed(count, body(shared)) + body(.text("model"))
        + body(.texts(["a"])) + Array("u.".utf8)
      return RouterEvalFiles(
        scores: try scratch.write(bytes, "scores.pkl"),
        scenarios: ScenarioList([.init(benchmark: "x", subscenarios: (0..<count).map { "s\($0)" })]))
    }
    let many = try scores(rows: 10_000, count: 1_000)
    #expect(failure { _ = try RouterEvalImporter.load(many) }?.contains("refers to the same data") == true)
    var files = try scores(rows: 1, count: 200)
    #expect(try RouterEvalImporter.load(files).dataset.benchmarks[0].queries.count == 200)
    let text = body(.texts([String(repeating: "x", count: 500_000)]))
    files.prompts = try scratch.write([0x80, 4] + keyed(200, text) + Array(".".utf8), "prompts.pkl")
    #expect(
      failure { _ = try RouterEvalImporter.load(files) }?.contains("prompts.pkl: ") == true)
  }

  @Test func syntheticDataTooLargeForMemory() throws {
    for (llms, queries, dimensions) in [
      (1_000_000, 10_000_000, 64), (1 << 24, 1 << 24, 1 << 16), (2, 1 << 24, 1 << 16),
      (100_000, 1_000_000, 2),
    ] {
      let options = SyntheticOptions(llms: llms, queries: queries, dimensions: dimensions)
      let found = failure { _ = try SyntheticGenerator.generate(options) }
      #expect(found?.contains("MiB of memory; take fewer, or allow it with --memory-limit") == true)
    }
    try SyntheticOptions.full.check()
    var small = SyntheticOptions.sample
    small.memoryLimit = 1_000_000
    #expect(throws: DataError.self) { try small.check() }
  }

  /// Numbers in `dataset.json` that no folder can have are refused like any others.
  @Test func impossibleCounts() throws {
    let folder = scratch.file("data")
    try DatasetFolder.write(SmallDataset.whole(), to: folder)
    let path = "\(folder)/dataset.json"
    let whole = try JSONFile.read(DatasetManifest.self, path: path)
    let changes: [(inout DatasetManifest) -> Void] = [
      { $0.llms = .max }, { $0.benchmarks[0].llms = .max }, { $0.benchmarks[0].queries = .max },
      { $0.benchmarks[0].pools = .max }, { $0.benchmarks[0].encoders["half"] = 0 },
      { $0.benchmarks[0].encoders["half"] = .max }, { $0.benchmarks[1].queries = .min },
      { $0.truth += $0.truth }, { $0.truth.append("../x") },
    ]
    for change in changes {
      var manifest = whole
      change(&manifest)
      manifest.hash = try manifest.contentHash()
      try JSONFile.write(manifest, to: path)
      #expect(failure { _ = try DatasetFolder.open(folder) }?.hasPrefix(folder) == true)
      #expect(try !DatasetFolder.verify(folder).problems.isEmpty)
    }
    var manifest = whole
    for name in manifest.files.keys { manifest.files[name]?.bytes = .max }
    manifest.hash = try manifest.contentHash()
    try JSONFile.write(manifest, to: path)
    #expect(try DatasetFolder.verify(folder).problems.count == manifest.files.count)
  }
}
