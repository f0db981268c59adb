import Foundation

extension StandardOutput {
  /// Prints a value as JSON for machines: sorted keys in snake case, so that equal values give equal text.
  public static func writeJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text: Data
    do { text = try encoder.encode(value) } catch { throw OutputError("standard output: \(describe(error))") }
    try writeLine(String(decoding: text, as: UTF8.self))
  }
}
