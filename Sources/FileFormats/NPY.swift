/// Numpy's file format for one array.
///
/// Reads versions 1.0 to 3.0 with little-endian numbers, bools and text; writes version 1.0.
public enum NPY {
  /// Maps a file; its elements stay there until they are asked for.
  ///
  /// - Throws: `FileError`, with the byte offset, for a file that is damaged or holds another element type.
  public static func read(_ path: String) throws(FileError) -> NDArray {
    try read(ByteRegion(mapping: path), path: path)
  }

  /// Reads an array from the bytes of an NPY file, for example a member of an archive; copies nothing.
  ///
  /// - Parameter place: where the bytes stand in the file at `path`, for messages.
  /// - Throws: `FileError` as for a whole file.
  public static func read(
    _ region: ByteRegion, path: String, place: FileError.Place = .file
  ) throws(FileError) -> NDArray {
    let header: NPYHeader
    do throws(NPYHeader.Fault) {
      header = try NPYHeader(region)
    } catch {
      throw Self.error(path, place, error.offset, error.reason)
    }
    let available = region.count - header.size
    guard let needed = NDArray.byteCount(header.elementType, shape: header.shape) else {
      throw Self.error(path, place, header.size, "array shape \(NDArray.text(header.shape)) is not possible")
    }
    guard needed <= available else {
      throw Self.error(
        path, place, region.count,
        "ends too early: shape \(NDArray.text(header.shape)) and type \(header.elementType.code) "
          + "need \(needed) bytes of elements, found \(available)")
    }
    guard needed == available else {
      throw Self.error(
        path, place, header.size + needed, "\(available - needed) bytes follow the last element")
    }
    return try NDArray(
      header.elementType, shape: header.shape, isFortranOrder: header.isFortranOrder,
      bytes: region[header.size..<region.count], path: path, place: place)
  }

  /// Writes an array in C order.
  ///
  /// - Throws: `FileError` if the file can't be written; an older one then stays.
  public static func write(_ array: NDArray, to path: String) throws(FileError) {
    let pieces = try pieces(of: array)
    try AtomicFile.write(to: path) { sink throws(FileError) in
      for piece in pieces { try sink.write(piece) }
    }
  }

  /// Writes an array whose elements come piece by piece, so that it need not fit into memory.
  ///
  /// - Parameter body: writes the elements in C order, little-endian, to the sink.
  /// - Throws: `FileError` if the file can't be written or `body` wrote another number of bytes than the
  ///   shape needs; an older file then stays.
  public static func write(
    _ elementType: ElementType, shape: [Int], to path: String,
    _ body: (FileSink) throws(FileError) -> Void
  ) throws(FileError) {
    guard let needed = NDArray.byteCount(elementType, shape: shape) else {
      throw FileError(path, "array shape \(NDArray.text(shape)) is not possible")
    }
    try AtomicFile.write(to: path) { sink throws(FileError) in
      try sink.write(NPYHeader.bytes(elementType, shape: shape))
      let start = sink.count
      try body(sink)
      guard sink.count - start == needed else {
        throw FileError(
          path,
          "\(sink.count - start) bytes of elements were given, "
            + "shape \(NDArray.text(shape)) and type \(elementType.code) need \(needed)")
      }
    }
  }

  /// The header and the elements of an array as an NPY file holds them.
  static func pieces(of array: NDArray) throws(FileError) -> [ByteRegion] {
    let header = ByteRegion(NPYHeader.bytes(array.elementType, shape: array.shape))
    return [header, try array.bytesInCOrder()]
  }
}

extension NPY {
  private static func error(
    _ path: String, _ place: FileError.Place, _ offset: Int, _ reason: String
  ) -> FileError {
    if case .file = place { return FileError(path, at: .byte(offset), reason) }
    return FileError(path, at: place, "byte \(offset) of it: \(reason)")
  }
}
