import FileFormats
import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import RoutingData

@Suite struct DatasetFolderTests {
  @Test func whatWouldBeLostIsNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder["d"]
    try DatasetFolder.write(TableBenchmark([[1, 0]], parts: [.train]).dataset(), to: path)
    try DatasetFolder.checkGrowth(path)
    try AtomicFile.write("x", to: "\(path)/.DS_Store")
    try DatasetFolder.checkGrowth(path)
    try FolderCreation.make("\(path)/notes")
    try AtomicFile.write("x", to: "\(path)/notes/mine.txt")
    do throws(FileError) {
      try DatasetFolder.checkGrowth(path)
      Issue.record("nothing was said")
    } catch { #expect(error.path.hasSuffix("notes/mine.txt") && error.reason.contains("would be lost")) }
  }

  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func whatIsWrittenIsOpenedAgain() throws {
    let dataset = try SmallDataset.whole()
    let folder = scratch.file("data")
    let hash = try DatasetFolder.write(dataset, to: folder)
    let opened = try DatasetFolder.open(folder)
    #expect(opened.catalog == dataset.catalog)
    #expect(opened.sources == ["made by hand"] && opened.hash == hash && hash.utf8.count == 64)
    for (before, after) in zip(dataset.benchmarks, opened.benchmarks) {
      #expect(try BenchmarkContents(before, in: dataset) == BenchmarkContents(after, in: opened))
    }
    #expect(opened.benchmarks.count == 2)
    #expect(opened.benchmarks[0].queries.embeddings["half"]?.elementType == .float16)
    #expect(try opened.truth["query_biases/alpha"]?.floats() == [1, 2, 3, 4, 5])
    #expect(try opened.benchmarks[1].loadPrompts() == nil && opened.benchmarks[1].loadIDs() == nil)
    #expect(try scratch.names() == ["data"])
  }

  @Test func equalDataHaveEqualBytesAndOneHash() throws {
    let first = try DatasetFolder.write(SmallDataset.whole(), to: scratch.file("first"))
    let opened = try DatasetFolder.open(scratch.file("first"))
    #expect(try DatasetFolder.write(opened, to: scratch.file("second")) == first)
    #expect(try scratch.bytes("first/dataset.json") == scratch.bytes("second/dataset.json"))
  }

