/// Formats rows of CSV or TSV.
public enum CSVRow {
  /// One line of fields, with its line feed; only fields that need quotes get them.
  ///
  /// A field is quoted if it holds the separator, a quote or a line end. A row of one empty field is quoted
  /// too, as a reader would skip a blank line. `CSVReader` reads the same fields back.
  ///
  /// - Parameter separator: An ASCII character, such as `","` or `"\t"`.
  public static func text(_ fields: [String], separator: Character = ",") -> String {
    let separatorByte = CSVReader.byte(of: separator)
    var line = ""
    for (index, field) in fields.enumerated() {
      if index > 0 { line.append(separator) }
      if needsQuotes(field, separator: separatorByte) || fields == [""] {
        appendQuoted(field, to: &line)
      } else {
        line += field
      }
    }
    return line + "\n"
  }

  private static func needsQuotes(_ field: String, separator: UInt8) -> Bool {
    field.utf8.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
  }

  /// Works on scalars: a quote followed by a combining mark is one `Character` but still a quote in the file.
  private static func appendQuoted(_ field: String, to line: inout String) {
    line += "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { line += "\"" }
      line.unicodeScalars.append(scalar)
    }
    line += "\""
  }
}
