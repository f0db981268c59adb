import Testing

@testable import FileFormats

@Suite struct NPZTests {
  /// numpy 2.4.6: `savez_compressed(b, a=np.arange(3, dtype='u1'), names=np.array(['x', 'yz']))`.
  static let golden =
    "UEsDBC0AAAAIAAAAIQBI6mbs//////////8FABQAYS5ucHkBABAAgwAAAAAAAABHAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxc"
    + "pG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GRiYAUEsDBC0AAAAIAAAAIQBYQvGh"
    + "//////////8JABQAbmFtZXMubnB5AQAQAJAAAAAAAAAATQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuE2qkrqOgnpZf"
    + "VFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFACuCgYIqATiKiAGAFBLAQItAy0AAAAIAAAAIQBI6mbsRwAAAIMA"
    + "AAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQItAy0AAAAIAAAAIQBYQvGhTQAAAJAAAAAJAAAAAAAAAAAAAACAAX4AAABu"
    + "YW1lcy5ucHlQSwUGAAAAAAIAAgBqAAAABgEAAAAA"

  private func open(_ bytes: [UInt8]) throws(FileError) -> NPZ {
    NPZ(try ZipArchive(ByteRegion(bytes), path: "a.npz"))
  }

  @Test func readsWhatNumpyWrote() throws {
    let npz = try open(SampleArrays.bytes(base64: Self.golden))
    #expect(npz.names == ["a", "names"])
    #expect(try npz.array(named: "a").integers() == [0, 1, 2])
    #expect(try npz.array(named: "names").strings() == ["x", "yz"])
  }

  @Test func missingArraysAreAnsweredWithThoseThereAre() throws {
    let npz = try open(SampleArrays.bytes(base64: Self.golden))
    #expect(throws: FileError("a.npz", at: .key("b"), "is missing; the archive has the arrays a, names")) {
      try npz.array(named: "b")
    }
  }

  @Test(arguments: [false, true])
  func roundTrips(compressed: Bool) throws {
    let folder = try ScratchFolder()
    let types = SampleArrays.numericTypes + [.unicode(length: 4)]
    var arrays: [(name: String, array: NDArray)] = []
    for (index, type) in types.enumerated() {
      let array = try SampleArrays.array(
        type, shape: [9, 50], isFortranOrder: index % 2 == 1, seed: UInt64(index))
      arrays.append(("array-\(index)", array))
    }
    arrays.append(("none", NDArray(floats: [], shape: [0, 3])))
    try NPZ.write(arrays, to: folder["a.npz"], compressed: compressed)
    try NPZ.write(arrays, to: folder["b.npz"], compressed: compressed)
    #expect(try folder.bytes("a.npz") == folder.bytes("b.npz"))
    let npz = try NPZ.open(folder["a.npz"])
    #expect(npz.names == arrays.map(\.name))
    for (name, array) in arrays {
      let back = try npz.array(named: name)
      #expect(back.elementType == array.elementType)
      #expect(back.shape == array.shape)
      #expect(try back.bytes.array == array.bytesInCOrder().array)
      #expect(back.place == .key(name))
    }
  }

  @Test func repeatedNamesAreNotWritten() throws {
    let folder = try ScratchFolder()
    let array = NDArray(floats: [1], shape: [1])
    #expect(throws: FileError(folder["a.npz"], at: .key("x"), "two arrays have this name")) {
      try NPZ.write([("x", array), ("x", array)], to: folder["a.npz"], compressed: false)
    }
    #expect(try folder.names == [])
  }

  @Test func damageNeverCrashes() throws {
    let golden = try SampleArrays.bytes(base64: Self.golden)
    for length in golden.indices {
      #expect(throws: FileError.self) { try open(Array(golden[..<length])) }
    }
    for bytes in SampleArrays.damaged(golden, flipping: 0..<golden.count) {
      guard let npz = try? open(bytes) else { continue }
      for name in npz.names { _ = try? npz.array(named: name).strings() }
    }
  }

  /// Zeros pack to a thousandth: 100 MB of them in an archive of 100 KB.
  @Test func anArrayOutOfProportionToTheArchiveIsRefused() throws {
    let folder = try ScratchFolder()
    let zeros = NDArray(uint8: [UInt8](repeating: 0, count: 100_000_000), shape: [100_000_000])
    try NPZ.write([("a", zeros)], to: folder["bomb.npz"], compressed: true)
    let error = #expect(throws: FileError.self) { try NPZ.open(folder["bomb.npz"]).array(named: "a") }
    #expect(error?.place == .key("a") && error?.reason.contains("save the array uncompressed") == true)
    try NPZ.write([("a", zeros)], to: folder["plain.npz"], compressed: false)
    #expect(try NPZ.open(folder["plain.npz"]).array(named: "a").count == 100_000_000)
  }
}
