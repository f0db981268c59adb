import FileFormats
import Foundation
import NumericKernels

/// What a full check of a dataset folder found.
public struct DatasetVerification: Sendable {
  /// The hash that names the dataset.
  public let hash: String
  /// The number of files that `dataset.json` lists.
  public let fileCount: Int
  /// Their length in bytes.
  public let byteCount: Int
  /// What is wrong, one line each; empty for a sound folder.
  public let problems: [FileError]
}

extension DatasetFolder {
  /// Hashes every file of a dataset folder again and checks what the files hold.
  ///
  /// Finds missing, additional and altered files; numbers that are not finite or out of range; padding bits
  /// that are not 0; texts that don't fit the queries.
  ///
  /// - Throws: `FileError` if `dataset.json` can't be read; anything else is reported in the result.
  /// - Complexity: two passes over the files.
  public static func verify(_ path: String) throws -> DatasetVerification {
    let reader = try DatasetReader(folder: path)
    let files = reader.manifest.files
    var problems: [FileError] = []
    for (name, entry) in files.sorted(by: { Name($0.key) < Name($1.key) }) {
      note(&problems) { () throws(FileError) in try check("\(path)/\(name)", entry) }
    }
    for name in additionalFiles(in: path, listed: files) {
      problems.append(FileError("\(path)/\(name)", "is not listed in \(DatasetManifest.fileName)"))
    }
    do {
      let dataset = try reader.read()
      for entry in reader.manifest.benchmarks {
        try checkContents(of: dataset.benchmark(named: entry.name), entry, reader, &problems)
      }
      for (_, array) in dataset.truth.sorted(by: { Name($0.key) < Name($1.key) }) {
        note(&problems) { () throws(FileError) in
          guard try array.floats().allSatisfy(\.isFinite) else {
            throw array.error("holds a value that is not finite")
          }
        }
      }
    } catch let error as FileError {
      // A file that is missing or altered was reported already.
      if !problems.contains(where: { $0.path == error.path }) { problems.append(error) }
    }
    // What the manifest says may be any number; the files that were checked have these lengths.
    let byteCount = files.values.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue }
    return DatasetVerification(
      hash: reader.manifest.hash, fileCount: files.count,
      byteCount: byteCount, problems: problems)
  }

  private static func note(_ problems: inout [FileError], _ body: () throws(FileError) -> Void) {
    do throws(FileError) { try body() } catch { problems.append(error) }
  }

  private static func check(_ path: String, _ entry: DatasetManifest.FileEntry) throws(FileError) {
    guard FileManager.default.fileExists(atPath: path) else { throw FileError(path, "is missing") }
    let bytes = try ByteRegion(mapping: path)
    guard bytes.count == entry.bytes else {
      throw FileError(
        path, "was altered: \(bytes.count) bytes, \(DatasetManifest.fileName) says \(entry.bytes)")
    }
    let hash = try SHA256.hexDigest(of: bytes, path: path)
    guard hash == entry.sha256 else {
      throw FileError(path, "was altered: SHA-256 \(hash), \(DatasetManifest.fileName) says \(entry.sha256)")
    }
  }

  /// Throws where a folder holds a file that is no part of the dataset and would be lost when it is written anew.
  ///
  /// Hidden files are passed over: systems leave them everywhere.
  ///
  /// - Throws: `FileError` naming the file, or for a folder that is no dataset.
  public static func requireNothingElse(_ path: String) throws(FileError) {
    let manifest = try DatasetManifest.read(folder: path)
    let others = additionalFiles(in: path, listed: manifest.files)
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
    guard let first = others.first else { return }
    throw FileError(
      "\(path)/\(first)",
      "is no part of the dataset and would be lost\(others.count > 1 ? ", like \(others.count - 1) more" : ""): move it "
        + "elsewhere first")
  }

  private static func additionalFiles(
    in path: String, listed: [String: DatasetManifest.FileEntry]
  ) -> [String] {
    let files = FileManager.default
    let found = files.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return found.filter { name in
      let kind = try? files.attributesOfItem(atPath: "\(path)/\(name)")[.type] as? FileAttributeType
      return kind != .typeDirectory && name != DatasetManifest.fileName && listed[name] == nil
    }.sortedAsNames()
  }

  private static func checkContents(
    of benchmark: Benchmark, _ entry: DatasetManifest.BenchmarkEntry, _ reader: DatasetReader,
    _ problems: inout [FileError]
  ) {
    for (_, array) in benchmark.queries.embeddings.sorted(by: { Name($0.key) < Name($1.key) }) {
      note(&problems) { () throws(FileError) in try EmbeddingCheck.requireFinite(array) }
    }
    var packed = entry.kind == .bits ? [DatasetPaths.responses(entry.name)] : []
    if entry.masked { packed.append(DatasetPaths.observed(entry.name)) }
    for name in packed {
      note(&problems) { () throws(FileError) in
        try requireZeroPadding(NPY.read(reader.path(of: name)), columns: entry.llms)
      }
    }
    if case .file(let path) = benchmark.prompts {
      note(&problems) { () throws(FileError) in
        try benchmark.forEachTextLine(of: path) { (_, _, _) throws(FileError) in }
      }
    }
  }

  /// Throws if a bit behind the last column is set, which numpy never writes.
  private static func requireZeroPadding(_ array: NDArray, columns: Int) throws(FileError) {
    let padding = UInt8(truncatingIfNeeded: 0xFF >> (columns % 8))
    guard columns % 8 != 0, array.shape.count == 2 else { return }
    let width = array.shape[1]
    for row in 0..<array.shape[0] where array.bytes[(row + 1) * width - 1] & padding != 0 {
      throw array.error("row \(row): a padding bit behind column \(columns - 1) is 1")
    }
  }
}
