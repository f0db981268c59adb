import Baselines
import Factorization
import FileFormats
import Foundation
import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Models

@Suite struct ModelFolderTests {
  let table: TableBenchmark
  let trained: StoredModel
  let model: FactorModel
  let folder: TemporaryFolder

  init() throws {
    table = try TableBenchmark.checkerboard()
    let trained = try TrainingSample.train(
      TrainingSample.dataset(table), LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 10))
    self.trained = StoredModel(trained)
    model = trained.router
    folder = try TemporaryFolder()
    try ModelFolder.write(self.trained, into: folder.path)
  }

  private var tensorPath: String { folder["model.safetensors"] }
  private var configurationPath: String { folder["config.json"] }

  @Test func saveThenLoadIsIdentical() throws {
    let stored = try ModelFolder.read(folder.path)
    let loaded = try stored.factorModel()
    #expect(loaded.identity == model.identity && stored.record == trained.record)
    #expect(loaded.contents == model.contents && loaded.queries == model.queries)
    #expect(loaded.queryEncoder.tensors == model.queryEncoder.tensors)
    #expect(loaded.calibration == model.calibration)
    let candidates = table.candidates()
    #expect(
      try loaded.scores(for: table.batch(), among: candidates).values
        == model.scores(for: table.batch(), among: candidates).values)
  }

  @Test func savingTwiceGivesTheSameBytes() throws {
    let again = try TemporaryFolder()
    try ModelFolder.write(trained, into: again.path)
    for name in ["model.safetensors", "config.json"] {
      #expect(try ByteRegion(mapping: again[name]).array == ByteRegion(mapping: folder[name]).array)
    }
  }

  /// A load that must fail with an error about this file.
  private func expectFault(
    _ paths: String..., containing part: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try ModelFolder.read(folder.path)
      Issue.record("the damaged model was read", sourceLocation: sourceLocation)
    } catch {
      #expect(paths.contains(error.path), sourceLocation: sourceLocation)
      #expect(
        part.isEmpty || error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ["model.safetensors", "config.json"]) func missingFiles(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder[name])
    expectFault(name == "config.json" ? folder.path : folder[name])
  }

  @Test(arguments: ["model.safetensors", "config.json"]) func truncatedFiles(_ name: String) throws {
    let bytes = try ByteRegion(mapping: folder[name]).array
    for length in [0, 1, 7, 8, 40, bytes.count / 2, bytes.count - 2] {
      try AtomicFile.write(Array(bytes.prefix(length)), to: folder[name])
      expectFault(folder[name])
    }
  }

  /// Replaces a text of the configuration, which must occur.
  private func edit(_ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: configurationPath, encoding: .utf8)
    try #require(text.contains(old))
    try AtomicFile.write(text.replacingOccurrences(of: old, with: new), to: configurationPath)
  }

  @Test func otherKind() throws {
    try edit("\"kind\" : \"factors\"", "\"kind\" : \"three-tower\"")
    expectFault(configurationPath, containing: "unknown kind 'three-tower'")
  }

  /// A folder is read without the trainers: what made the model is said in the record and nothing more.
  @Test func aModelOfAnUnknownTrainerIsRead() throws {
    try edit("\"logistic-mf\"", "\"three-tower\"")
    let loaded = try ModelFolder.read(folder.path)
    #expect(loaded.record.algorithm == "three-tower" && loaded.router.name == "three-tower")
    #expect(loaded.router.contents == model.contents)
  }

  @Test func aModelWithoutFactorsHasNoEmbeddings() throws {
    let neighbours = StoredModel(
      try TrainingSample.train(TrainingSample.dataset(table), NearestNeighbourTrainer()))
    #expect(throws: DataError("a model of knn has no embeddings: it is no model of factors")) {
      try neighbours.factorModel()
    }
  }

  @Test func otherFormatVersion() throws {
    try edit("\"format_version\" : 5", "\"format_version\" : 6")
    expectFault(configurationPath, containing: "format_version: 6")
    // A later version may lack keys of this one; its number is still what is wrong.
    try edit("\"llms\"", "\"items\"")
    expectFault(configurationPath, containing: "format_version: 6")
    // The version before says what to do.
    try edit("\"format_version\" : 6", "\"format_version\" : 2")
    expectFault(configurationPath, containing: "train the model again with rs-train")
  }

  @Test(
    arguments: [
      "-1", "0", "159", "161", "9223372036854775807", "-9223372036854775808", "1e300", "1.5", "null",
      "\"160\"",
    ])
  func wrongCounts(_ count: String) throws {
    try edit("\"query_counts\" : [\n      160", "\"query_counts\" : [\n      \(count)")
    do {
      _ = try ModelFolder.read(folder.path)
      Issue.record("a count of \(count) was read")
    } catch {
      #expect([folder.path, configurationPath].contains(error.path))
    }
  }

  @Test func countsWhoseSumOverflows() throws {
    for count in [Int.max, 1 << 62, 1 << 53, Int(Int32.max)] {
      let before = try ByteRegion(mapping: configurationPath).array
      try edit("\"query_counts\" : [", "\"query_counts\" : [\(count), \(count),")
      try edit("\"query_benchmarks\" : [", "\"query_benchmarks\" : [\"x\", \"y\",")
      expectFault(folder.path, containing: "query_counts")
      try AtomicFile.write(before, to: configurationPath)
    }
  }

  @Test func otherConfigurations() throws {
    try edit("\"llms\"", "\"items\"")
    expectFault(configurationPath, containing: "'llms' is missing")
    try AtomicFile.write("[1, 2]", to: configurationPath)
    expectFault(configurationPath)
    try AtomicFile.write("{\"format_version\": \"one\"}", to: configurationPath)
    expectFault(configurationPath, containing: "format_version")
  }

  @Test func anLLMMoreOrTwice() throws {
    try edit("\"llm3\"", "\"llm3\", \"llm4\"")
    expectFault(folder.path, containing: "'llm_standard_errors' is 4 × 3, expected 5 × 3")
    try edit("\"llm3\", \"llm4\"", "\"llm0\"")
    expectFault(configurationPath, containing: "llm0")
  }

  @Test func moreBenchmarksThanTheMapHasRows() throws {
    // The intercepts' rows would be read as another dimension of the embeddings.
    try edit(
      "\"query_encoder/benchmarks\" : [\n      \"checkerboard\"",
      "\"query_encoder/benchmarks\" : [\"x\", \"y\", \"z\", \"v\", \"w\"")
    expectFault(folder.path, containing: "'weights' is 5 × 3")
  }

  @Test func anotherQueryEncoder() throws {
    try edit("\"linear-map\"", "\"crystal-ball\"")
    expectFault(folder.path, containing: "unknown kind 'crystal-ball'")
  }

  @Test(
    arguments: [
      "llm_factors", "llm_biases", "query_factors", "query_biases", "query_rows", "query_encoder/weights",
      "query_encoder/residual_covariance", "llm_standard_errors",
    ])
  func wrongTensors(_ name: String) throws {
    let file = try Safetensors.open(tensorPath)
    var tensors: [String: NDArray] = [:]
    for other in file.names { tensors[other] = try file.tensor(named: other) }
    let original = try #require(tensors[name])
    var wrong: [NDArray?] = [
      nil, NDArray(floats: [], shape: [0]), NDArray(floats: [], shape: [0, 3]),
      NDArray(floats: [1], shape: [1, 1, 1]), NDArray(floats: [1, 2], shape: [2, 1]),
      NDArray(floats: [1, 2], shape: [2]),
    ]
    if name == "query_rows" {
      var rows = try original.integers().map(Int64.init)
      rows[3] = -1
      wrong += [
        NDArray(int64: rows, shape: [rows.count]),
        NDArray(floats: rows.map(Float.init), shape: [rows.count]),
      ]
    } else {
      var floats = try original.floats()
      floats[1] = .nan
      wrong.append(NDArray(floats: floats, shape: original.shape))
      wrong.append(NDArray(floats: floats.map { _ in 0 } + [0], shape: [floats.count + 1]))
    }
    for array in wrong {
      tensors[name] = array
      try Safetensors.write(tensors, to: tensorPath)
      // What does not read is a fault of the file, what does not fit one of the folder.
      expectFault(tensorPath, folder.path)
    }
  }
}
