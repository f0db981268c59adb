import Foundation

/// The JSON header of a safetensors file: each tensor's type, shape and range of bytes.
///
/// Format: the README of the `safetensors` project.
struct SafetensorsHeader {
  /// One tensor's entry.
  struct Entry: Equatable {
    let name: String
    let elementType: ElementType
    let shape: [Int]
    /// The tensor's bytes, counted from the end of the header.
    let range: Range<Int>
  }

  /// The largest header that is read, as the format's own library allows.
  static let largest = 100_000_000

  var entries: [Entry]
  var metadata: [String: String]

  init(entries: [Entry], metadata: [String: String]) {
    self.entries = entries
    self.metadata = metadata
  }

  private static let typeNames: [(name: String, type: ElementType)] = [
    ("F16", .float16), ("F32", .float32), ("F64", .float64),
    ("I8", .int8), ("I16", .int16), ("I32", .int32), ("I64", .int64),
    ("U8", .uint8), ("U16", .uint16), ("U32", .uint32), ("U64", .uint64), ("BOOL", .bool),
  ]

  /// The format's name of an element type, or nil for text, which it can't hold.
  static func name(of type: ElementType) -> String? { typeNames.first { $0.type == type }?.name }

  private struct RawEntry: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]
    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct RawHeader: Decodable {
    var entries: [String: RawEntry] = [:]
    var metadata: [String: String] = [:]

    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(RawEntry.self, forKey: key)
        }
      }
    }
  }

  /// Parses a header's JSON and checks that the tensors fill the data from its start to its end.
  init(json: [UInt8], dataCount: Int, path: String) throws(FileError) {
    if let key = json.withUnsafeBytes({ JSONKeys.repeated(in: $0) }) {
      throw FileError(path, at: .key(FileError.excerpt(key)), JSONFailure.repeatedKey)
    }
    let raw: RawHeader
    do {
      raw = try JSONDecoder().decode(RawHeader.self, from: Data(json))
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context)
    {
      let place = context.codingPath.first.map { FileError.Place.key($0.stringValue) } ?? .byte(8)
      throw FileError(path, at: place, "is not described by dtype, shape and data_offsets as it should be")
    } catch {
      throw FileError(
        path, at: .byte(8), "the header of \(json.count) bytes is not JSON, or has numbers out of range")
    }
    metadata = raw.metadata
    entries = []
    for (name, entry) in raw.entries { entries.append(try Self.entry(name, entry, path: path)) }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, Name($0.name)) < (
        $1.range.lowerBound, $1.range.upperBound, Name($1.name)
      )
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw FileError(
          path, at: .key(entry.name),
          "starts at data byte \(entry.range.lowerBound), where \(end) should be the next")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw FileError(path, "the tensors need \(end) bytes of data, found \(dataCount)")
    }
  }

  private static func entry(_ name: String, _ raw: RawEntry, path: String) throws(FileError) -> Entry {
    guard let type = typeNames.first(where: { $0.name == raw.dtype })?.type else {
      throw FileError(path, at: .key(name), "type \(raw.dtype) is not read here")
    }
    guard raw.offsets.count == 2, raw.offsets[0] >= 0, raw.offsets[0] <= raw.offsets[1] else {
      throw FileError(path, at: .key(name), "data_offsets \(raw.offsets) are not a range")
    }
    let range = raw.offsets[0]..<raw.offsets[1]
    guard NDArray.byteCount(type, shape: raw.shape) == range.count else {
      throw FileError(
        path, at: .key(name),
        "\(range.count) bytes don't fit shape \(NDArray.text(raw.shape)) and type \(raw.dtype)")
    }
    return Entry(name: name, elementType: type, shape: raw.shape, range: range)
  }

  /// The header as JSON, padded with spaces to a multiple of 8 bytes; equal headers give equal bytes.
  func json() -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { Name($0.key) < Name($1.key) }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let type = Self.name(of: entry.elementType) ?? ""
      members.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}")
    }
    let text = Array("{\(members.joined(separator: ","))}".utf8)
    return text + [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
