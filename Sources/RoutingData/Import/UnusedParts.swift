import FileFormats

/// Says which columns, arrays or keys of a file were not used, so that nothing is ignored in silence.
package enum UnusedParts {
  private static let shown = 12

  /// A note, or nil where everything was used.
  ///
  /// - Parameters:
  ///   - kind: what the parts are, in the plural.
  ///   - used: those that have a meaning, for the reader who meant one of them.
  package static func note(_ kind: String, _ names: [String], used: String, path: String) -> String? {
    guard !names.isEmpty else { return nil }
    let list = names.prefix(shown).map { FileError.excerpt($0) }.joined(separator: ", ")
    let more = names.count > shown ? ", … (\(names.count) in all)" : ""
    return "\(path): not used: \(kind) \(list)\(more); used are \(used)"
  }
}
