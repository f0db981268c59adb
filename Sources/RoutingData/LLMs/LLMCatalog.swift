import FileFormats

/// The LLMs of a dataset, in a fixed order, with whatever is known of them.
public struct LLMCatalog: Equatable, Sendable {
  /// The names, unique.
  public let names: [String]
  /// The names of the metadata columns, such as `family`.
  public let fields: [String]
  /// The metadata, one row for each LLM and one text for each field; empty text means unknown.
  public let metadata: [[String]]
  private let index: NameIndex

  /// The longest name in bytes: names are also written as arrays in which all take as much room as the longest.
  private static let longestName = 1024

  /// A catalogue from names and metadata.
  ///
  /// - Throws: `DataError` naming a duplicate or empty name, or one of more than 1,024 bytes.
  public init(names: [String], fields: [String] = [], metadata: [[String]] = []) throws(DataError) {
    precondition(fields.isEmpty || metadata.count == names.count, "metadata of another length than the names")
    if let nameless = names.firstIndex(where: \.isEmpty) { throw DataError("LLM \(nameless) has no name") }
    if let long = names.firstIndex(where: { $0.utf8.count > Self.longestName }) {
      throw DataError(
        "the name of LLM \(long) has \(names[long].utf8.count) bytes: \(FileError.excerpt(names[long])); "
          + "at most \(Self.longestName) are possible")
    }
    if let name = NameIndex.repeated(in: names) { throw DataError("LLM name '\(name)' occurs twice") }
    self.names = names
    self.fields = fields
    self.metadata = fields.isEmpty ? Array(repeating: [], count: names.count) : metadata
    index = NameIndex(names)
  }

  /// Whether both have the same LLMs in the same order, and say the same of them.
  public static func == (first: LLMCatalog, second: LLMCatalog) -> Bool {
    first.index == second.index && first.fields.elementsEqual(second.fields) { Name($0) == Name($1) }
      && first.metadata == second.metadata
  }

  /// The number of LLMs.
  public var count: Int { names.count }

  /// The place of an LLM in the catalogue, or nil for an unknown name.
  public func index(of name: String) -> Int? { index[name] }

  /// This catalogue followed by the names that it does not hold yet; their metadata are unknown.
  private func adding(_ more: [String]) throws(DataError) -> LLMCatalog {
    let added = more.filter { !index.contains($0) }
    let unknown = Array(repeating: Array(repeating: "", count: fields.count), count: added.count)
    return try LLMCatalog(names: names + added, fields: fields, metadata: metadata + unknown)
  }

  /// The LLMs of both catalogues, this one's first, with the fields of both.
  ///
  /// Where this catalogue leaves a field of an LLM empty, the other one's text is taken.
  public func merging(_ other: LLMCatalog) throws(DataError) -> LLMCatalog {
    let llms = try adding(other.names)
    var all = NameIndex(fields)
    let columns = other.fields.map { all.number(of: $0) }
    let fields = all.names
    var metadata = llms.metadata.map { $0 + Array(repeating: "", count: fields.count - self.fields.count) }
    for (source, name) in other.names.enumerated() {
      guard let target = llms.index(of: name) else { continue }
      for (text, column) in zip(other.metadata[source], columns) where metadata[target][column].isEmpty {
        metadata[target][column] = text
      }
    }
    return try LLMCatalog(names: llms.names, fields: fields, metadata: metadata)
  }
}
