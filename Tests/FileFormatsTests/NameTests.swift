import NumericKernels
import Testing

@testable import FileFormats

@Suite struct NameTests {
  /// Pairs that Swift's `String` calls equal.
  static let twins = [
    ("\u{2126}", "\u{3A9}"), ("\u{212A}", "K"), ("\u{E9}", "e\u{301}"), ("\u{AC00}", "\u{1100}\u{1161}"),
    ("\u{37E}", ";"), ("\u{1E69}", "s\u{307}\u{323}"), ("s\u{307}\u{323}", "s\u{323}\u{307}"),
  ]

  @Test(arguments: twins)
  func canonicallyEquivalentNamesAreTwo(first: String, second: String) {
    #expect(first == second && Name(first) != Name(second))
    #expect((Name(first) < Name(second)) != (Name(second) < Name(first)))
    var index = NameIndex()
    #expect(index.insert(first) && index.insert(second) && !index.insert(first))
    #expect(index[first] == 0 && index[second] == 1 && index["other"] == nil)
    #expect(index.names.map { Array($0.utf8) } == [Array(first.utf8), Array(second.utf8)])
    #expect(
      NameIndex.repeated(in: [first, second]) == nil && NameIndex.repeated(in: [first, first]) == first)
    #expect(![first].containsName(second) && [first].containsName(first))
    #expect(NameIndex([first]) != NameIndex([second]))
  }

  @Test func bytesSortASCIIAsBefore() {
    var generator = SeededGenerator(seed: 7, stream: "names")
    let names = (0..<500).map { _ in
      String(
        decoding: (0..<generator.below(6)).map { _ in UInt8(0x20 + generator.below(0x5F)) }, as: UTF8.self)
    }
    #expect(names.sortedAsNames() == names.sorted())
  }

  /// Numpy, pandas and Python sort by code point, which is the order of UTF-8 bytes.
  @Test func otherNamesAreSortedByCodePoint() {
    let names = ["\u{1F600}", "\u{FF21}", "z", "\u{E9}", "e\u{301}", "e", ""]
    #expect(
      names.sortedAsNames().map { Array($0.unicodeScalars.map(\.value)) }
        == [[], [0x65], [0x65, 0x301], [0x7A], [0xE9], [0xFF21], [0x1F600]])
  }

  @Test(arguments: twins)
  func archivesAndTablesKeepBoth(first: String, second: String) throws {
    let folder = try ScratchFolder()
    let path = folder["a.npz"]
    try NPZ.write(
      [(first, NDArray(uint8: [1], shape: [1])), (second, NDArray(uint8: [2], shape: [1]))], to: path,
      compressed: false)
    let archive = try NPZ.open(path)
    #expect(try archive.array(named: first).integers() == [1])
    #expect(try archive.array(named: second).integers() == [2])
    #expect(throws: FileError.self) { try NPZ.open(path).array(named: first + "x") }
    let text = "\"\(first)\",\"\(second)\"\n1,2\n"
    let table = try CSVReader(region: ByteRegion(Array(text.utf8)), path: "t.csv")
    #expect(try table.column(first) == 0 && table.column(second) == 1)
  }
}
