import Testing

@testable import FileFormats

/// A file of the wrong kind is called what it is, with the way to a table.
@Suite struct FileKindTests {
  static let starts: [(bytes: [UInt8], named: String, remedy: String)] = [
    (Array("PAR1".utf8), "Parquet", "pd.read_parquet('x.csv').to_csv('x-table.csv', index=False)\""),
    (Array("ARROW1\0\0".utf8), "Arrow (Feather)", "pd.read_feather("),
    ([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], "HDF5", "pd.read_hdf("),
    ([0x80, 0x04, 0x95], "a Python pickle", "if you trust it"),
    (Array("%PDF-1.7".utf8), "a PDF document", "copy its table"),
    (Array(" <!DOCTYPE html>".utf8), "an HTML page", "failed download"),
    (Array("<html>".utf8), "an HTML page", "failed download"),
    ([0x50, 0x4B, 3, 4], "a zip archive", "unpack it"),
    (zip("[Content_Types].xml"), "an Excel workbook", "pd.read_excel("),
    (zip("scores.npy"), "an NPZ archive", "to_csv"),
    (Array("SQLite format 3\0".utf8), "an SQLite database", "sqlite3"),
    ([0xFF, 0xFE, 0x71, 0], "text in UTF-16", "iconv"),
    ([0x1F, 0x8B, 8], "packed by gzip more than once", "gunzip"),
    (Array("BZh9".utf8), "packed by bzip2", "bunzip2"),
    (Array(" [\n {\"a\"".utf8), "one JSON list", "lines=True"),
    (NPYHeader.magic, "an NPY array", "to_csv"),
  ]

  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
      + Array(name.utf8)
      + [0, 0]
  }

  @Test(arguments: starts)
  func tablesOfAnotherKind(start: (bytes: [UInt8], named: String, remedy: String)) throws {
    let region = ByteRegion(start.bytes)
    let errors = [
      #expect(throws: FileError.self) { _ = try CSVReader(region: region, path: "x.csv") },
      #expect(throws: FileError.self) {
        try JSONLines.forEach(Int.self, region: region, path: "x.csv") { _, _ in }
      },
    ]
    for error in errors {
      #expect(error?.description.hasPrefix("x.csv: is \(start.named), expected ") == true)
      #expect(error?.reason.contains(start.remedy) == true)
    }
  }

  @Test func whatMayBeATableIsRead() throws {
    for text in ["query,llm\n", "\u{FEFF}query\tllm", "{", "[x],y\n", "PAR,1\n", "a\u{1}b,c\n"] {
      _ = try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv")
    }
  }

  /// A name with any sign in it stays one word of the shell and one text of Python.
  @Test func commandsHoldAnyName() throws {
    let folder = try ScratchFolder()
    for (name, shown) in [
      ("a b.parquet", "pd.read_parquet('a b.parquet').to_csv('a b.csv'"),
      ("it's.pq", "pd.read_parquet('it\\\\'s.pq').to_csv('it\\\\'s.csv'"),
      ("$HOME", "('\\$HOME').to_csv('\\$HOME.csv'"),
      ("a.b/c", "('a.b/c').to_csv('a.b/c.csv'"), ("./x.y.parquet", "('./x.y.parquet').to_csv('./x.y.csv'"),
    ] {
      let error = #expect(throws: FileError.self) {
        _ = try CSVReader(region: ByteRegion(Array("PAR1".utf8)), path: name)
      }
      #expect(error?.reason.contains(shown) == true, "\(error?.reason ?? "")")
    }
    #expect(throws: FileError(folder.path, "is a folder, expected a file")) {
      _ = try CSVReader(path: folder.path)
    }
  }

  @Test func archivesOfAnotherKind() throws {
    let folder = try ScratchFolder()
    for (bytes, named) in [
      (Array("query,llm\n".utf8), "text"), (Array("PAR1".utf8), "Parquet"),
      ([0x80, 4, 0x95], "a Python pickle"),
    ] {
      let path = folder.path + "/x.npz"
      try AtomicFile.write(to: path) { sink throws(FileError) in try sink.write(ByteRegion(bytes)) }
      let error = #expect(throws: FileError.self) { _ = try NPZ.open(path) }
      #expect(error?.reason.hasPrefix("is \(named), expected an NPZ archive") == true)
    }
  }
}
