import NumericKernels
import Testing

@testable import FileFormats

/// Columns read in blocks are what the rows say, one after the other.
@Suite struct CSVColumnTests {
  private static let reading = NumberReading(
    word: { $0.isEmpty ? .nan : $0 == "yes" ? 1 : Float($0) }, refusal: { "'\($0)' is no number" })

  /// What `columns` and `forEachRow` make of the same bytes.
  private func agree(_ text: String, blockSize: Int) throws(FileError) {
    let reader = try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv")
    var rows: [[String]] = []
    var expected: FileError?
    do {
      try reader.forEachRow { fields, line throws(FileError) in
        guard fields[2].isEmpty || fields[2] == "yes" || Float(fields[2]) != nil else {
          throw FileError("x.csv", at: .line(line), "'\(fields[2])' is no number")
        }
        rows.append(fields)
      }
    } catch {
      expected = error
    }
    do {
      let (named, groups) = try reader.columns(
        named: [1, 0, 1], numbers: [NumberColumns([2], as: Self.reading)], blockSize: blockSize)
      let numbers = groups[0]
      #expect(expected == nil)
      #expect(named[1].codes.indices.map { named[1][$0] } == rows.map { $0[0] })
      #expect(
        named[0].codes == named[2].codes && named[0].codes.indices.map { named[0][$0] } == rows.map { $0[1] })
      #expect(
        NameIndex.repeated(in: named[0].names) == nil
          && Array(NameIndex(rows.map { $0[1] }).names) == named[0].names)
      let values = rows.map { $0[2].isEmpty ? Float.nan : $0[2] == "yes" ? 1 : Float($0[2]) ?? -1 }
      #expect(
        numbers.count == values.count && zip(numbers, values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
      for (index, row) in rows.enumerated() { #expect(try reader.row(index)?.fields == row) }
      #expect(try reader.row(rows.count) == nil)
    } catch {
      #expect(error == expected)
    }
  }

  /// Rows are counted where no column is a number, too.
  @Test func namesAlone() throws {
    let text = "q,m\n" + (0..<20).map { "q\($0 % 3),m\($0)\n" }.joined()
    let reader = try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv")
    let (named, numbers) = try reader.columns(named: [1, 0], numbers: [], blockSize: 8)
    #expect(numbers.isEmpty)
    #expect((0..<20).map { named[0][$0] } == (0..<20).map { "m\($0)" })
    #expect((0..<20).map { named[1][$0] } == (0..<20).map { "q\($0 % 3)" })
  }

  /// The same text stands for another number in another group, and a fault is that of its own group.
  @Test func eachGroupIsReadInItsOwnWay() throws {
    let halves = NumberReading(
      dividedBy: 2, word: { $0.isEmpty ? 0 : Float($0).map { $0 / 2 } }, refusal: { "half of '\($0)'" })
    func read(_ text: String) throws(FileError) -> [[Float]] {
      try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv").columns(
        named: [0], numbers: [NumberColumns([1], as: Self.reading), NumberColumns([2, 1], as: halves)],
        blockSize: 8
      ).numbers
    }
    let numbers = try read("q,s,c\na,1,\nb,,3\nc,5,\"7\"\n")
    #expect(numbers[0][0] == 1 && numbers[0][1].isNaN && numbers[0][2] == 5)
    #expect(numbers[1] == [0, 0.5, 1.5, 0, 3.5, 2.5])
    #expect(throws: FileError("x.csv", at: .line(2), "column c: half of 'yes'")) {
      try read("q,s,c\na,yes,yes\n")
    }
  }

  @Test(arguments: 0..<60)
  func randomTables(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), stream: "csv-columns")
    let isQuoted = seed % 3 == 0
    let isBroken = seed % 4 == 1
    let end = seed % 2 == 0 ? "\n" : "\r\n"
    var text = "q,m,s" + end
    for row in 0..<generator.below(40) {
      let plain = ["q\(generator.below(5))", "Ω", "", "a longer name \(generator.below(3))", "x"]
      let quoted = ["\"a\"\"b\"", "\"a,\(end)b\"", "\"q1\"", "\"\""]
      let names = isQuoted ? plain + quoted : plain
      func name() -> String { names[generator.below(names.count)] }
      let scores =
        ["1", "0.25", "", "yes", "1e-3", "0.1234567890123456", "-2"] + (isQuoted ? ["\"1\"", "\"\""] : [])
      text += "\(name()),\(name()),\(scores[generator.below(scores.count)])"
      if isBroken && row == 17 { text += [",more", "no", "\r", "\""][generator.below(4)] }
      text += generator.below(9) == 0 ? end + end : end
    }
    for blockSize in [1, 7, 64, 1 << 20] { try agree(text, blockSize: blockSize) }
  }

  @Test func invalidTextNamesItsLine() throws {
    for (column, bytes) in [(0, [0xFF]), (1, [0xC3]), (2, [0xFF])] as [(Int, [UInt8])] {
      var fields: [[UInt8]] = [[0x61], [0x62], [0x31]]
      fields[column] = bytes
      let row = Array(fields.joined(separator: [0x2C]))
      let reader = try CSVReader(region: ByteRegion(Array("q,m,s\na,b,1\n".utf8) + row), path: "x.csv")
      #expect(throws: FileError("x.csv", at: .line(3), "a field is not valid UTF-8")) {
        _ = try reader.columns(named: [0, 1], numbers: [NumberColumns([2], as: Self.reading)])
      }
    }
  }

  /// Numbers read the fast way are those of the standard library, to the bit.
  @Test func numbersAreTheNearest() {
    var generator = SeededGenerator(seed: 1, stream: "decimals")
    var texts = [
      "0", "-0", "1", "1.", ".5", "+1", "1e400", "1e-50", "1e-45", "3.4028236e38", "0.30000001192092896",
      "16777217",
      "16777219", "1.00000005960464477539", "1.000000059604644775390625", "1.00000005960464477539062500001",
      "0.1234567890123456789012345", "00000000000000000000000000000000000.5", "9007199254740993", "e5", ".",
      "", "1e",
      "0x1p3", "nan", "inf", "1e+2", "123456789012345678901234567890",
    ]
    for _ in 0..<20_000 {
      // Texts around the middle of two neighbours are the hard ones.
      let value = Float(generator.uniform())
      let middle = (Double(value) + Double(value.nextUp)) / 2
      texts += [
        "\(value)", "\(Double(value))", "\(middle)", "\(middle.nextUp)", "\(middle.nextDown)", "\(middle)1",
      ]
      texts.append("\(Double(generator.uniform()))")
    }
    var fast = 0
    for text in texts {
      let bytes = Array(text.utf8)
      if let single = bytes.withUnsafeBytes({ DecimalText.single($0) }) {
        fast += 1
        if single != Float(text) { Issue.record("\(text) is read as \(single)") }
      }
      if let double = bytes.withUnsafeBytes({ DecimalText.double($0) }), double != Double(text) {
        Issue.record("\(text) is read as \(double)")
      }
    }
    #expect(fast > texts.count / 3)
  }

  @Test func textsAreNumberedInOrder() {
    var names = ByteNames()
    var index = NameIndex()
    var generator = SeededGenerator(seed: 2, stream: "names")
    for _ in 0..<5_000 {
      let text = String(repeating: "é", count: generator.below(3)) + "\(generator.below(1_000))"
      let number = Array(text.utf8).withUnsafeBytes { names.number(of: $0) }
      #expect(number == index.number(of: text))
    }
    #expect(names.texts == index.names)
  }
}
