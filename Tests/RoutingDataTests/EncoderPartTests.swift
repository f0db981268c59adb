import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct EncoderPartTests {
  private let dataset: Dataset
  private let alpha: Benchmark

  init() throws {
    dataset = try SmallDataset.whole()
    alpha = dataset.benchmarks[0]
  }

  @Test func severalEncodersStandSideBySide() throws {
    let joined = try alpha.embeddings(encoder: "half+single")
    #expect(joined == Matrix([[1, 0, 0.1], [0, 1, 0.2], [-1, 0.5, 0.3], [2, 2, 0.4], [0, 0, 0.5]]))
    #expect(try alpha.embeddings(encoder: "single+half").selecting(columns: [1, 2, 0]) == joined)
    #expect(alpha.widths(of: "half+single") == [2, 1])
    #expect(alpha.widths(of: "half+none") == nil)
    #expect(try dataset.encoder("half+single", for: [alpha]) == "half+single")
    let parts = dataset.encoderParts(of: "half+single")
    #expect(parts == [EncoderPart(name: "half", dimensions: 2), EncoderPart(name: "single", dimensions: 1)])
  }

  @Test func aMissingOrRepeatedPartIsNamed() {
    func message(_ wanted: String?) -> String {
      do {
        return try dataset.encoder(wanted, for: [alpha])
      } catch { return error.description }
    }
    #expect(message("half+best").contains("encoder 'best'"))
    #expect(message("half+half").contains("encoder 'half' is asked for twice"))
    #expect(message("half+").contains("encoder ''"))
    #expect(message(nil).contains("such as half+single"))
    #expect(throws: DataError.self) { try alpha.embeddings(encoder: "half+best") }
  }

  private func withFeaturizer(_ bytes: [UInt8] = [1, 2, 3]) throws -> Dataset {
    try Dataset(
      catalog: dataset.catalog, benchmarks: dataset.benchmarks, sources: dataset.sources,
      truth: dataset.truth,
      featurizers: ["single": FeaturizerFile(ByteRegion(bytes))])
  }

  @Test func featurizersAreStoredWithTheDataset() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/data"
    let plain = try DatasetFolder.write(dataset, to: path)
    let hash = try DatasetFolder.write(withFeaturizer(), to: path, replacing: true)
    #expect(hash != plain)
    let file = try FeaturizerFile(ByteRegion([1, 2, 3]))
    #expect(try DatasetFolder.open(path).featurizers == ["single": file])
    #expect(try DatasetFolder.open(path).encoderParts(of: "single")[0].fingerprint == file.fingerprint)
    #expect(try DatasetFolder.verify(path).problems.isEmpty)
    // A folder without one says nothing of featurizers, as before there were any.
    #expect(try DatasetFolder.write(dataset, to: path, replacing: true) == plain)
  }

  @Test func onlyItsOwnContentPasses() throws {
    let file = FeaturizerFile(ByteRegion([1, 2, 4]), fingerprint: "00", path: "x")
    #expect(throws: FileError.self) { try file.check() }
    try FeaturizerFile(ByteRegion([1, 2, 4])).check()
  }

  /// The name of an encoder means one thing in a dataset.
  @Test func addedBenchmarksMayNotHaveOtherEmbeddingsOfAFeaturizer() throws {
    let other = try Dataset(
      catalog: LLMCatalog(names: ["a", "b, \"quoted\"", "c", "d"]),
      benchmarks: [
        Benchmark(
          name: "gamma", queries: alpha.queries, llms: alpha.llms, responses: alpha.responses,
          split: alpha.split)
      ])
    #expect(throws: DataError.self) { try withFeaturizer().adding(other) }
    #expect(throws: DataError.self) { try other.adding(withFeaturizer()) }
    #expect(try dataset.adding(other).featurizers.isEmpty)
  }
}
