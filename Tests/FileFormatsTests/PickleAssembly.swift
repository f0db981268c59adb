@testable import FileFormats

/// Writes pickles by hand, for files that no Python would write.
struct PickleAssembly {
  private(set) var bytes: [UInt8]

  init(protocolVersion: UInt8 = 4) { bytes = [0x80, protocolVersion] }

  /// Adds instructions, each an ASCII character or a number.
  func adding(_ instructions: String) -> PickleAssembly { adding(Array(instructions.utf8)) }

  func adding(_ more: [UInt8]) -> PickleAssembly {
    var result = self
    result.bytes += more
    return result
  }

  func repeating(_ instructions: String, _ times: Int) -> PickleAssembly {
    var result = self
    let unit = Array(instructions.utf8)
    result.bytes.reserveCapacity(bytes.count + unit.count * times)
    for _ in 0..<times { result.bytes += unit }
    return result
  }

  /// SHORT_BINUNICODE.
  func text(_ text: String) -> PickleAssembly {
    adding([0x8C, UInt8(text.utf8.count)]).adding(text)
  }

  /// STACK_GLOBAL under two texts.
  func global(_ module: String, _ name: String) -> PickleAssembly {
    text(module).text(name).adding([0x93])
  }

  /// An instruction with a little-endian operand.
  func adding(_ instruction: UInt8, _ operand: some FixedWidthInteger) -> PickleAssembly {
    adding([instruction] + withUnsafeBytes(of: operand.littleEndian, Array.init))
  }

  /// Reads what was written, with a STOP after it.
  func document() throws(FileError) -> PickleDocument {
    try PickleDocument(region: ByteRegion(bytes + [0x2E]), path: "x.pkl")
  }

  /// The error of reading it, as text, or nil if it can be read.
  func failure() -> String? {
    do {
      _ = try document()
      return nil
    } catch {
      return error.description
    }
  }
}
