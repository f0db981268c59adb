import Testing

@testable import FileFormats

/// The goldens were written by numpy 2.4.6 with `numpy.lib.format.write_array`.
@Suite struct NPYTests {
  static let float32Golden =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAIBA"
  static let fortranGolden =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAhA"
    + "AAAAAAAA8D8AAAAAAAAQQAAAAAAAAABAAAAAAAAAFEA="
  static let textGolden =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPFUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwgfSAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAOkAAAAAAAAA"
    + "AAAAAAAAAABC9gEAeAAAAA=="
  static let version3Golden =
    "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHAA=="

  private func read(_ bytes: [UInt8]) throws(FileError) -> NDArray {
    try NPY.read(ByteRegion(bytes), path: "a.npy")
  }

  private func file(_ header: String, _ elements: [UInt8] = []) -> [UInt8] {
    let count = UInt8(truncatingIfNeeded: header.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, count, 0] + Array(header.utf8) + elements
  }

  @Test func readsWhatNumpyWrote() throws {
    let plain = try read(SampleArrays.bytes(base64: Self.float32Golden))
    #expect(plain.elementType == .float32)
    #expect(try plain.matrix().storage == [1.5, -2, 3, 4])
    let fortran = try read(SampleArrays.bytes(base64: Self.fortranGolden))
    #expect(fortran.isFortranOrder)
    #expect(try fortran.doubles() == [0, 1, 2, 3, 4, 5])
    #expect(try read(SampleArrays.bytes(base64: Self.textGolden)).strings() == ["ab", "é", "", "🙂x"])
    var version = try SampleArrays.bytes(base64: Self.version3Golden)
    #expect(try read(version).integers() == [7])
    version[6] = 2
    #expect(try read(version).integers() == [7])
  }

  @Test func writesTheBytesThatNumpyWrites() throws {
    let folder = try ScratchFolder()
    try NPY.write(NDArray(floats: [1.5, -2, 3, 4], shape: [2, 2]), to: folder["a.npy"])
    #expect(try folder.bytes("a.npy") == SampleArrays.bytes(base64: Self.float32Golden))
    try NPY.write(NDArray(strings: ["ab", "é", "", "🙂x"]), to: folder["t.npy"])
    #expect(try folder.bytes("t.npy") == SampleArrays.bytes(base64: Self.textGolden))
  }

  @Test(arguments: SampleArrays.numericTypes + [.unicode(length: 3)])
  func roundTrips(type: ElementType) throws {
    let folder = try ScratchFolder()
    for (seed, shape) in [[], [0], [5], [4, 3], [2, 3, 4], [3, 0, 2]].enumerated() {
      for isFortranOrder in [false, true] {
        let array = try SampleArrays.array(
          type, shape: shape, isFortranOrder: isFortranOrder, seed: UInt64(seed))
        try NPY.write(array, to: folder["a.npy"])
        let back = try NPY.read(folder["a.npy"])
        #expect(back.elementType == type)
        #expect(back.shape == shape)
        #expect(try back.bytes.array == array.bytesInCOrder().array)
        #expect(try (ByteRegion(mapping: folder["a.npy"]).count - back.bytes.count) % 64 == 0)
      }
    }
  }

  @Test func writesElementsThatComeInPieces() throws {
    let folder = try ScratchFolder()
    try NPY.write(.uint8, shape: [2, 3], to: folder["a.npy"]) { sink throws(FileError) in
      try sink.write([1, 2, 3])
      try sink.write([4, 5, 6])
    }
    #expect(try NPY.read(folder["a.npy"]).integers() == [1, 2, 3, 4, 5, 6])
    #expect(throws: FileError.self) {
      try NPY.write(.uint8, shape: [2], to: folder["b.npy"]) { sink throws(FileError) in try sink.write([1]) }
    }
    #expect(try folder.names == ["a.npy"])
  }

  @Test(arguments: [
    ("'>f4'", "is big-endian, which is not read here; save it as '<f4'", 20),
    ("'|S3'", "is bytes, which are not read here; save text, with .astype(str)", 20),
    ("'|O'", "is Python objects, which are not read here; save numbers or text", 20),
    ("[('a', '<i4')]", "structured elements are not read here; save each field as an array of its own", 20),
    ("'<c8'", "is not read here", 20),
    ("'|f4'", "is not read here", 20),
    ("'<U0'", "is not read here", 20),
    ("'<U99999999999999999999'", "is not read here", 20),
  ])
  func otherElementTypesAreRefusedByName(descriptor: String, reason: String, offset: Int) {
    let header = "{'descr': \(descriptor), 'fortran_order': False, 'shape': (1,), }\n"
    let name = descriptor.hasPrefix("[") ? "" : "type \(descriptor) "
    #expect(throws: FileError("a.npy", at: .byte(offset), name + reason)) {
      try read(file(header, [0, 0, 0, 0]))
    }
  }

  @Test(arguments: [
    "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }",
    "{'descr': '<f4', 'fortran_order': false, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9223372036854775807)}",
  ])
  func otherHeadersAreRefused(header: String) {
    #expect(throws: FileError.self) { try read(file(header, [0, 0, 0, 0])) }
  }

  @Test func lengthsThatDisagreeNameTheByte() throws {
    let golden = try SampleArrays.bytes(base64: Self.float32Golden)
    #expect(
      throws: FileError(
        "a.npy", at: .byte(143),
        "ends too early: shape (2, 2) and type f4 need 16 bytes of elements, found 15")
    ) { try read(golden.dropLast()) }
    #expect(throws: FileError("a.npy", at: .byte(144), "1 bytes follow the last element")) {
      try read(golden + [0])
    }
  }

  @Test func damageNeverCrashes() throws {
    for base64 in [Self.float32Golden, Self.fortranGolden, Self.textGolden, Self.version3Golden] {
      let golden = try SampleArrays.bytes(base64: base64)
      for length in golden.indices {
        #expect(throws: FileError.self) { try read(Array(golden[..<length])) }
      }
      for bytes in SampleArrays.damaged(golden, flipping: 0..<golden.count) {
        guard let array = try? read(bytes) else { continue }
        _ = try? array.floats()
        _ = try? array.strings()
      }
    }
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    let folder = try ScratchFolder()
    #expect(throws: FileError(folder["no.npy"], "can't be opened: No such file or directory")) {
      try NPY.read(folder["no.npy"])
    }
    #expect(throws: FileError(folder.path, "is a folder, expected a file")) { try NPY.read(folder.path) }
  }
}
