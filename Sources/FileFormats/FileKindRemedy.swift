extension FileKind {
  /// What to call a file of this kind in a message.
  public var name: String {
    switch self {
    case .npy: "an NPY array"
    case .npz: "an NPZ archive"
    case .excel: "an Excel workbook"
    case .zip: "a zip archive"
    case .json: "JSON"
    case .jsonList: "one JSON list"
    case .parquet: "Parquet"
    case .arrow: "Arrow (Feather)"
    case .hdf5: "HDF5"
    case .pickle: "a Python pickle"
    case .sqlite: "an SQLite database"
    case .pdf: "a PDF document"
    case .html: "an HTML page"
    case .gzip: "packed by gzip more than once"
    case .bzip2: "packed by bzip2"
    case .xz: "packed by xz"
    case .zstandard: "packed by zstd"
    case .utf16: "text in UTF-16"
    case .text: "text"
    case .unknown: "of no known kind"
    }
  }

  /// Throws for bytes that are recognised as something else than text with rows.
  ///
  /// - Parameter expected: what the reader wants, for the message.
  /// - Throws: `FileError` with what the file is and the command that makes a table of it.
  static func requireTable(
    _ region: ByteRegion, path: String, expected: String = "a table of text (CSV, TSV or JSON Lines)"
  ) throws(FileError) {
    let kind = FileKind(region)
    guard let remedy = kind.remedy(path) else { return }
    throw FileError(path, "is \(kind.name), expected \(expected): \(remedy)")
  }

  /// Throws for bytes that are recognised as something else than an archive of arrays.
  static func requireArchive(_ region: ByteRegion, path: String) throws(FileError) {
    let kind = FileKind(region)
    switch kind {
    case .npz, .zip, .unknown: return
    case .text, .json: throw FileError(path, "is \(kind.name), expected an NPZ archive")
    default:
      throw FileError(
        path, "is \(kind.name), expected an NPZ archive: save its arrays with numpy.savez_compressed")
    }
  }

  /// How to make a table of text of a file of this kind; nil for one that may be one.
  private func remedy(_ path: String) -> String? {
    switch self {
    case .text, .json, .unknown: nil
    case .parquet: Self.pandas("read_parquet", path)
    case .arrow: Self.pandas("read_feather", path)
    case .hdf5: Self.pandas("read_hdf", path)
    case .excel: Self.pandas("read_excel", path)
    case .pickle: "if you trust it, for a pickle can run any program, \(Self.pandas("read_pickle", path))"
    case .jsonList:
      Self.pandas(
        "read_json", path, writing: "to_json", ending: "jsonl", arguments: "orient='records', lines=True")
    case .npy, .npz: "save it with pandas.DataFrame(…).to_csv"
    case .zip: "unpack it and give the file in it"
    case .sqlite: "export the table with sqlite3 -csv -header"
    case .pdf: "copy its table to a CSV file"
    case .html: "it may be a login page or a failed download; get the file itself"
    case .gzip: "unpack it with gunzip"
    case .bzip2: "unpack it with bunzip2"
    case .xz: "unpack it with unxz"
    case .zstandard: "unpack it with unzstd"
    case .utf16: "save it in UTF-8, such as with iconv -f UTF-16 -t UTF-8"
    }
  }

  /// A command line that reads a file with pandas and writes it beside it.
  private static func pandas(
    _ reader: String, _ path: String, writing writer: String = "to_csv", ending: String = "csv",
    arguments: String = "index=False"
  ) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let stem = name.lastIndex(of: ".").map { path.dropLast(name[$0...].count) } ?? path[...]
    // What is called a CSV file already must not be written over.
    let target = "\(stem).\(ending)" == path ? "\(stem)-table.\(ending)" : "\(stem).\(ending)"
    let program =
      "import pandas as pd; pd.\(reader)(\(literal(path))).\(writer)(\(literal(target)), \(arguments))"
    return "convert it with: python3 -c \"\(program)\""
  }

  /// A text of Python inside double quotes of a shell.
  private static func literal(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\\\\\"
      case "'": result += "\\\\'"
      case "\"", "$", "`": result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        result += "\\\\x" + String(scalar.value + 0x100, radix: 16).dropFirst()
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