  /// Each edit would change what the numbers mean: a mask that is ignored, a split of unknown origin, pools
  /// that are not looked for, a file that was never made.
  @Test(arguments: [
    ("\"masked\" : true", "\"masked\" : false"), ("\"pools\" : 1", "\"pools\" : 0"),
    ("\"origin\" : \"seeded\"", "\"origin\" : \"published\""), ("\"bytes\" : ", "\"bytes\" : 1"),
  ])
  func anEditedManifestIsRefused(old: String, new: String) throws {
    try DatasetFolder.write(SmallDataset.whole(), to: scratch.file("data"))
    let path = scratch.file("data/dataset.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let place = try #require(text.range(of: old))
    try text.replacingCharacters(in: place, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      throws: FileError(path, at: .key("hash"), "is not the hash of what the file says: it was altered")
    ) {
      try DatasetFolder.open(scratch.file("data"))
    }
  }

  /// Golden: `np.packbits(np.array([[1,0,1,1,0,0,0,1,1,0],[0,0,0,0,0,0,0,0,0,1]], bool), axis=1)`, numpy 2.4.6.
  @Test func bitsArePackedAsNumpyPacksThem() throws {
    let responses = try SmallDataset.responses([
      [1, 0, 1, 1, 0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ])
    let names = (0..<10).map { "llm\($0)" }
    let dataset = try Dataset(
      catalog: LLMCatalog(names: names),
      benchmarks: [
        Benchmark(
          name: "x", queries: QuerySet(subscenarioNames: ["x"], subscenarios: [0, 0]), llms: Array(0..<10),
          responses: responses, split: Split(parts: [.train, .test]))
      ])
    try DatasetFolder.write(dataset, to: scratch.file("data"))
    let array = try NPY.read(scratch.file("data/responses/x.npy"))
    #expect(array.shape == [2, 2] && array.elementType == .uint8)
    #expect(array.bytes.array == [0xB1, 0x80, 0x00, 0x40])
  }

  @Test func addingKeepsWhatIsThereAndMergesTheLLMs() throws {
    let folder = scratch.file("data")
    let whole = try SmallDataset.whole()
    let first = try Dataset(catalog: whole.catalog, benchmarks: [whole.benchmarks[0]], sources: ["one"])
    try DatasetFolder.write(first, to: folder)
    let more = try Dataset(
      catalog: LLMCatalog(
        names: ["e", "a"], fields: ["size", "kind"], metadata: [["7", "base"], ["9", "other"]]),
      benchmarks: [
        Benchmark(
          name: "gamma", queries: QuerySet(subscenarioNames: ["g"], subscenarios: [0]), llms: [0, 1],
          responses: SmallDataset.responses([[1, 0]]), split: Split(parts: [.train]))
      ], sources: ["two"])
    let hash = try DatasetFolder.add(more, to: folder)
    let opened = try DatasetFolder.open(folder)
    #expect(opened.hash == hash && opened.sources == ["one", "two"])
    #expect(opened.catalog.names == whole.catalog.names + ["e"])
    #expect(opened.catalog.fields == ["family", "kind", "size"])
    #expect(
      opened.catalog.metadata[0] == ["x", "base", "9"] && opened.catalog.metadata[4] == ["", "base", "7"])
    #expect(
      try BenchmarkContents(opened.benchmarks[0], in: opened)
        == BenchmarkContents(whole.benchmarks[0], in: whole))
    #expect(opened.llmNames(of: opened.benchmarks[1]) == ["e", "a"])
    #expect(try DatasetFolder.verify(folder).problems.isEmpty)
    #expect(
      failure { try DatasetFolder.add(more, to: folder) }
        == "\(folder): can't be added to: benchmark 'gamma' occurs twice")
    #expect(try DatasetFolder.open(folder).hash == hash)
  }

  @Test func numbersOfDoublePrecisionBecomeSingle() throws {
    let array = NDArray(doubles: [1, 2, 3.5, 0.1], shape: [2, 2])
    let dataset = try Dataset(
      catalog: LLMCatalog(names: ["a"]),
      benchmarks: [
        Benchmark(
          name: "x",
          queries: QuerySet(subscenarioNames: ["x"], subscenarios: [0, 0], embeddings: ["e": array]),
          llms: [0], responses: SmallDataset.responses([[1], [0]]), split: Split(parts: [.train, .test]))
      ])
    try DatasetFolder.write(dataset, to: scratch.file("data"))
    let opened = try #require(
      try DatasetFolder.open(scratch.file("data")).benchmarks[0].queries.embeddings["e"])
    #expect(try opened.elementType == .float32 && opened.floats() == [1, 2, 3.5, 0.1])
  }

  @Test func outputsThatCannotBeAreRefusedAndLeaveNothing() throws {
    let dataset = try SmallDataset.whole()
    let data = scratch.file("data")
    try DatasetFolder.write(dataset, to: data)
    #expect(
      failure { try DatasetFolder.write(dataset, to: data) }
        == "\(data): exists already: replace it with --overwrite, or choose another place")
    #expect(failure { try DatasetFolder.write(dataset, to: data, replacing: true) } == nil)
    let absent = scratch.file("other/than/this")
    #expect(failure { try DatasetFolder.write(dataset, to: absent) } == nil)
    try FileManager.default.removeItem(atPath: scratch.file("other"))
    // Even the superuser can't make a folder in there.
    #expect(failure { try DatasetFolder.write(dataset, to: "/proc/data") }?.hasPrefix("/proc/data: ") == true)
    let other = scratch.file("other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
    _ = try scratch.write("mine", "other/thesis.txt")
    #expect(
      failure { try DatasetFolder.write(dataset, to: other, replacing: true) }?.contains("is not replaced")
        == true)
    #expect(try scratch.names() == ["data", "other"])
  }

  @Test(arguments: ["a/b", "..", ".hidden", "", "x y", "ä", "x.llms"])
  func namesThatAreNoPathAreRefused(name: String) throws {
    let dataset = try Dataset(
      catalog: LLMCatalog(names: ["a"]),
      benchmarks: [
        Benchmark(
          name: name, queries: QuerySet(subscenarioNames: ["x"], subscenarios: [0]), llms: [0],
          responses: SmallDataset.responses([[1]]), split: Split(parts: [.train]))
      ])
    #expect(
      failure { try DatasetFolder.write(dataset, to: scratch.file("data")) }?.contains("'\(name)'") == true)
    #expect(try scratch.names().isEmpty)
  }

  @Test func anUnknownBenchmarkIsNamedWithThoseThereAre() throws {
    try DatasetFolder.write(SmallDataset.whole(), to: scratch.file("data"))
    let opened = try DatasetFolder.open(scratch.file("data"))
    #expect(
      failure { _ = try opened.benchmark(named: "gama") }
        == "unknown benchmark 'gama'; there are: alpha, beta")
  }
}
