import Testing

@testable import FileFormats

/// Damaged files give an error or a value, never a crash, a hang or unbounded memory.
@Suite struct PickleCorruptionTests {
  /// A small reproducible stream of numbers: SplitMix64.
  private struct Stream {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }

  /// Asks everything of every value within reach, up to a number of values.
  private func visit(_ root: PickleValue) {
    var open = [root]
    var budget = 500
    while let value = open.popLast(), budget > 0 {
      budget -= 1
      _ = (value.kind, value.keyPath, value.isNone)
      _ = try? value.integer()
      _ = try? value.double()
      _ = try? value.boolean()
      _ = try? value.string()
      _ = try? value.strings()
      _ = try? value.bytes()
      _ = try? value.ndarray()
      _ = (value.hasKey("scores"), value.hasKey(5))
      _ = try? value["scores"]
      if let items = try? value.list() { open += items.prefix(50) }
      if let entries = try? value.dictionary() { open += entries.prefix(50).flatMap { [$0.key, $0.value] } }
    }
  }

  /// Whether the bytes could be opened.
  private func open(_ bytes: [UInt8]) -> Bool {
    guard let document = try? PickleDocument(region: ByteRegion(bytes), path: "x.pkl") else { return false }
    visit(document.root)
    return true
  }

  @Test(arguments: PickleGoldens.samples) func cutShortAnywhere(_ sample: PickleGoldens.Sample) throws {
    let bytes = try PickleGoldens.bytes(sample.base64)
    #expect(open(bytes))
    for length in 0..<bytes.count { #expect(!open(Array(bytes[..<length])), "opened \(length) bytes") }
  }

  @Test(arguments: PickleGoldens.samples) func flippedBytes(_ sample: PickleGoldens.Sample) throws {
    let bytes = try PickleGoldens.bytes(sample.base64)
    var stream = Stream(state: UInt64(sample.protocolVersion * 10 + sample.numpyVersion))
    var opened = 0
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0...stream.next(below: 3) {
        damaged[stream.next(below: damaged.count)] = UInt8(stream.next(below: 256))
      }
      if open(damaged) { opened += 1 }
    }
    // Damage inside numbers and text goes unseen; damage to the structure must not.
    #expect(opened > 0 && opened < 2000)
  }

  @Test func randomInstructions() {
    let opcodes = (0...255).compactMap { PickleOpcode(rawValue: UInt8($0)) }
      .filter { $0.refusal == nil && $0 != .stop }.map(\.rawValue)
    var stream = Stream(state: 7)
    var opened = 0
    for _ in 0..<20_000 {
      var assembly = PickleAssembly().adding("](K\u{1}]q\u{0}}")
      for _ in 0..<stream.next(below: 40) {
        assembly = assembly.adding([opcodes[stream.next(below: opcodes.count)]])
        if stream.next(below: 3) == 0 { assembly = assembly.adding([UInt8(stream.next(below: 3)), 0]) }
      }
      if open(assembly.bytes + [PickleOpcode.stop.rawValue]) { opened += 1 }
    }
    #expect(opened > 0)
  }
}
