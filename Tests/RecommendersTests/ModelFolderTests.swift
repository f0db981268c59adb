import FileFormats
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

@Suite struct ModelFolderTests {
  let table: TableBenchmark
  let model: FactorModel
  let folder: TemporaryFolder

  init() throws {
    table = try TableBenchmark.checkerboard()
    model = try TrainingSample.train(
      TrainingSample.dataset(table), LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 10))
    folder = try TemporaryFolder()
    try ModelFolder.write(model, into: folder.path)
  }

  private var tensorPath: String { folder["model.safetensors"] }
  private var configurationPath: String { folder["config.json"] }

  @Test func saveThenLoadIsIdentical() throws {
    let loaded = try ModelFolder.read(folder.path)
    #expect(loaded.llmNames == model.llmNames && loaded.training == model.training)
    #expect(loaded.arrays == model.arrays && loaded.queries == model.queries)
    #expect(loaded.encoder.tensors == model.encoder.tensors && loaded.calibration == model.calibration)
    let names = table.llmNames
    #expect(
      try loaded.scores(for: table.batch(), llms: names) == model.scores(for: table.batch(), llms: names))
  }

  @Test func savingTwiceGivesTheSameBytes() throws {
    let again = try TemporaryFolder()
    try ModelFolder.write(model, into: again.path)
    for name in ["model.safetensors", "config.json"] {
      #expect(try ByteRegion(mapping: again[name]).array == ByteRegion(mapping: folder[name]).array)
    }
  }

  /// A load that must fail with an error about this file.
  private func expectFault(
    _ path: String, _ part: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try ModelFolder.read(folder.path)
      Issue.record("the damaged model was read", sourceLocation: sourceLocation)
    } catch {
      #expect(error.path == path, sourceLocation: sourceLocation)
      #expect(
        part.isEmpty || error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ["model.safetensors", "config.json"]) func missingFiles(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder[name])
    expectFault(folder[name])
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

  @Test func otherAlgorithm() throws {
    try edit("\"logistic-mf\"", "\"three-tower\"")
    expectFault(configurationPath, "unknown algorithm 'three-tower'")
  }

  @Test func otherFormatVersion() throws {
    try edit("\"format_version\" : 2", "\"format_version\" : 3")
    expectFault(configurationPath, "format_version: 3")
    // A later version may lack keys of this one; its number is still what is wrong.
    try edit("\"llms\"", "\"items\"")
    expectFault(configurationPath, "format_version: 3")
  }

  @Test(
    arguments: [
      "-1", "0", "159", "161", "9223372036854775807", "-9223372036854775808", "1e300", "1.5", "null",
      "\"160\"",
    ])
  func wrongCounts(_ count: String) throws {
    try edit("\"count\" : 160", "\"count\" : \(count)")
    do {
      _ = try ModelFolder.read(folder.path)
      Issue.record("a count of \(count) was read")
    } catch {
      #expect([tensorPath, configurationPath].contains(error.path))
    }
  }

  @Test func countsWhoseSumOverflows() throws {
    let part = "{\"benchmark\":\"x\",\"count\":\(Int.max)}"
    try edit("\"queries\" : [", "\"queries\" : [\(part),\(part),")
    expectFault(tensorPath, "queries")
  }

  @Test func otherConfigurations() throws {
    try edit("\"llms\"", "\"items\"")
    expectFault(configurationPath, "'llms' is missing")
    try AtomicFile.write("[1, 2]", to: configurationPath)
    expectFault(configurationPath)
    try AtomicFile.write("{\"format_version\": \"one\"}", to: configurationPath)
    expectFault(configurationPath, "format_version")
  }

  @Test func anLLMMoreOrTwice() throws {
    try edit("\"llm3\"", "\"llm3\", \"llm4\"")
    expectFault(tensorPath, "do not fit together")
    try edit("\"llm3\", \"llm4\"", "\"llm0\"")
    expectFault(configurationPath, "llm0")
  }

  @Test func moreBenchmarksThanTheMapHasRows() throws {
    // The intercepts' rows would be read as another dimension of the embeddings.
    try edit(
      "\"benchmarks\" : [\n        \"checkerboard\"", "\"benchmarks\" : [\"x\", \"y\", \"z\", \"v\", \"w\"")
    expectFault(tensorPath, "'weights' is 5 × 3")
  }

  @Test func anotherQueryEncoder() throws {
    try edit("\"linear-map\"", "\"crystal-ball\"")
    expectFault(tensorPath, "unknown kind 'crystal-ball'")
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
      expectFault(tensorPath)
    }
  }
}
