/// Named tensors with a map of texts: the format that the `safetensors` package reads and writes.
public struct Safetensors: Sendable {
  /// The texts stored beside the tensors.
  public let metadata: [String: String]
  /// The names of the tensors, in the order of their data.
  public let names: [String]
  private let path: String
  private let tensors: [Name: NDArray]

  /// Maps a file; the tensors' elements stay there until they are asked for.
  ///
  /// - Throws: `FileError` for a header that is damaged, larger than 100 MB, or whose tensors don't fill the
  ///   rest of the file exactly.
  public static func open(_ path: String) throws(FileError) -> Safetensors {
    try Safetensors(ByteRegion(mapping: path), path: path)
  }

  /// Reads the bytes of a safetensors file, copying nothing.
  ///
  /// - Throws: `FileError` as for a file.
  public init(_ region: ByteRegion, path: String) throws(FileError) {
    guard region.count >= 8 else {
      throw FileError(path, at: .byte(region.count), "ends inside the length of the header")
    }
    let length = region.littleEndian(UInt64.self, at: 0)
    guard length <= SafetensorsHeader.largest else {
      throw FileError(
        path, at: .byte(0), "a header of \(length) bytes is declared, more than the format allows")
    }
    let data = 8 + Int(length)
    guard data <= region.count else {
      throw FileError(
        path, at: .byte(region.count), "ends inside the header, which is declared to have \(length) bytes")
    }
    let header = try SafetensorsHeader(
      json: region[8..<data].array, dataCount: region.count - data, path: path)
    self.path = path
    metadata = header.metadata
    names = header.entries.map(\.name)
    var tensors: [Name: NDArray] = [:]
    for entry in header.entries {
      let bytes = region[data + entry.range.lowerBound..<data + entry.range.upperBound]
      tensors[Name(entry.name)] = try NDArray(
        entry.elementType, shape: entry.shape, bytes: bytes, path: path, place: .key(entry.name))
    }
    self.tensors = tensors
  }

  /// One tensor, in place.
  ///
  /// - Throws: `FileError` listing the tensors there are if it is missing.
  public func tensor(named name: String) throws(FileError) -> NDArray {
    guard let tensor = tensors[Name(name)] else {
      let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      throw FileError(path, at: .key(name), "is missing; the file has the tensors \(shown)")
    }
    return tensor
  }

  /// Writes tensors, the widest element types first and then by name, so that all data is aligned.
  ///
  /// - Throws: `FileError` for a tensor of text or with a reserved name, or if the file can't be written;
  ///   an older one then stays.
  public static func write(
    _ tensors: [String: NDArray], metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    let parts = try parts(tensors, metadata, path)
    try AtomicFile.write(to: path) { sink throws(FileError) in
      for part in parts { try sink.write(part) }
    }
  }

  /// The bytes that `write` would write to a path.
  ///
  /// - Throws: `FileError` as `write`.
  public static func bytes(
    _ tensors: [String: NDArray], metadata: [String: String] = [:], for path: String
  ) throws(FileError) -> ByteRegion {
    var bytes: [UInt8] = []
    for part in try parts(tensors, metadata, path) { bytes += part.array }
    return ByteRegion(bytes)
  }

  /// The parts of a file, one after the other: the header, then each tensor.
  private static func parts(
    _ tensors: [String: NDArray], _ metadata: [String: String], _ path: String
  ) throws(FileError) -> [ByteRegion] {
    var entries: [SafetensorsHeader.Entry] = []
    var data: [ByteRegion] = []
    var end = 0
    let ordered = tensors.sorted {
      ($1.value.elementType.size, Name($0.key)) < ($0.value.elementType.size, Name($1.key))
    }
    for (name, tensor) in ordered {
      guard SafetensorsHeader.name(of: tensor.elementType) != nil else {
        throw FileError(path, at: .key(name), "text can't be a tensor of a safetensors file")
      }
      guard name != "__metadata__" else { throw FileError(path, at: .key(name), "is a reserved name") }
      let bytes = try tensor.bytesInCOrder()
      entries.append(
        .init(
          name: name, elementType: tensor.elementType, shape: tensor.shape, range: end..<end + bytes.count))
      data.append(bytes)
      end += bytes.count
    }
    let json = SafetensorsHeader(entries: entries, metadata: metadata).json()
    guard json.count <= SafetensorsHeader.largest else {
      throw FileError(path, "the header of \(json.count) bytes is larger than the format allows")
    }
    var head: [UInt8] = []
    head.append(littleEndian: UInt64(json.count))
    return [ByteRegion(head + json)] + data
  }
}
