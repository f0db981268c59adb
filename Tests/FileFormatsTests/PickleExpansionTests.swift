import Testing

@testable import FileFormats

/// Pickles that refer to one part again and again.
@Suite struct PickleExpansionTests {
  /// A list of one text of a megabyte, referred to many times.
  private func repeatedText(_ times: Int) throws -> PickleDocument {
    let text = String(repeating: "x", count: 1 << 20)
    return try PickleAssembly().adding("](").adding(0x58, UInt32(text.utf8.count)).adding(text)
      .adding([0x94]).repeating("h\0", times - 1).adding("e").document()
  }

  @Test func textsCountAsOftenAsTheyAreReferredTo() throws {
    let few = try repeatedText(10)
    var expansion = PickleExpansion(few)
    #expect(try expansion.strings(few.root).count == 10)
    let many = try repeatedText(20_000)
    expansion = PickleExpansion(many)
    let error = #expect(throws: FileError.self) { try expansion.strings(many.root) }
    #expect(error?.reason.contains("refers to the same data so often") == true)
  }

  @Test func listsCountBeforeTheyAreRead() throws {
    let document = try PickleAssembly().adding("](").repeating("K\u{1}", 1_000).adding("e").document()
    var expansion = PickleExpansion(document)
    #expect(try document.root.itemCount() == 1_000)
    var reads = 0
    let error = #expect(throws: FileError.self) {
      while reads < 100_000 {
        try expansion.add(16 * document.root.itemCount(), of: document.root)
        reads += 1
      }
    }
    #expect(error != nil && reads > 1_000 && reads < 2_000)
  }

  @Test func sumsThatOverflowAreRefused() throws {
    let document = try PickleAssembly().adding("N").document()
    var expansion = PickleExpansion(document)
    #expect(throws: FileError.self) { try expansion.add(.max, of: document.root) }
    try expansion.add(1, of: document.root)
    #expect(throws: FileError.self) { try expansion.add(.max, of: document.root) }
  }
}
