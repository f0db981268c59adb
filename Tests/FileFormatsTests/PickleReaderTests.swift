import Testing

@testable import FileFormats

@Suite struct PickleReaderTests {
  private func document(_ base64: String) throws -> PickleDocument {
    try PickleDocument(region: ByteRegion(try PickleGoldens.bytes(base64)), path: "x.pkl")
  }

  /// The elements of an array in memory order.
  private func elements<Element: BitwiseCopyable>(_ array: NDArray, _ type: Element.Type) -> [Element] {
    array.bytes.withUnsafeBytes { bytes in
      (0..<array.count).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: type)
      }
    }
  }

  @Test(arguments: PickleGoldens.samples) func plainValues(_ sample: PickleGoldens.Sample) throws {
    let root = try document(sample.base64).root
    #expect(try root["text"].string() == "héllo")
    #expect(try root["number"].integer() == -7)
    #expect(try root["big"].integer() == 1 << 62)
    #expect(try root["real"].double() == 1.5)
    let flags = try root["flags"].list()
    #expect(try flags[0].boolean() && !flags[1].boolean())
    #expect(flags[2].isNone && flags[2].optional == nil)
    let pair = try root["pair"].list()
    #expect(try pair[0].integer() == 1 && pair[1].string() == "two")
    #expect(try root["raw"].bytes().array == [0, 255])
    #expect(try root["buffer"].bytes().array == [1, 128])
    #expect(try root["set"].list().map { try $0.integer() } == [4])
    // Names in no order would be matched with any columns.
    #expect(throws: FileError.self) { try root["set"].strings() }
    #expect(try root[5]["inner"].strings() == ["a", "b"])
    #expect(root.hasKey("text") && root.hasKey(5) && !root.hasKey("5") && !root.hasKey(6))
    let keys = try root.dictionary().map(\.key.keyPath)
    #expect(keys.count == 20 && keys[0] == "text" && keys[9] == "5" && keys[19] == "empty")
  }

  @Test(arguments: PickleGoldens.samples) func numpyValues(_ sample: PickleGoldens.Sample) throws {
    let root = try document(sample.base64).root
    let scores = try root["scores"].ndarray()
    #expect(scores.shape == [2, 3] && scores.elementType == .float64 && !scores.isFortranOrder)
    #expect(elements(scores, Double.self) == [1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
    #expect(scores.place == .key("scores"))
    #expect(elements(try root["again"].ndarray(), Double.self) == elements(scores, Double.self))
    let fortran = try root["fortran"].ndarray()
    #expect(fortran.shape == [2, 3] && fortran.elementType == .int32 && fortran.isFortranOrder)
    #expect(elements(fortran, Int32.self) == [1, 4, 2, 5, 3, 6])
    #expect(try root["names"].strings() == ["ab", "cdé", ""])
    #expect(try root["names"].ndarray().elementType == .unicode(length: 3))
    #expect(try root["objects"].strings() == ["x", "yy", "x"])
    #expect(try root["bools"].ndarray().bytes.array == [1, 0])
    #expect(try root["half"].double() == 0.25)
    #expect(try root["count"].integer() == 9)
    #expect(try root["label"].string() == "zoé")
    #expect(try root["empty"].ndarray().shape == [0, 4])
  }

  @Test func integersOfEveryLength() throws {
    let values = try document(PickleGoldens.largestInteger).root.list()
    #expect(try values.map { try $0.integer() } == [.max, .min, 0, -1, 255, 65536, -129])
  }

  /// Python 2 isn't at hand: written from the description of its `save_int` and `save_string`.
  @Test func stringsAndLongIntegersOfPython2() throws {
    let root = try PickleAssembly(protocolVersion: 2)
      .adding("}(").adding([0x55, 4]).adding("name").adding([0x55, 3]).adding("abc")
      .adding([0x55, 3]).adding("bigI5000000000\n").adding([0x55, 1]).adding("bI01\nu").document().root
    #expect(try root["name"].string() == "abc")
    #expect(try root["name"].bytes().array == Array("abc".utf8))
    #expect(try root["big"].integer() == 5_000_000_000)
    #expect(try root["b"].boolean())
  }

  @Test func containersMayGrowAfterTheyAreRemembered() throws {
    // ], MEMOIZE, its own item twice, then appended to through the memo.
    let root = try PickleAssembly().adding([0x5D, 0x94]).adding("(").adding("h\0h\0e").adding("h\0K\u{7}a0")
      .document().root
    let items = try root.list()
    #expect(items.count == 3)
    #expect(try items[0].list().count == 3 && items[1].list()[2].integer() == 7)
    #expect(try items[0].list()[1].list()[2].keyPath == "0/1/2")
  }

  @Test func laterEntryOfADictionaryReplacesAnEarlierOne() throws {
    let root = try PickleAssembly().adding("}(").text("a").adding("K\u{1}").text("b").adding("K\u{2}")
      .text("a").adding("K\u{3}K\u{1}K\u{4}").adding([0x88]).adding("K\u{5}u").document().root
    let entries = try root.dictionary()
    #expect(try entries.map { try $0.value.integer() } == [3, 2, 5])
    #expect(try root["a"].integer() == 3)
    #expect(try root[1].integer() == 5)
  }

  @Test func canonicallyEquivalentKeysAreDifferent() throws {
    let root = try PickleAssembly().adding("}(").text("e\u{301}").adding("K\u{1}").text("\u{e9}")
      .adding("K\u{2}u").document().root
    #expect(try root.dictionary().count == 2)
    #expect(try root["\u{e9}"].integer() == 2)
  }

  @Test func textThatIsNotValidIsAnErrorWhenAskedFor() throws {
    let string = try PickleAssembly().adding([0x8C, 2, 0xC3, 0x28]).document().root
    #expect(throws: FileError("x.pkl", "the string at byte 4 is not valid UTF-8")) { try string.string() }
    // A lone surrogate, which Python lets pass.
    let surrogate = try PickleAssembly().adding([0x8C, 3, 0xED, 0xA0, 0x80]).document().root
    #expect(throws: FileError.self) { try surrogate.string() }
    let wide = PickleAssembly(protocolVersion: 2).adding("c_codecs\nencode\n")
    #expect(
      try wide.text("\u{0}\u{7f}\u{80}\u{ff}").text("latin1").adding([0x86, 0x52]).document().root.bytes()
        .array == [0, 0x7F, 0x80, 0xFF])
    for text in ["\u{100}", "a\u{20ac}", "🙂"] {
      let bytes = try wide.text(text).text("latin1").adding([0x86, 0x52]).document().root
      #expect(throws: FileError.self) { try bytes.bytes() }
    }
    for units in [[0xD800, 0x61], [0x110000, 0x61], [0, 0xFFFF_FFFF]] as [[UInt32]] {
      let scalar = try PickleAssembly().global("numpy._core.multiarray", "scalar").global("numpy", "dtype")
        .text("U2").adding([0x85, 0x52]).adding([0x43, 8]).adding(units.withUnsafeBytes(Array.init))
        .adding([0x86, 0x52]).document().root
      #expect(throws: FileError("x.pkl", "the string is not valid UTF-32")) { try scalar.string() }
    }
  }

  @Test func bytesAfterStopAreIgnored() throws {
    #expect(try PickleAssembly().adding("K\u{9}.garbage").document().root.integer() == 9)
  }

  @Test func errorsNameTheKeyPath() throws {
    let root = try document(PickleGoldens.samples[0].base64).root
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = try root["missing"] }
        == "x.pkl: no key \"missing\"; it has text, number, big, real, flags, pair, … (20 in all)")
    #expect(message { _ = try root[5]["x"] } == "x.pkl: 5: no key \"x\"; it has inner")
    #expect(
      message { _ = try root[5]["inner"].list()[1].integer() }
        == "x.pkl: 5/inner/1: expected an integer, found a string")
    #expect(
      message { _ = try root["scores"].string() }
        == "x.pkl: scores: expected a string, found an array of shape (2, 3) and type f8")
    #expect(
      message { _ = try root["pair"].strings() } == "x.pkl: pair/0: expected a string, found an integer")
    #expect(
      message { _ = try root["objects"].ndarray() }
        == "x.pkl: objects: an array of Python objects is read as a list or as strings, not as numbers")
    #expect(message { _ = try root.integer() } == "x.pkl: expected an integer, found a dictionary")
    #expect(message { _ = try root["flags"].list()[0].integer() }.hasSuffix("found a boolean"))
  }
}
