/// Numpy's archive of named arrays: a zip file of NPY files.
public struct NPZ: Sendable {
  private let archive: ZipArchive
  private let members: [String: ZipArchive.Member]
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  /// Maps an archive and reads its directory, but no array.
  ///
  /// - Throws: `FileError` for a damaged archive.
  public static func open(_ path: String) throws(FileError) -> NPZ { NPZ(try ZipArchive(path)) }

  /// The arrays of an archive that is open already; members that are not NPY files are left out.
  public init(_ archive: ZipArchive) {
    self.archive = archive
    let arrays = archive.members.filter { $0.name.hasSuffix(".npy") }
    names = arrays.map { String($0.name.dropLast(4)) }
    members = Dictionary(arrays.map { (String($0.name.dropLast(4)), $0) }) { first, _ in first }
  }

  /// Reads one array: in place if it is stored, unpacked into memory if it is compressed.
  ///
  /// Costs a pass over its bytes for the checksum; nothing is kept, so ask once.
  ///
  /// - Throws: `FileError` naming the array, and those that there are if it is missing.
  public func array(named name: String) throws(FileError) -> NDArray {
    guard let member = members[name] else {
      let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      throw FileError(
        archive.path, at: .key(name),
        names.isEmpty
          ? "is missing; the archive has no arrays" : "is missing; the archive has the arrays \(shown)")
    }
    return try NPY.read(archive.contents(of: member), path: archive.path, place: .key(name))
  }

  /// Writes an archive; the same arrays give the same bytes, whenever and wherever.
  ///
  /// A compressed array is packed in memory, so that takes its packed size on top.
  ///
  /// - Throws: `FileError` for a repeated name or if the file can't be written; an older one then stays.
  public static func write(
    _ arrays: [(name: String, array: NDArray)], to path: String, compressed: Bool
  ) throws(FileError) {
    var seen: Set<String> = []
    for (name, _) in arrays where !seen.insert(name).inserted {
      throw FileError(path, at: .key(name), "two arrays have this name")
    }
    try AtomicFile.write(to: path) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: path)
      for (name, array) in arrays {
        try writer.add("\(name).npy", NPY.pieces(of: array), isCompressed: compressed)
      }
      try writer.finish()
    }
  }
}
