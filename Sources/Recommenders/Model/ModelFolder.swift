import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// A model on disk: `model.safetensors` with its arrays and `config.json` with everything else.
///
/// Both are open formats: Python's `safetensors` and `json` packages read them.
public enum ModelFolder {
  /// The file that marks a folder as a model's, so that it may be replaced.
  public static let marker = "config.json"
  private static let tensorFile = "model.safetensors"
  private static let formatVersion = 2

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
    let formatVersion: Int
    let model: ModelDocument.Configuration

    init(_ model: ModelDocument.Configuration) {
      formatVersion = ModelFolder.formatVersion
      self.model = model
    }

    init(from decoder: any Decoder) throws {
      formatVersion = try Version(from: decoder).formatVersion
      model = try ModelDocument.Configuration(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
      try Version(formatVersion: formatVersion).encode(to: encoder)
      try model.encode(to: encoder)
    }
  }

  /// What every version of `config.json` holds.
  private struct Version: Codable {
    let formatVersion: Int

    private enum CodingKeys: String, CodingKey { case formatVersion = "format_version" }
  }

  /// Writes a model into a folder that exists.
  ///
  /// - Throws: `FileError`.
  public static func write(_ model: FactorModel, into folder: String) throws {
    let document = ModelDocument(model)
    try Safetensors.write(
      document.tensors, metadata: ["algorithm": model.training.algorithm], to: "\(folder)/\(tensorFile)")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json = try encoder.encode(Configuration(document.configuration))
    try AtomicFile.write([UInt8](json) + [0x0A], to: "\(folder)/\(marker)")
  }

  /// Reads a model.
  ///
  /// - Throws: `FileError` for a missing, damaged or foreign file.
  public static func read(_ folder: String) throws(FileError) -> FactorModel {
    let path = "\(folder)/\(marker)"
    let configuration = try configuration(path).model
    guard TrainerCatalog.names.contains(configuration.training.algorithm) else {
      throw FileError(path, at: .key("algorithm"), "unknown algorithm '\(configuration.training.algorithm)'")
    }
    let tensorPath = "\(folder)/\(tensorFile)"
    let file = try Safetensors.open(tensorPath)
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    return try ModelDocument(configuration: configuration, tensors: tensors).model(path: tensorPath)
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
      for llm in configuration.model.llms where !seen.insert(llm).inserted {
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
