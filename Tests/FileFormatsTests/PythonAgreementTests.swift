import Foundation
import Testing

@testable import FileFormats

/// A Python with numpy and safetensors, named by `ROUTEREC_TEST_PYTHON`.
private let python = ProcessInfo.processInfo.environment["ROUTEREC_TEST_PYTHON"]

/// Files that numpy and the safetensors package wrote are read here, and the other way round.
@Suite(.enabled(if: python != nil, "ROUTEREC_TEST_PYTHON names no Python with numpy and safetensors"))
struct PythonAgreementTests {
  private static let types = SampleArrays.numericTypes + [.unicode(length: 6)]

  /// Runs a program with the modules imported and `folder` set; its standard output.
  private func run(_ program: String, in folder: ScratchFolder) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    let imports =
      "import numpy as np, sys, hashlib\nfrom safetensors import numpy as st, safe_open\nfolder = sys.argv[1]\n"
    process.arguments = ["-c", imports + program, folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  private func samples() throws -> [(name: String, array: NDArray)] {
    try Self.types.enumerated().map { index, type in
      let shape = [[7, 5], [11], [2, 3, 4], []][index % 4]
      let array = try SampleArrays.array(
        type, shape: shape, isFortranOrder: index % 3 == 0, seed: UInt64(index))
      return ("a\(index)", array)
    }
  }

  /// The line that describes an array: name, type, shape, hash of its elements in C order.
  private func line(_ name: String, _ array: NDArray) throws -> String {
    let digest = try SHA256.hexDigest(of: array.bytesInCOrder())
    return "\(name) \(array.elementType.code) \(NDArray.text(array.shape)) \(digest)\n"
  }

  private static let describe = """
    def describe(name, a):
      code = a.dtype.str[1:]
      print(name, code, a.shape, hashlib.sha256(a.tobytes('C')).hexdigest())

    """

  @Test func numpyReadsNPY() throws {
    let folder = try ScratchFolder()
    let samples = try samples()
    for (name, array) in samples { try NPY.write(array, to: folder["\(name).npy"]) }
    let program =
      Self.describe + "for i in range(\(samples.count)): describe(f'a{i}', np.load(f'{folder}/a{i}.npy'))"
    #expect(try run(program, in: folder) == samples.map { try line($0.name, $0.array) }.joined())
  }

  @Test(arguments: [false, true])
  func numpyReadsNPZ(compressed: Bool) throws {
    let folder = try ScratchFolder()
    let samples = try samples()
    try NPZ.write(samples, to: folder["a.npz"], compressed: compressed)
    let program = Self.describe + "z = np.load(f'{folder}/a.npz')\nfor n in z.files: describe(n, z[n])"
    #expect(try run(program, in: folder) == samples.map { try line($0.name, $0.array) }.joined())
  }

  @Test func pythonReadsAWideArchive() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write(to: folder["a.zip"]) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: "a.zip", wideFrom: 0)
      try writer.add("x", [ByteRegion([0x68, 0x69])], isCompressed: false)
      try writer.add("y", [ByteRegion([0x68, 0x6F])], isCompressed: true)
      try writer.finish()
    }
    let program = """
      import zipfile
      z = zipfile.ZipFile(f'{folder}/a.zip')
      print(z.testzip(), z.read('x'), z.read('y'))
      """
    #expect(try run(program, in: folder) == "None b'hi' b'ho'\n")
  }

  @Test func thePackageReadsSafetensors() throws {
    let folder = try ScratchFolder()
    let samples = try samples().dropLast()
    try Safetensors.write(
      Dictionary(uniqueKeysWithValues: samples.map { ($0.name, $0.array) }), metadata: ["é\n": "\"/\\"],
      to: folder["a"])
    let program =
      Self.describe + """
        f = safe_open(f'{folder}/a', 'np')
        for i in range(\(samples.count)): describe(f'a{i}', f.get_tensor(f'a{i}'))
        print(f.metadata())
        """
    let expected = try samples.map { try line($0.name, $0.array) }.joined() + #"{'é\n': '"/\\'}"# + "\n"
    #expect(try run(program, in: folder) == expected)
  }

  @Test func readsWhatPythonWrites() throws {
    let folder = try ScratchFolder()
    let program =
      Self.describe + """
        r = np.random.default_rng(1)
        arrays = {}
        for i, t in enumerate('f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8'.split()):
          arrays[t] = r.integers(0, 100, size=[(3, 4), (5,), (2, 3, 4), ()][i % 4]).astype(t)
        arrays['b1'] = r.random((6, 7)) < 0.5
        for n, a in arrays.items():
          np.save(f'{folder}/{n}.npy', np.array(a, order='F'))
        np.savez(f'{folder}/plain.npz', **arrays)
        np.savez_compressed(f'{folder}/packed.npz', **arrays)
        st.save_file({n: a.copy('C') for n, a in arrays.items()}, f'{folder}/a.safetensors')
        for n, a in arrays.items(): describe(n, a)
        """
    let expected = try run(program, in: folder)
    let names = SampleArrays.numericTypes.map(\.code)
    let plain = try NPZ.open(folder["plain.npz"])
    let packed = try NPZ.open(folder["packed.npz"])
    let tensors = try Safetensors.open(folder["a.safetensors"])
    #expect(try names.map { try line($0, NPY.read(folder["\($0).npy"])) }.joined() == expected)
    #expect(try names.map { try line($0, plain.array(named: $0)) }.joined() == expected)
    #expect(try names.map { try line($0, packed.array(named: $0)) }.joined() == expected)
    #expect(try names.map { try line($0, tensors.tensor(named: $0)) }.joined() == expected)
  }
}
