import FileFormats
import Foundation
import Learning
import RoutingData

/// `config.json` of a model folder: everything of a model that is no array.
struct ModelConfiguration: Codable {
  static let formatVersion = 5

  /// The word for the router.
  let kind: String
  let encoder: String?
  let llms: [String]
  let numbers: [String: [Double]]
  let texts: [String: [String]]
  let training: TrainingRecord
  /// The encoders that stand side by side; left out in models from before there were text features.
  let encoderParts: [EncoderPart]?
  private let version: Int

  private enum CodingKeys: String, CodingKey {
    case kind, encoder, llms, numbers, texts, training
    case encoderParts = "encoder_parts"
    case version = "format_version"
  }

  /// What every version of `config.json` holds.
  private struct Version: Decodable {
    let version: Int

    private enum CodingKeys: String, CodingKey { case version = "format_version" }
  }

  init(
    kind: String, encoder: String?, llms: [String], numbers: [String: [Double]], texts: [String: [String]],
    training: TrainingRecord, encoderParts: [EncoderPart]
  ) {
    self.kind = kind
    self.encoder = encoder
    self.llms = llms
    self.numbers = numbers
    self.texts = texts
    self.training = training
    self.encoderParts = encoderParts.isEmpty ? nil : encoderParts
    version = Self.formatVersion
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError` for one that is missing, damaged, of another version, or names an LLM twice.
  init(path: String) throws(FileError) {
    let data = Data(try ByteRegion(mapping: path).array)
    do {
      // The version comes first: another version may have other keys.
      let version = try JSONDecoder().decode(Version.self, from: data).version
      guard version == Self.formatVersion else {
        throw FileError(
          path, at: .key("format_version"),
          "\(version), this program reads \(Self.formatVersion): train the model again with rs-train")
      }
      self = try JSONDecoder().decode(ModelConfiguration.self, from: data)
    } catch let error as FileError {
      throw error
    } catch let error as DecodingError {
      throw FileError(path, "is not a model configuration: \(Self.text(error))")
    } catch {
      throw FileError(path, "is not a model configuration")
    }
    var seen: Set<Name> = []
    for llm in llms where !seen.insert(Name(llm)).inserted {
      throw FileError(path, at: .key("llms"), "LLM '\(llm)' occurs twice")
    }
    let parts = encoderParts ?? []
    guard parts.allSatisfy({ $0.dimensions > 0 && ($0.fingerprint == nil || DatasetPaths.isName($0.name)) }),
      NameIndex.repeated(in: parts.map(\.name)) == nil
    else {
      throw FileError(path, at: .key("encoder_parts"), "an encoder has a name or dimensions that can't be")
    }
  }

  /// Writes the file.
  ///
  /// - Throws: `FileError`.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write([UInt8](encoder.encode(self)) + [0x0A], to: path)
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
