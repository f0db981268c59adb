/// Finds keys of a JSON object that a decoder would take for one.
///
/// Foundation keeps the last of two equal keys without a word, and calls keys equal that differ in bytes but are
/// canonically equivalent, see `Name`. What stood under the other one would be lost.
struct JSONKeys {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The first key that equals an earlier one of its object, or nil where there is none.
  ///
  /// Text that is not JSON gives nil or any key: a decoder says what is wrong with it.
  ///
  /// - Complexity: one pass; memory for the keys of the open objects.
  static func repeated(in bytes: UnsafeRawBufferPointer) -> String? {
    var scanner = JSONKeys(bytes)
    return scanner.scan()
  }

  private mutating func scan() -> String? {
    /// The keys of each open object; nil for an open array.
    var open: [Set<String>?] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "["): open.append(nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: "\""):
        let start = position
        skipText()
        guard let last = open.indices.last, open[last] != nil, isKey else { continue }
        // The end of the text is the quote before.
        let key = Self.text(bytes[start..<max(start, position - 1)])
        if open[last]?.insert(key).inserted == false { return key }
      default: break
      }
    }
    return nil
  }

  /// Whether a colon comes next, so that the text before it was a key.
  private var isKey: Bool {
    var index = position
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    return index < bytes.count && bytes[index] == UInt8(ascii: ":")
  }

  /// Moves behind the quote that ends a text.
  private mutating func skipText() {
    while position < bytes.count {
      let byte = bytes[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
  }

  /// A text without its escapes; a half of a surrogate pair alone becomes a mark of its own.
  private static func text(_ raw: Slice<UnsafeRawBufferPointer>) -> String {
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    var units: [UInt16] = []
    var scalars = String(decoding: raw, as: UTF8.self).unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\\", let escape = scalars.popFirst() else {
        units += UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter
        continue
      }
      switch escape {
      case "u":
        units.append(UInt16(String(scalars.prefix(4)), radix: 16) ?? 0xFFFD)
        scalars = scalars.dropFirst(4)
      case "b": units.append(0x08)
      case "f": units.append(0x0C)
      case "n": units.append(0x0A)
      case "r": units.append(0x0D)
      case "t": units.append(0x09)
      default: units += UTF16.encode(escape) ?? UTF16.encodedReplacementCharacter
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
