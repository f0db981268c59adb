import FileFormats
import RoutingData

extension NamedScores {
  /// What the array of the columns' LLMs may be called.
  private static let llmNames = ["models", "llms"]

  /// The scores of an array of queries × LLMs, which names neither.
  init(_ array: NDArray) throws(FileError) { try self.init(array, llms: nil, ids: nil) }

  private init(_ array: NDArray, llms: Names?, ids: Names?) throws(FileError) {
    guard array.shape.count == 2 else {
      throw array.error("scores of shape \(NDArray.text(array.shape)), expected queries × LLMs")
    }
    if let llms, llms.names.count != array.shape[1] {
      throw FileError(array.path, at: llms.place, "\(llms.names.count) names of \(array.shape[1]) columns")
    }
    if let ids, ids.names.count != array.shape[0] {
      throw FileError(array.path, at: ids.place, "\(ids.names.count) ids of \(array.shape[0]) rows")
    }
    path = array.path
    rowCount = array.shape[0]
    columnCount = array.shape[1]
    numbers = try array.doubles()
    self.llms = llms
    self.ids = ids
  }

  /// The names that the arrays of an archive have beside `scores`.
  static let companions = llmNames + IDFile.arrayNames

  /// The array `scores` of an archive, with `models` or `llms` and `ids` (or a name that means the same).
  init(_ archive: NPZ, named name: String) throws(FileError) {
    let llms = try Self.only(Self.llmNames, in: archive)
    let ids = try Self.only(IDFile.arrayNames, in: archive)
    self = try NamedScores(
      archive.array(named: name),
      llms: llms.map { array throws(FileError) in Names(names: try array.strings(), place: array.place) },
      ids: ids.map { array throws(FileError) in Names(names: try IDFile.ids(array), place: array.place) })
  }

  /// The array with one of these names; nil where there is none.
  private static func only(_ names: [String], in archive: NPZ) throws(FileError) -> NDArray? {
    let present = archive.names.filter { names.containsName($0) }
    guard let name = present.first else { return nil }
    guard present.count == 1 else {
      throw FileError(
        archive.path, at: .key(name), "means the same as \(present[1]), which is there too: leave one out")
    }
    return try archive.array(named: name)
  }

  /// A table: the names of LLMs in its first line, and below them a row for each query, perhaps with its id in a column
  /// `query` (or `query_id`, `id`, `item_id`) or in a first column without a name.
  ///
  /// - Throws: `FileError` naming the line of a field that is not a finite number.
  init(csv path: String) throws(FileError) {
    let reader = try CSVReader(path: path)
    let idName = IDFile.columnNames.first { reader.header.containsName($0) }
    let idColumn =
      try idName.map { name throws(FileError) in try reader.column(name) }
      ?? (reader.header.first == "" ? 0 : nil)
    let llms = reader.header.indices.filter { $0 != idColumn }.map { reader.header[$0] }
    var numbers: [Double] = []
    var ids: [String] = []
    var rowCount = 0
    try reader.forEachRow { (fields, line) throws(FileError) in
      rowCount += 1
      for (column, field) in fields.enumerated() {
        if column == idColumn {
          ids.append(field)
          continue
        }
        guard let number = Double(field), number.isFinite else {
          throw FileError(
            path, at: .line(line),
            "the score '\(FileError.excerpt(field))' of LLM '\(FileError.excerpt(reader.header[column]))' is not a "
              + "finite number")
        }
        numbers.append(number)
      }
    }
    self.path = path
    self.rowCount = rowCount
    columnCount = llms.count
    self.numbers = numbers
    self.llms = Names(names: llms, place: .line(1))
    self.ids = idColumn.map { column in
      Names(names: ids, place: reader.header[column] == "" ? .file : .key(reader.header[column]))
    }
  }
}
