import Testing

@testable import FileFormats

/// Pickles that would run code, or hold what this reader doesn't.
@Suite struct PickleRefusalTests {
  private func failure(_ base64: String) throws -> String {
    do {
      _ = try PickleDocument(region: ByteRegion(try PickleGoldens.bytes(base64)), path: "x.pkl")
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func payloadOfReduceIsNamedBeforeAnythingElse() throws {
    #expect(
      try failure(PickleGoldens.systemCall)
        == "x.pkl: byte 28: names the global posix.system, which is refused: "
        + "only plain data and numpy arrays are read and nothing is executed")
  }

  @Test(arguments: [
    ("os", "system"), ("builtins", "eval"), ("builtins", "exec"), ("__builtin__", "getattr"),
    ("builtins", "list"), ("numpy", "load"), ("numpy.core.multiarray", "fromfile"),
    ("numpy", "core.multiarray._reconstruct"), ("subprocess", "Popen"), ("", ""), ("OS", "system"),
  ])
  func otherGlobalsAreRefused(module: String, name: String) throws {
    let direct = try #require(PickleAssembly(protocolVersion: 2).adding("Nc\(module)\n\(name)\n").failure())
    #expect(direct.hasPrefix("x.pkl: byte 3: names the global \(module).\(name), which is refused"))
    let stacked = try #require(PickleAssembly().global(module, name).failure())
    #expect(stacked.contains("names the global \(module).\(name), which is refused"))
  }

  @Test func aHostileNameCannotForgeALineOfTheLog() throws {
    let message = try #require(
      PickleAssembly().global("os\nerror: \u{1b}[31m\u{202e}", String(repeating: "x", count: 200)).failure())
    #expect(message.contains("os\\u{a}error: \\u{1b}[31m\\u{202e}.xxx"))
    #expect(message.count < 250 && !message.contains("\n"))
  }

  @Test(arguments: [
    ("(ios\nsystem\n", "INST"), ("(o", "OBJ"), ("Pabc\n", "PERSID"), ("NQ", "BINPERSID"),
    ("F1.5\n", "FLOAT"), ("L1L\n", "LONG"), ("S'a'\n", "STRING"), ("Va\n", "UNICODE"), ("g0\n", "GET"),
    ("Np0\n", "PUT"),
  ])
  func textInstructions(instructions: String, name: String) {
    let message = PickleAssembly().adding(instructions).failure() ?? "no error"
    #expect(message.contains("instruction \(name) "))
  }

  @Test(arguments: [
    (0x81 as UInt8, "NEWOBJ"), (0x92, "NEWOBJ_EX"), (0x82, "EXT1"), (0x83, "EXT2"), (0x84, "EXT4"),
    (0x97, "NEXT_BUFFER"), (0x98, "READONLY_BUFFER"),
  ])
  func binaryInstructions(instruction: UInt8, name: String) {
    let message = PickleAssembly().adding("NN").adding([instruction, 0, 0, 0, 0]).failure()
    #expect(message?.hasPrefix("x.pkl: byte 4: instruction \(name) ") == true)
  }

  @Test func reduceCallsNothingElse() {
    #expect(PickleAssembly().adding("N)R").failure()?.contains("not a known function") == true)
    #expect(PickleAssembly().global("numpy", "ndarray").adding(")R").failure()?.contains("refused") == true)
    for (module, name) in [
      ("numpy", "dtype"), ("numpy.core.multiarray", "_reconstruct"), ("_codecs", "encode"),
      ("numpy._core.multiarray", "scalar"), ("numpy._core.numeric", "_frombuffer"),
    ] {
      #expect(PickleAssembly().global(module, name).adding(")R").failure()?.contains("arguments") == true)
      #expect(PickleAssembly().global(module, name).adding("NR").failure()?.contains("arguments") == true)
    }
    let zlib = PickleAssembly().global("_codecs", "encode").text("a").text("zip").adding([0x86]).adding("R")
    #expect(zlib.failure()?.contains("_codecs.encode has arguments") == true)
  }

  @Test(arguments: ["}}b", "]Nb", "N}b", "K\u{1})b"]) func buildSetsNoOtherState(instructions: String) {
    #expect(PickleAssembly().adding(instructions).failure()?.contains("instruction BUILD") == true)
  }

  /// What lies below an open MARK is out of reach: taking it would leave the mark beyond the stack's end.
  @Test(arguments: ["N(", "N(2", "]N(b", "]N(a", "}NN(s", "NN(R", "N(\u{7f}"])
  func nothingBelowAMarkIsTaken(instructions: String) {
    let bytes = instructions.utf8.map { $0 == 0x7F ? 0x94 : $0 }
    let message = PickleAssembly().adding(bytes).failure()
    #expect(message?.hasSuffix("takes more values than the stack holds") == true)
  }

  @Test func otherNumpyTypes() throws {
    #expect(try failure(PickleGoldens.bigEndian).hasSuffix("big-endian numpy arrays are not read"))
    #expect(try failure(PickleGoldens.structured).contains("numpy type V8 is structured"))
    #expect(try failure(PickleGoldens.structuredScalar).contains("numpy type V4 is structured"))
    #expect(try failure(PickleGoldens.complexNumbers).contains("numpy type \"c16\" is not read"))
    #expect(try failure(PickleGoldens.transposed).contains("memory order \"K\""))
    #expect(try failure(PickleGoldens.hugeInteger).contains("an integer of 9 bytes doesn't fit"))
    #expect(try failure(PickleGoldens.protocol0).contains("protocol 2 to 5"))
    #expect(PickleAssembly(protocolVersion: 6).adding("N").failure()?.contains("protocol 6") == true)
    #expect(PickleAssembly(protocolVersion: 1).adding("N").failure()?.contains("protocol 1") == true)
  }

  @Test func gridOfObjectsIsNoList() throws {
    let bytes = try PickleGoldens.bytes(PickleGoldens.objectGrid)
    let root = try PickleDocument(region: ByteRegion(bytes), path: "x.pkl").root
    #expect(throws: FileError.self) { try root.list() }
    #expect(throws: FileError.self) { try root.strings() }
    #expect(root.kind == "an array of shape (2, 2) and type O")
  }
}
