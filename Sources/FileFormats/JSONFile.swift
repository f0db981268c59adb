import Foundation

/// Reads and writes a JSON file as one value.
public enum JSONFile {
  /// The value that a file holds.
  ///
  /// - Throws: `FileError`, naming the key, for text that is not JSON of the type or has two equal keys.
  public static func read<Value: Decodable>(_ type: Value.Type, path: String) throws(FileError) -> Value {
    let region = try ByteRegion(mapping: path)
    if let key = region.withUnsafeBytes({ JSONKeys.repeated(in: $0) }) {
      throw FileError(path, at: .key(FileError.excerpt(key)), JSONFailure.repeatedKey)
    }
    do {
      return try region.withUnsafeBytes { try JSONDecoder().decode(type, from: Data($0)) }
    } catch {
      throw FileError(path, JSONFailure.reason(error, whole: "the value"))
    }
  }

  /// Writes a value, indented and with sorted keys, so that equal values give equal bytes.
  ///
  /// - Throws: `FileError` for a value that JSON can't hold or if the file can't be written.
  public static func write(_ value: some Encodable, to path: String) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text: String
    do {
      text = String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw FileError(path, "can't be written as JSON: \(JSONFailure.reason(error, whole: "the value"))")
    }
    try AtomicFile.write(text + "\n", to: path)
  }
}
