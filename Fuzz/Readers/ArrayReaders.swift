import NumericKernels

@testable import FileFormats

/// Arrays and their archives.
extension Reader {
  static let arrays = [
    Reader("npy") { input, _ in try use(NPY.read(ByteRegion(input), path: "x.npy")) },
    Reader("npz") { input, _ in
      let archive = NPZ(try ZipArchive(ByteRegion(input), path: "x.npz"))
      for name in archive.names { try passing { try use(archive.array(named: name)) } }
    },
    Reader("zip") { input, scratch in
      let archive = try ZipArchive(ByteRegion(input), path: "x.zip")
      for member in archive.members { try passing { _ = try archive.contents(of: member) } }
      try ZipExtraction.check(scratch.file("x.zip", input))
    },
    Reader("deflate") { input, _ in try inflate(input) },
    Reader("safetensors") { input, _ in
      let file = try Safetensors(ByteRegion(input), path: "x.safetensors")
      for name in file.names { try use(file.tensor(named: name)) }
    },
  ]

  /// Converts an array in every way that there is; text and numbers refuse each other.
  static func use(_ array: NDArray) throws {
    try passing { _ = try array.floats() }
    try passing { _ = try array.doubles() }
    try passing { _ = try array.integers() }
    try passing { _ = try array.strings() }
    try passing { _ = try array.matrix() }
    guard array.shape.count == 2, array.shape[1] > 0 else { return }
    var buffer: [Float] = []
    for rows in Parallel.blocks(of: array.shape[0], size: 7) {
      try passing { try array.readRows(rows, into: &buffer) }
    }
  }

  /// Goes on behind a refusal, so that the next part is reached.
  static func passing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FileError {
      try Violation.unless(!error.description.isEmpty, "an error without words")
    }
  }

  /// The size that is declared comes first, in three bytes; both ways to unpack must agree.
  private static func inflate(_ input: [UInt8]) throws {
    guard input.count >= 3 else { return }
    let size = Int(input[0]) | Int(input[1]) << 8 | Int(input[2]) << 16
    let source = ByteRegion(Array(input.dropFirst(3)))
    var whole: [UInt8]?
    try passing {
      whole = try Deflate.inflate(source, size: size, path: "x", place: .file).array
    }
    var pieces: [UInt8]? = []
    do throws(FileError) {
      try Deflate.inflate(source, size: size, path: "x", place: .file) { chunk in
        pieces?.append(contentsOf: chunk)
      }
    } catch {
      pieces = nil
    }
    try Violation.unless(whole == pieces, "unpacked at once and in pieces differ")
    guard let whole else { return }
    let packed = ByteRegion(try Deflate.deflate([ByteRegion(whole)], path: "x"))
    let again = try Deflate.inflate(packed, size: size, path: "x", place: .file)
    try Violation.unless(again.array == whole, "packed and unpacked differ")
  }
}
