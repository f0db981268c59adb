import FileFormats

/// Embeddings in an NPZ archive: an array of query ids, perhaps one of benchmarks, and one of n × d numbers.
enum EmbeddingsArchive {
  private static let vectorNames = ["embed", "embeddings", "embedding", "vectors"]

  static func read(_ path: String) throws(FileError) -> QueryEmbeddings {
    let archive = try NPZ.open(path)
    func present(_ names: [String]) -> String? { names.first { archive.names.containsName($0) } }
    guard let idName = present(IDFile.arrayNames) else {
      throw FileError(
        path,
        "has no array of query ids, called \(IDFile.arrayNames.joined(separator: ", ")); it has "
          + archive.names.prefix(20).joined(separator: ", "))
    }
    let benchmarkName = present(["benchmark", "benchmarks"])
    let rest = archive.names.filter { $0 != idName && $0 != benchmarkName }
    guard let vectorName = present(vectorNames) ?? (rest.count == 1 ? rest[0] : nil) else {
      throw FileError(path, "has no array called \(vectorNames.joined(separator: ", "))")
    }
    let array = try archive.array(named: vectorName)
    try EmbeddingCheck.requireFinite(array)
    let ids = try archive.array(named: idName)
    let names = try IDFile.ids(ids)
    guard names.count == array.shape[0] else {
      throw ids.error("\(names.count) ids for embeddings of shape \(NDArray.text(array.shape))")
    }
    var benchmarks: [String]?
    if let benchmarkName {
      let labels = try archive.array(named: benchmarkName)
      guard labels.shape == [names.count] else {
        throw labels.error("shape \(NDArray.text(labels.shape)) for \(names.count) ids")
      }
      benchmarks = try labels.strings()
    }
    return QueryEmbeddings(
      path: path, array: array, ids: names, benchmarks: benchmarks,
      unused: UnusedParts.note(
        "arrays", rest.filter { $0 != vectorName } + archive.otherMembers,
        used: "\(idName), \(vectorName), benchmark", path: path))
  }
}
