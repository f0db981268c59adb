import FileFormats
import Foundation
import LinearAlgebra
import RoutingData

/// A model on disk: `model.safetensors` with its arrays and `config.json` with everything else.
///
/// Both are open formats: Python's `safetensors` and `json` packages read them.
public enum ModelFolder {
  /// The file that marks a folder as a model's, so that it may be replaced.
  public static let marker = "config.json"
  private static let tensorFile = "model.safetensors"
  private static let formatVersion = 1

  /// The SHA-256 of a model folder: that of its two files' digests, one after the other.
  ///
  /// - Throws: `FileError` for a file that can't be read.
  public static func digest(of path: String) throws(FileError) -> String {
    var digests = ""
    for name in [marker, tensorFile] { digests += try SHA256.hexDigest(ofFile: "\(path)/\(name)") }
    return try SHA256.hexDigest(of: ByteRegion(Array(digests.utf8)))
  }

  /// `config.json`.
  private struct Configuration: Codable {
    struct Queries: Codable {
      let benchmark: String
      let count: Int
    }

    let formatVersion: Int
    let training: TrainingRecord
    let llms: [String]
    let queries: [Queries]

    private enum CodingKeys: String, CodingKey {
      case formatVersion = "format_version"
      case training, llms, queries
    }
  }

  /// What every version of `config.json` holds.
  private struct Version: Decodable {
    let formatVersion: Int

    private enum CodingKeys: String, CodingKey { case formatVersion = "format_version" }
  }

  /// Writes a model into a folder that exists.
  ///
  /// - Throws: `FileError`.
  public static func write(_ model: LogisticMFModel, into folder: String) throws {
    func row(_ values: [Float]) -> NDArray { NDArray(floats: values, shape: [values.count]) }
    let tensors: [String: NDArray] = [
      "llm_factors": NDArray(matrix: model.llmFactors),
      "llm_biases": row(model.llmBiases),
      "query_factors": NDArray(matrix: .stacked(model.queries.map(\.factors))),
      "query_biases": row(model.queries.flatMap(\.biases)),
      "query_rows": NDArray(
        int64: model.queries.flatMap { $0.rows.map(Int64.init) },
        shape: [model.queries.reduce(0) { $0 + $1.rows.count }]),
      "embedding_map": NDArray(matrix: model.map.weights),
      "residual_covariance": NDArray(matrix: model.map.residualCovariance),
    ]
    try Safetensors.write(
      tensors, metadata: ["algorithm": model.training.algorithm], to: "\(folder)/\(tensorFile)")
    let configuration = Configuration(
      formatVersion: formatVersion, training: model.training, llms: model.llmNames,
      queries: model.queries.map { .init(benchmark: $0.benchmark, count: $0.rows.count) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write([UInt8](encoder.encode(configuration)) + [0x0A], to: "\(folder)/\(marker)")
  }

  /// Reads a model.
  ///
  /// - Throws: `FileError` for a missing, damaged or foreign file.
  public static func read(_ folder: String) throws(FileError) -> LogisticMFModel {
    let path = "\(folder)/\(marker)"
    let configuration = try configuration(path)
    guard configuration.training.algorithm == LogisticMFTrainer.algorithm else {
      throw FileError(path, at: .key("algorithm"), "unknown algorithm '\(configuration.training.algorithm)'")
    }
    let tensorPath = "\(folder)/\(tensorFile)"
    let file = try Safetensors.open(tensorPath)
    let factors = try finite(file.tensor(named: "llm_factors")).matrix()
    let queryFactors = try finite(file.tensor(named: "query_factors")).matrix()
    let queryBiases = try finite(file.tensor(named: "query_biases")).floats()
    let queryRows = try file.tensor(named: "query_rows").integers()
    let total = try queryCount(configuration, path)
    guard queryFactors.rows == total, queryBiases.count == total, queryRows.count == total else {
      throw FileError(
        tensorPath, at: .key("query_factors"),
        "\(queryFactors.rows) queries, \(queryBiases.count) biases and \(queryRows.count) rows, "
          + "the configuration says \(total)")
    }
    guard queryRows.allSatisfy({ $0 >= 0 }) else {
      throw FileError(tensorPath, at: .key("query_rows"), "holds a negative row")
    }
    var start = 0
    let queries = configuration.queries.map { entry -> LogisticMFModel.Queries in
      let range = start..<start + entry.count
      start = range.upperBound
      return LogisticMFModel.Queries(
        benchmark: entry.benchmark, rows: Array(queryRows[range]),
        factors: queryFactors.selecting(rows: Array(range)), biases: Array(queryBiases[range]))
    }
    let weights = try finite(file.tensor(named: "embedding_map")).matrix()
    let covariance = try finite(file.tensor(named: "residual_covariance")).matrix()
    let benchmarks = configuration.training.benchmarks
    guard weights.rows > benchmarks.count, covariance.rows == weights.columns,
      covariance.columns == weights.columns
    else {
      throw FileError(
        tensorPath, at: .key("embedding_map"),
        "shape \(weights.shapeText) does not fit \(benchmarks.count) benchmarks and a covariance of "
          + covariance.shapeText)
    }
    let map = EmbeddingMap(benchmarks: benchmarks, weights: weights, residualCovariance: covariance)
    do {
      return try LogisticMFModel(
        llmNames: configuration.llms, llmFactors: factors,
        llmBiases: try finite(file.tensor(named: "llm_biases")).floats(), queries: queries, map: map,
        training: configuration.training)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(tensorPath, "\(error)")
    }
  }

  /// The tensor, if all of its numbers are finite.
  private static func finite(_ tensor: NDArray) throws(FileError) -> NDArray {
    guard try tensor.floats().allSatisfy(\.isFinite) else {
      throw tensor.error("holds a value that is not finite")
    }
    return tensor
  }

  /// The number of queries of all benchmarks.
  private static func queryCount(_ configuration: Configuration, _ path: String) throws(FileError) -> Int {
    var total = 0
    for entry in configuration.queries {
      let (sum, overflow) = total.addingReportingOverflow(entry.count)
      guard entry.count >= 0, !overflow else {
        throw FileError(
          path, at: .key("queries"),
          "\(entry.count) queries of benchmark '\(entry.benchmark)' are not possible")
      }
      total = sum
    }
    return total
  }

  private static func configuration(_ path: String) throws(FileError) -> Configuration {
    let bytes = try ByteRegion(mapping: path)
    do {
      // The version comes first: another version may have other keys.
      let version = try JSONDecoder().decode(Version.self, from: Data(bytes.array)).formatVersion
      guard version == formatVersion else {
        throw FileError(path, at: .key("format_version"), "\(version), this program reads \(formatVersion)")
      }
      let configuration = try JSONDecoder().decode(Configuration.self, from: Data(bytes.array))
      var seen: Set<String> = []
      for llm in configuration.llms where !seen.insert(llm).inserted {
        throw FileError(path, at: .key("llms"), "LLM '\(llm)' occurs twice")
      }
      return configuration
    } catch let error as FileError {
      throw error
    } catch let error as DecodingError {
      throw FileError(path, "is not a model configuration: \(Self.text(error))")
    } catch {
      throw FileError(path, "is not a model configuration")
    }
  }

  private static func text(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): return "key '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "key '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type"
    default: return "the JSON is damaged"
    }
  }
}
