/// Reads the dictionary of an NPY header: the three keys that numpy writes, as Python literals.
///
/// Nothing else of Python is understood, so nothing in a file is ever evaluated.
struct NPYHeaderParser {
  private let text: [UInt8]
  private let offset: Int
  private var position = 0

  /// A parser of header text that stands at an offset in its file.
  init(text: [UInt8], offset: Int) {
    self.text = text
    self.offset = offset
  }

  /// Parses the whole text.
  mutating func entries() throws(NPYHeader.Fault) -> (
    elementType: ElementType, isFortranOrder: Bool, shape: [Int]
  ) {
    var elementType: ElementType?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      skipSpace()
      let start = position
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where elementType == nil: elementType = try descriptor()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      default: throw fault("key '\(key)' is unknown or repeated", at: start)
      }
      guard accept(",") else {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw fault("more text follows the header's dictionary") }
    guard let elementType, let isFortranOrder, let shape else {
      throw fault("the header lacks one of the keys 'descr', 'fortran_order' and 'shape'")
    }
    return (elementType, isFortranOrder, shape)
  }

  private mutating func descriptor() throws(NPYHeader.Fault) -> ElementType {
    skipSpace()
    let start = position
    guard position >= text.count || text[position] != UInt8(ascii: "[") else {
      throw fault("structured elements are not read here; save each field as an array of its own")
    }
    let name = try string()
    if name.hasPrefix(">") {
      throw fault(
        "type '\(name)' is big-endian, which is not read here; save it as '<\(name.dropFirst())'", at: start)
    }
    if name.hasPrefix("|O") || name == "O" {
      throw fault(
        "type '\(name)' is Python objects, which are not read here; save numbers or text", at: start)
    }
    if name.hasPrefix("|S") {
      throw fault("type '\(name)' is bytes, which are not read here; save text, with .astype(str)", at: start)
    }
    if let first = name.first, "<|=".contains(first), let type = ElementType(code: String(name.dropFirst())),
      first != "|" || type.size == 1
    {
      return type
    }
    throw fault("type '\(name)' is not read here", at: start)
  }

  private mutating func boolean() throws(NPYHeader.Fault) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("expected True or False")
  }

  private mutating func tuple() throws(NPYHeader.Fault) -> [Int] {
    try expect("(")
    var lengths: [Int] = []
    while !accept(")") {
      lengths.append(try integer())
      guard accept(",") else {
        // Python reads (3) as a number.
        guard lengths.count > 1 else { throw fault("expected ','") }
        try expect(")")
        break
      }
    }
    return lengths
  }

  private mutating func integer() throws(NPYHeader.Fault) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < text.count, (0x30...0x39).contains(text[position]) {
      let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(Int(text[position] - 0x30))
      guard !overflowed, !carried else { throw fault("a length is too large", at: start) }
      value = sum
      position += 1
    }
    guard position > start else { throw fault("expected a length") }
    return value
  }

  private mutating func string() throws(NPYHeader.Fault) -> String {
    skipSpace()
    let start = position
    guard position < text.count, text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
    else { throw fault("expected a quoted name") }
    let quote = text[position]
    position += 1
    while position < text.count, text[position] != quote {
      guard text[position] != UInt8(ascii: "\\"), (0x20...0x7E).contains(text[position]) else {
        throw fault("a name holds an escaped or non-ASCII character")
      }
      position += 1
    }
    guard position < text.count else { throw fault("a name has no closing quote", at: start) }
    defer { position += 1 }
    return String(decoding: text[start + 1..<position], as: UTF8.self)
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NPYHeader.Fault) {
    guard accept(character) else { throw fault("expected '\(character)'") }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < text.count, text[position] == 0x20 || text[position] == 0x0A { position += 1 }
  }

  private func fault(_ reason: String, at start: Int? = nil) -> NPYHeader.Fault {
    NPYHeader.Fault(offset: offset + (start ?? position), reason: reason)
  }
}
