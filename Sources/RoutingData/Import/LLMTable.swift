import FileFormats

/// A table of what is known of LLMs: a row an LLM, and any columns beside its name.
struct LLMTable {
  /// What the column of names may be called; without any of them it is the first one.
  static let nameColumns = ["name", "llm", "model", "models", "llms"]

  let path: String
  let catalog: LLMCatalog
  /// The column that has the names.
  let nameColumn: String

  /// Reads a table.
  ///
  /// - Throws: `FileError`, with the line, for an LLM without a name or with two rows, or columns of one name.
  init(_ path: String) throws(FileError) {
    let reader = try CSVReader(path: path)
    let name = Self.nameColumns.first { reader.header.containsName($0) }
    let place = try name.map { name throws(FileError) in try reader.column(name) } ?? 0
    // An index that pandas wrote has no name, and says nothing.
    let fields = reader.header.indices.filter { $0 != place && !reader.header[$0].isEmpty }
    if let name = NameIndex.repeated(in: fields.map { reader.header[$0] }) {
      throw FileError(path, at: .line(1), "has two columns named \"\(FileError.excerpt(name))\"")
    }
    var seen: [Name: Int] = [:]
    var names: [String] = []
    var metadata: [[String]] = []
    try reader.forEachRow { (row, line) throws(FileError) in
      guard !row[place].isEmpty else { throw FileError(path, at: .line(line), "the LLM has no name") }
      if let earlier = seen.updateValue(line, forKey: Name(row[place])) {
        throw FileError(
          path, at: .line(line), "LLM '\(FileError.excerpt(row[place]))' stands on line \(earlier) too")
      }
      names.append(row[place])
      metadata.append(fields.map { row[$0] })
    }
    self.path = path
    nameColumn = reader.header[place]
    do {
      catalog = try LLMCatalog(names: names, fields: fields.map { reader.header[$0] }, metadata: metadata)
    } catch {
      throw FileError(path, error.description)
    }
  }

  /// What the table says of some LLMs, and what the user should know of those that only one side has.
  ///
  /// - Throws: `FileError` for a table that knows none of them.
  func joined(to llms: LLMCatalog) throws(FileError) -> (catalog: LLMCatalog, notes: [String]) {
    let known = catalog.names.indices.filter { llms.index(of: catalog.names[$0]) != nil }
    guard !known.isEmpty else {
      throw FileError(
        path,
        "its column \(FileError.excerpt(nameColumn)) has none of the \(llms.count) LLMs of the answers, such as "
          + "'\(FileError.excerpt(llms.names.first ?? ""))'")
    }
    var notes: [String] = []
    let strangers = catalog.count - known.count
    if strangers > 0 { notes.append("\(path): not used: rows of \(strangers) LLMs without an answer") }
    if let missing = llms.names.first(where: { catalog.index(of: $0) == nil }) {
      notes.append(
        "\(path): has no row for \(llms.count - known.count) of the \(llms.count) LLMs of the answers; the first is "
          + "'\(FileError.excerpt(missing))'")
    }
    do {
      let own = try LLMCatalog(
        names: known.map { catalog.names[$0] }, fields: catalog.fields,
        metadata: known.map { catalog.metadata[$0] })
      return (try llms.merging(own), notes)
    } catch {
      throw FileError(path, error.description)
    }
  }
}
