import CZlib

/// Deflate streams, raw as zip archives hold them or with gzip's frame, and the checksum that goes with them.
enum Deflate {
  /// What stands around a stream, as zlib counts it.
  enum Frame: Int32 {
    /// Nothing.
    case raw = -15
    /// Gzip's head, and its checksum and length at the end, which zlib checks.
    case gzip = 31
  }

  /// The CRC-32 of bytes, continuing from that of the bytes before them.
  static func checksum(_ region: ByteRegion, after previous: UInt32 = 0) -> UInt32 {
    region.withUnsafeBytes { checksum($0, after: previous) }
  }

  /// The same for bytes in memory.
  static func checksum(_ raw: UnsafeRawBufferPointer, after previous: UInt32) -> UInt32 {
    guard let base = raw.baseAddress, raw.count > 0 else { return previous }
    return UInt32(
      truncatingIfNeeded: crc32_z(UInt(previous), base.assumingMemoryBound(to: UInt8.self), raw.count))
  }

  /// Unpacks a stream that must be exactly as long as declared, packed and unpacked.
  ///
  /// Memory is bounded by the declared size, and that by the 1,032 bytes that one byte of a stream can at
  /// most stand for.
  ///
  /// - Throws: `FileError` at `place` for a damaged stream or a wrong size.
  static func inflate(
    _ source: ByteRegion, size: Int, frame: Frame = .raw, path: String, place: FileError.Place
  ) throws(FileError) -> ByteRegion {
    let bound = source.count.multipliedReportingOverflow(by: 1032)
    guard size <= (bound.overflow ? Int.max : bound.partialValue) else {
      throw FileError(path, at: place, "\(source.count) compressed bytes can't hold the declared \(size)")
    }
    // One byte more than declared shows a stream that goes on.
    let room = try ByteRegion(count: size + 1) { target throws(FileError) in
      let produced = try source.withUnsafeBytes { raw throws(FileError) in
        try inflate(raw, frame, into: target, path: path, place: place)
      }
      guard produced == size else {
        throw FileError(
          path, at: place,
          "\(size) bytes are declared, the data has \(produced > size ? "more" : "only \(produced)")")
      }
      target[size] = 0
    }
    guard let room else { throw FileError(path, at: place, "its \(size) bytes don't fit into memory") }
    return room[0..<size]
  }

  /// Unpacks a stream that must be exactly as long as declared, packed and unpacked, and hands the bytes on in
  /// chunks of 1 MiB.
  ///
  /// - Throws: `FileError` at `place` for a damaged stream or a wrong size; what `body` throws.
  static func inflate(
    _ source: ByteRegion, size: Int, path: String, place: FileError.Place,
    _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer {
      chunk.deallocate()
      stream.deallocate()
    }
    guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(path, at: place, "can't be decompressed: zlib gets no memory")
    }
    defer { inflateEnd(stream) }
    try source.withUnsafeBytes { (raw) throws(FileError) in
      var (consumed, produced) = (0, 0)
      while true {
        let input = min(raw.count - consumed, 1 << 30)
        stream.pointee.next_in = mutable(raw.baseAddress, offset: consumed)
        stream.pointee.avail_in = UInt32(input)
        stream.pointee.next_out = mutable(UnsafeRawPointer(chunk.baseAddress), offset: 0)
        stream.pointee.avail_out = UInt32(chunk.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed += input - Int(stream.pointee.avail_in)
        let count = chunk.count - Int(stream.pointee.avail_out)
        produced += count
        guard produced <= size else {
          throw FileError(path, at: place, "\(size) bytes are declared, the data has more")
        }
        try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        if status == Z_STREAM_END { break }
        guard status == Z_OK else {
          let reason = status == Z_BUF_ERROR ? "ends too early" : "is damaged"
          throw FileError(path, at: place, "the compressed data \(reason) after \(produced) bytes")
        }
      }
      guard consumed == raw.count else {
        throw FileError(
          path, at: place, "\(raw.count - consumed) bytes follow the end of the compressed data")
      }
      guard produced == size else {
        throw FileError(path, at: place, "\(size) bytes are declared, the data has only \(produced)")
      }
    }
  }

