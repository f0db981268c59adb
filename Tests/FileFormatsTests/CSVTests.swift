import Testing

@testable import FileFormats

@Suite struct CSVTests {
  private func reader(_ text: String, separator: Character? = nil) throws(FileError) -> CSVReader {
    try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv", separator: separator)
  }

  private func rows(_ text: String, separator: Character? = nil) throws(FileError) -> [[String]] {
    var rows: [[String]] = []
    try reader(text, separator: separator).forEachRow { (fields, _) throws(FileError) in rows.append(fields) }
    return rows
  }

  private func failure(_ text: String) -> String? {
    do {
      _ = try rows(text)
      return nil
    } catch { return error.description }
  }

  @Test func quotedFields() throws {
    let text = "a,b\n\"x,y\",\"line one\nline two\"\n\"say \"\"hi\"\"\",\"\"\n\"\"\"\"\"\",plain \"quote\"\n"
    #expect(
      try rows(text) == [
        ["x,y", "line one\nline two"], ["say \"hi\"", ""], ["\"\"", "plain \"quote\""],
      ])
  }

  @Test func lineEndsMarkAndSeparators() throws {
    #expect(try reader("\u{feff}a,b\r\n1,2\r\n").header == ["a", "b"])
    #expect(
      try rows("\u{feff}a,b\r\n1,\"2\r\n3\"\r\n\r\n,\r\n4,5") == [["1", "2\r\n3"], ["", ""], ["4", "5"]])
    #expect(try rows("a\tb\n1,5\t\"x\ty\"", separator: "\t") == [["1,5", "x\ty"]])
    #expect(try rows("a\n") == [])
    #expect(try rows("a,b\n1,") == [["1", ""]])
  }

  @Test func theFirstRowShowsTheSeparator() throws {
    #expect(try rows("a;b\n1,5;2\n") == [["1,5", "2"]])
    #expect(try rows("\r\n\"x,y;\"\tb\n1;2\t3,4\n") == [["1;2", "3,4"]])
    // A comma goes before the others, and one column has none.
    #expect(try rows("a;b,c\n1;2,3\n") == [["1;2", "3"]])
    #expect(try rows("a\n1,2\n".replacing(",", with: "\t"), separator: ",") == [["1\t2"]])
    #expect(try reader("a\n1\n").header == ["a"])
  }

  /// The bytes of `printf 'a;b\\n1;2\\n' | gzip`.
  @Test func packedFilesAreUnpacked() throws {
    let packed: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 180, 78, 226, 50, 180, 54, 226, 2, 0, 206, 16, 135, 177, 8, 0, 0,
      0,
    ]
    let folder = try ScratchFolder()
    func read(_ bytes: [UInt8]) throws -> [[String]] {
      try AtomicFile.write(bytes, to: folder["x.csv.gz"])
      var rows: [[String]] = []
      try CSVReader(path: folder["x.csv.gz"]).forEachRow { (fields, _) throws(FileError) in
        rows.append(fields)
      }
      return rows
    }
    #expect(try read(packed) == [["1", "2"]])
    // Every file that is cut short, every byte that is changed in what is checked, and two files in one.
    for count in 2..<packed.count {
      #expect(throws: FileError.self) { try read(Array(packed.prefix(count))) }
    }
    for place in 20..<28 {
      var damaged = packed
      damaged[place] ^= 1
      #expect(throws: FileError.self) { try read(damaged) }
    }
    #expect(throws: FileError.self) { try read(packed + packed) }
  }

  @Test func linesAreCountedThroughQuotedLineEnds() throws {
    var lines: [Int] = []
    try reader("a,b\n1,\"x\n\ny\"\n\n2,z\n").forEachRow { (_, line) throws(FileError) in lines.append(line) }
    #expect(lines == [2, 6])
  }

  @Test func columnsByName() throws {
    let reader = try reader("id,score,id\n")
    #expect(try reader.column("score") == 1)
    #expect(throws: FileError("x.csv", at: .line(1), "no column named \"x\"; it has id, score, id")) {
      try reader.column("x")
    }
    #expect(throws: FileError("x.csv", at: .line(1), "2 columns named \"id\"; it has id, score, id")) {
      try reader.column("id")
    }
  }

  @Test func errorsNameTheLine() throws {
    #expect(failure("") == "x.csv: is empty, expected a row of column names")
    #expect(failure("\n\n") == "x.csv: is empty, expected a row of column names")
    #expect(failure("a,b\n1,2\n3\n") == "x.csv: line 3: 1 fields, expected 2")
    #expect(failure("a,b\n\n1,2,3\n") == "x.csv: line 3: 3 fields, expected 2")
    #expect(failure("a,b\n1,\"2\n3\n4") == "x.csv: line 2: a quoted field is not closed")
    #expect(failure("a,b\n\"1\"x,2\n") == "x.csv: line 2: found text after the closing quote of field 1")
    #expect(failure("a,b\n1,2\r3,4\n") == "x.csv: line 2: found a carriage return without a line feed")
    let invalid = ByteRegion(Array("a\nok\n".utf8) + [0xFF, 0x0A])
    #expect(throws: FileError("x.csv", at: .line(3), "a field is not valid UTF-8")) {
      try CSVReader(region: invalid, path: "x.csv").forEachRow { (_, _) throws(FileError) in }
    }
  }

  @Test func writerQuotesOnlyWhatNeedsIt() {
    #expect(
      CSVRow.text(["a b", "x,y", "q\"q", "l\nl", "c\r", ""]) == "a b,\"x,y\",\"q\"\"q\",\"l\nl\",\"c\r\",\n")
    #expect(CSVRow.text(["x,y", "a\tb"], separator: "\t") == "x,y\t\"a\tb\"\n")
    #expect(CSVRow.text([""]) == "\"\"\n")
  }

  @Test(arguments: [",", "\t", ";"] as [Character]) func writtenRowsAreReadBack(separator: Character) throws {
    let pieces = ["", "a", "é", "\"", ",", "\t", ";", "\n", "\r\n", "\r", " ", "\u{301}", "word", "🙂", "\0"]
    var state: UInt64 = 12
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<500 {
      let columns = 1 + next(4)
      let table = (0...(1 + next(5))).map { _ in
        (0..<columns).map { _ in (0..<next(5)).map { _ in pieces[next(pieces.count)] }.joined() }
      }
      let text = table.map { CSVRow.text($0, separator: separator) }.joined()
      let reader = try reader(text, separator: separator)
      var found = [reader.header]
      try reader.forEachRow { (fields, _) throws(FileError) in found.append(fields) }
      // By bytes, as canonically equivalent strings would count as equal.
      #expect(found.map { $0.map { Array($0.utf8) } } == table.map { $0.map { Array($0.utf8) } })
    }
  }

  @Test func damagedBytesGiveAnErrorOrRows() {
    let bytes = Array("a,b\r\n\"x\"\"y\",2\r\n\"l\nl\",é\r\n".utf8)
    for index in bytes.indices {
      for value in [0x22, 0x2C, 0x0A, 0x0D, 0xFF, 0xC3, 0x61] as [UInt8] {
        var damaged = bytes
        damaged[index] = value
        for region in [damaged, Array(damaged[..<index])].map({ ByteRegion($0) }) {
          try? CSVReader(region: region, path: "x.csv").forEachRow { (_, _) throws(FileError) in }
        }
      }
    }
  }

  @Test func readsManyRows() throws {
    let row = "1234,gsm8k,0.8523,Meta-Llama-3,1\n"
    let reader = try reader("id,benchmark,score,llm,correct\n" + String(repeating: row, count: 300_000))
    var characters = 0
    try reader.forEachRow { (fields, _) throws(FileError) in characters += fields[3].utf8.count }
    #expect(characters == 12 * 300_000)
  }
}
