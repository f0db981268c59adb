import Testing

@testable import FileFormats

@Suite struct SafetensorsTests {
  /// safetensors 0.8.0: `save({'w': [[1, 2]] float32, 'b': [True, False]}, metadata={'k': 'v "q"'})`.
  static let golden =
    "kAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJrIjoidiBcInFcIiJ9LCJ3Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDJd"
    + "LCJkYXRhX29mZnNldHMiOlswLDhdfSwiYiI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls4"
    + "LDEwXX19ICAAAIA/AAAAQAEA"

  private func read(_ bytes: [UInt8]) throws(FileError) -> Safetensors {
    try Safetensors(ByteRegion(bytes), path: "a.safetensors")
  }

  private func file(_ header: String, dataCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.utf8.count))
    return bytes + Array(header.utf8) + [UInt8](repeating: 0, count: dataCount)
  }

  @Test func readsAndWritesWhatThePackageWrote() throws {
    let golden = try SampleArrays.bytes(base64: Self.golden)
    let file = try read(golden)
    #expect(file.names == ["w", "b"])
    #expect(file.metadata == ["k": "v \"q\""])
    #expect(try file.tensor(named: "w").matrix().storage == [1, 2])
    #expect(try file.tensor(named: "b").doubles() == [1, 0])
    let folder = try ScratchFolder()
    try Safetensors.write(
      ["b": NDArray(bools: [true, false], shape: [2]), "w": NDArray(floats: [1, 2], shape: [1, 2])],
      metadata: ["k": "v \"q\""], to: folder["a"])
    #expect(try folder.bytes("a") == golden)
  }

  @Test func roundTrips() throws {
    let folder = try ScratchFolder()
    var tensors: [String: NDArray] = [:]
    for (index, type) in SampleArrays.numericTypes.enumerated() {
      tensors["té \"\\\n/\(index)"] = try SampleArrays.array(
        type, shape: [[], [3, 5], [0, 2]][index % 3], isFortranOrder: index % 2 == 0, seed: UInt64(index))
    }
    let metadata = ["\u{1}": "tab\tend", "z": "", "é": "/"]
    try Safetensors.write(tensors, metadata: metadata, to: folder["a"])
    try Safetensors.write(tensors, metadata: metadata, to: folder["b"])
    #expect(try folder.bytes("a") == folder.bytes("b"))
    let back = try Safetensors.open(folder["a"])
    #expect(back.metadata == metadata)
    #expect(Set(back.names) == Set(tensors.keys))
    for (name, tensor) in tensors {
      let read = try back.tensor(named: name)
      #expect(read.elementType == tensor.elementType)
      #expect(read.shape == tensor.shape)
      #expect(try read.bytes.array == tensor.bytesInCOrder().array)
    }
    try Safetensors.write([:], to: folder["none"])
    #expect(try Safetensors.open(folder["none"]).names == [])
  }

  @Test func errorsNameTheTensor() throws {
    let file = try read(SampleArrays.bytes(base64: Self.golden))
    #expect(throws: FileError("a.safetensors", at: .key("v"), "is missing; the file has the tensors w, b")) {
      try file.tensor(named: "v")
    }
    let folder = try ScratchFolder()
    #expect(throws: FileError(folder["a"], at: .key("t"), "text can't be a tensor of a safetensors file")) {
      try Safetensors.write(["t": NDArray(strings: ["x"])], to: folder["a"])
    }
    #expect(throws: FileError("a.safetensors", at: .key("x"), "type BF16 is not read here")) {
      try read(self.file(#"{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, dataCount: 2))
    }
  }

  @Test(arguments: [
    #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
    #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"y":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
    #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
    #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[3,0]}}"#,
    #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0]}}"#,
    #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}"#,
    #"{"x":{"dtype":"U8","shape":[-3],"data_offsets":[0,3]}}"#,
    #"{"x":{"dtype":"F64","shape":[9223372036854775807,2],"data_offsets":[0,3]}}"#,
    #"{"x":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,3]}}"#,
    #"{"x":{"dtype":"U8","shape":"3","data_offsets":[0,3]}}"#,
    #"{"x":{"dtype":"U8","shape":[true],"data_offsets":[0,1]}}"#,
    #"{"__metadata__":{"a":1}}"#, #"{"x":null}"#, #"[]"#, #""#, #"{"#, #"{}"#,
  ])
  func otherHeadersAreRefused(header: String) {
    #expect(throws: FileError.self) { try read(file(header, dataCount: 3)) }
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(throws: FileError.self) { try read(file("{\"x\":" + deep, dataCount: 0)) }
  }

  @Test func damageNeverCrashes() throws {
    let golden = try SampleArrays.bytes(base64: Self.golden)
    for length in golden.indices {
      #expect(throws: FileError.self) { try read(Array(golden[..<length])) }
    }
    for bytes in SampleArrays.damaged(golden, flipping: 0..<golden.count) {
      guard let file = try? read(bytes) else { continue }
      for name in file.names { _ = try? file.tensor(named: name).floats() }
    }
    var long = golden
    long.replaceSubrange(0..<8, with: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: FileError.self) { try read(long) }
  }
}