  /// Packs pieces into one stream.
  ///
  /// - Returns: the stream, whose bytes depend on nothing but the input and the version of zlib.
  /// - Throws: `FileError` naming `path` if zlib gets no memory.
  static func deflate(_ pieces: [ByteRegion], path: String) throws(FileError) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let window = -MAX_WBITS
    guard
      deflateInit2_(
        stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw FileError(path, "can't be compressed: zlib gets no memory") }
    defer { deflateEnd(stream) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // The empty piece at the end, and only that one, finishes the stream.
    for piece in pieces.filter({ $0.count > 0 }) + [ByteRegion([])] {
      piece.withUnsafeBytes { raw in
        var consumed = 0
        repeat {
          let input = min(raw.count - consumed, 1 << 30)
          stream.pointee.next_in = mutable(raw.baseAddress, offset: consumed)
          stream.pointee.avail_in = UInt32(input)
          consumed += input
          drain(stream, flush: raw.count == 0 ? Z_FINISH : Z_NO_FLUSH, through: &chunk, into: &result)
        } while consumed < raw.count
      }
    }
    return result
  }

  private static func drain(
    _ stream: UnsafeMutablePointer<z_stream>, flush: Int32, through chunk: inout [UInt8],
    into result: inout [UInt8]
  ) {
    var remaining = 0
    repeat {
      remaining = chunk.withUnsafeMutableBufferPointer { chunk in
        stream.pointee.next_out = chunk.baseAddress
        stream.pointee.avail_out = UInt32(chunk.count)
        _ = CZlib.deflate(stream, flush)
        return Int(stream.pointee.avail_out)
      }
      result.append(contentsOf: chunk[..<(chunk.count - remaining)])
    } while remaining == 0
  }

  /// Unpacks into memory until the stream or the memory ends; returns the bytes produced.
  private static func inflate(
    _ source: UnsafeRawBufferPointer, _ frame: Frame, into target: UnsafeMutableRawBufferPointer,
    path: String,
    place: FileError.Place
  ) throws(FileError) -> Int {
    // zlib keeps the stream's address, so it can't be a local variable.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inflateInit2_(stream, frame.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      throw FileError(path, at: place, "can't be decompressed: zlib gets no memory")
    }
    defer { inflateEnd(stream) }
    var consumed = 0
    var produced = 0
    while true {
      // zlib counts in 32 bits.
      let input = min(source.count - consumed, 1 << 30)
      let output = min(target.count - produced, 1 << 30)
      stream.pointee.next_in = mutable(source.baseAddress, offset: consumed)
      stream.pointee.avail_in = UInt32(input)
      stream.pointee.next_out = mutable(target.baseAddress.map { UnsafeRawPointer($0) }, offset: produced)
      stream.pointee.avail_out = UInt32(output)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      consumed += input - Int(stream.pointee.avail_in)
      produced += output - Int(stream.pointee.avail_out)
      if status == Z_STREAM_END {
        guard consumed == source.count else {
          throw FileError(
            path, at: place, "\(source.count - consumed) bytes follow the end of the compressed data")
        }
        return produced
      }
      if produced == target.count { return produced }
      guard status == Z_OK else {
        let reason = status == Z_BUF_ERROR ? "ends too early" : "is damaged"
        throw FileError(path, at: place, "the compressed data \(reason) after \(produced) bytes")
      }
    }
  }

  /// zlib's input pointer is not `const`, though it only reads.
  private static func mutable(_ base: UnsafeRawPointer?, offset: Int) -> UnsafeMutablePointer<UInt8>? {
    base.map { UnsafeMutablePointer(mutating: ($0 + offset).assumingMemoryBound(to: UInt8.self)) }
  }
}
