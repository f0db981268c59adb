import Testing

@testable import FileFormats

/// Pickles that try to exhaust memory, the stack or patience.
@Suite struct PickleHostileSizeTests {
  private static let depth = 1_000_000

  @Test func deepLists() throws {
    var value = try PickleAssembly().repeating("]", Self.depth).repeating("a", Self.depth - 1).document().root
    for _ in 0..<1000 { value = try value.list()[0] }
    #expect(value.kind == "a list")
    #expect(value.keyPath.count < 1000)
  }

  @Test func deepTuplesAndDictionaries() throws {
    let tuples = PickleAssembly().adding(")").adding([UInt8](repeating: 0x85, count: Self.depth))
    #expect(try tuples.document().root.list()[0].list()[0].kind == "a tuple")
    let marked = PickleAssembly().repeating("(", Self.depth).repeating("t", Self.depth)
    #expect(try marked.document().root.list()[0].list()[0].kind == "a tuple")
    let dictionaries = PickleAssembly().repeating("}N", Self.depth).adding("N").repeating("s", Self.depth)
    #expect(try dictionaries.document().root.dictionary()[0].key.isNone)
  }

  @Test func listThatHoldsItself() throws {
    let root = try PickleAssembly().adding([0x5D, 0x94]).adding("h\0a").document().root
    var value = root
    for _ in 0..<100_000 { value = try value.list()[0] }
    #expect(value.nodeIndex == root.nodeIndex)
    #expect(throws: FileError.self) { try root.strings() }
  }

  @Test func listsThatDouble() throws {
    var assembly = PickleAssembly().adding("]").adding([0x94])
    for level in 0..<200 as Range<UInt8> {
      assembly = assembly.adding([0x5D, 0x94, 0x28, 0x68, level, 0x68, level, 0x65])
    }
    let document = try assembly.document()
    #expect(try document.root.list().count == 2)
  }

  @Test func oneLongStringManyTimesIsOneString() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let start = PickleAssembly().adding("](").adding(0x58, UInt32(text.utf8.count)).adding(text).adding([0x94]
    )
    let strings = try start.repeating("h\0", 500_000).adding("e").document().root.strings()
    #expect(strings.count == 500_001 && strings.last?.utf8.count == 1 << 20)
    let dictionary = try PickleAssembly().adding("(").adding(0x58, UInt32(text.utf8.count)).adding(text)
      .adding([0x94]).adding("N").repeating("h\0N", 500_000).adding("d").document().root
    #expect(try dictionary.dictionary().count == 1)
  }

  @Test func millionMarks() {
    let message = PickleAssembly().repeating("(", Self.depth).failure()
    #expect(message?.hasSuffix("takes more values than the stack holds") == true)
    #expect(
      PickleAssembly().repeating("(", Self.depth).repeating("0", Self.depth).adding("N").failure() == nil)
  }

  @Test func absurdMemoNumbers() throws {
    let store = PickleAssembly().adding("K\u{5}").adding(0x72, UInt32.max)
    #expect(try store.adding("0").adding(0x6A, UInt32.max).document().root.integer() == 5)
    #expect(
      PickleAssembly().adding(0x6A, UInt32.max).failure()
        == "x.pkl: byte 2: refers to memo entry 4294967295, which was never stored")
    #expect(PickleAssembly().adding([0x94]).failure()?.contains("stack") == true)
  }

  @Test(arguments: [0x8D as UInt8, 0x8E, 0x96, 0x95]) func absurdLengths(instruction: UInt8) {
    for length in [100, 1 << 40, UInt64(Int.max), UInt64(Int.max) + 1, .max] {
      let message = PickleAssembly().adding(instruction, length).failure()
      #expect(message?.hasPrefix("x.pkl: byte 2: ") == true && message?.contains("\(length)") == true)
    }
  }

  @Test(arguments: [0x58 as UInt8, 0x42, 0x54, 0x8B]) func absurdShortLengths(instruction: UInt8) {
    #expect(PickleAssembly().adding(instruction, UInt32.max).failure()?.hasPrefix("x.pkl: byte 2: ") == true)
  }

  /// An array of a type with one byte of data and a shape, in the words of `_frombuffer`.
  private func array(type: String, shape: [Int]) -> PickleAssembly {
    var assembly = PickleAssembly().global("numpy._core.numeric", "_frombuffer").adding("(C\u{1}x")
      .global("numpy", "dtype").text(type).adding([0x85, 0x52, 0x28])
    for length in shape {
      assembly = assembly.adding([0x8A, 8]).adding(withUnsafeBytes(of: length, Array.init))
    }
    return assembly.adding("t").text("C").adding("tR")
  }

  @Test func impossibleShapes() {
    #expect(array(type: "u1", shape: [1, 1]).failure() == nil)
    for shape in [
      [Int.max, 2], [1 << 32, 1 << 32], [-1], [-1, -1], [Int.max], [0], [1 << 62, 1 << 62, 0],
    ] {
      #expect(array(type: "u1", shape: shape).failure() != nil)
      #expect(array(type: "f8", shape: shape).failure() != nil)
      #expect(array(type: "U0", shape: shape).failure() != nil)
      #expect(array(type: "O", shape: shape).failure() != nil)
    }
    #expect(array(type: "U268435456", shape: [1 << 40]).failure() != nil)
    #expect(array(type: "U99999999999", shape: [1]).failure()?.contains("is not read") == true)
    #expect(array(type: "u1", shape: Array(repeating: 1, count: 65)).failure()?.contains("shape") == true)
  }
}
