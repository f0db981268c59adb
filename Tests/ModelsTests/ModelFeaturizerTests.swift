import FileFormats
import Learning
import NumericKernels
import Regression
import RoutingData
import TestSupport
import Testing
import TextFeatures

@testable import Models

@Suite struct ModelFeaturizerTests {
  private static let prompts = (0..<30).map {
    "what is \($0) plus \($0 % 7), or \($0 % 3 == 0 ? "less" : "more")?"
  }
  private let dataset: Dataset
  private let folder: TemporaryFolder

  init() throws {
    dataset = try Self.dataset(seed: 1)
    folder = try TemporaryFolder()
  }

  private static func dataset(seed: UInt64) throws -> Dataset {
    let table = try TableBenchmark.checkerboard()
    let own = table.benchmark
    let count = own.queries.count
    let benchmark = try Benchmark(
      name: own.name,
      queries: QuerySet(
        subscenarioNames: own.queries.subscenarioNames, subscenarios: own.queries.subscenarios,
        embeddings: ["own": NDArray(matrix: table.embeddings)]),
      llms: own.llms, responses: own.responses, split: own.split,
      prompts: .memory((0..<count).map { prompts[$0 % prompts.count] }))
    return try Dataset(catalog: table.catalog, benchmarks: [benchmark]).embeddingPrompts(
      as: "text", options: TextFeatureOptions(dimensions: 3, hashBits: 12, leastQueries: 1), seed: seed
    ).dataset
  }

  private func trained(encoder: String) throws -> StoredModel {
    var model = StoredModel(
      try TrainingRun(RidgeTrainer(), patience: nil).train(on: TrainingData(dataset, encoder: encoder)) { _ in
      })
    model.rememberEncoders(of: dataset)
    return model
  }

  private func stored(_ model: StoredModel) throws -> StoredModel {
    try ModelFolder.write(model, into: folder.path)
    return try ModelFolder.read(folder.path)
  }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no error"
  }

  @Test func textsBecomeTheEmbeddingsThatItWasTrainedOn() throws {
    let model = try stored(trained(encoder: "text"))
    let found = try model.featurizer.embeddings(of: Self.prompts)
    let expected = try dataset.benchmarks[0].embeddings(encoder: "text")
    #expect(found.row(3) == expected.row(3) && found.columns == expected.columns)
    #expect(try model.featurizer.dimensions == expected.columns)
    // A model that was read is written with all that it has.
    let again = try TemporaryFolder()
    try ModelFolder.write(model, into: again.path)
    #expect(try ModelFolder.read(again.path).featurizer.embeddings(of: Self.prompts) == found)
  }

  @Test func aPartThatIsNoFeaturizerIsNamed() throws {
    let model = try stored(trained(encoder: "own+text"))
    #expect(model.encoderParts.map(\.name) == ["own", "text"])
    #expect(message { _ = try model.featurizer }.contains("encoder 'own' (a part of 'own+text')"))
    #expect(message { _ = try stored(trained(encoder: "own")).featurizer }.contains("encoder 'own'"))
  }

  @Test func anotherFeaturizerOfTheSameNameIsNoticed() throws {
    let model = try trained(encoder: "own+text")
    try model.requireEncoders(of: dataset)
    #expect(throws: DataError.self) { try model.requireEncoders(of: Self.dataset(seed: 2)) }
    _ = try stored(model)
    let path = folder["featurizer-text.safetensors"]
    var bytes = try ByteRegion(mapping: path).array
    bytes[bytes.count - 1] ^= 1
    try AtomicFile.write(bytes, to: path)
    let changed = try stored(trained(encoder: "text"))
    #expect(try changed.featurizer.dimensions > 0)
    try AtomicFile.write(bytes, to: path)
    let read = try ModelFolder.read(folder.path)
    #expect(message { _ = try read.featurizer }.contains("was altered"))
  }

  /// A name that leads out of the folder is refused before a file is opened.
  @Test func partsOfImpossibleNamesAreRefused() throws {
    _ = try stored(trained(encoder: "text"))
    let path = folder["config.json"]
    let text = String(decoding: try ByteRegion(mapping: path).array, as: UTF8.self)
    let damaged = text.replacing("\"name\" : \"text\"", with: "\"name\" : \"../text\"")
    #expect(damaged != text)
    try AtomicFile.write(Array(damaged.utf8), to: path)
    #expect(message { _ = try ModelFolder.read(folder.path) }.contains("encoder_parts"))
  }
}
