import FileFormats
import Foundation
import NumericKernels
import Testing

@testable import RoutingData

/// Every kind of damage is found by `verify`, and by `open` where it could mislead.
@Suite struct DatasetDamageTests {
  let scratch: ScratchFolder
  var folder: String { scratch.file("data") }

  init() throws {
    scratch = try ScratchFolder()
    try DatasetFolder.write(SmallDataset.whole(), to: scratch.file("data"))
  }

  private func problems() throws -> [String] {
    try DatasetFolder.verify(folder).problems.map {
      $0.description.replacingOccurrences(of: scratch.path + "/", with: "")
    }
  }

  private func openFailure() -> String? {
    failure { _ = try DatasetFolder.open(folder) }?.replacingOccurrences(of: scratch.path + "/", with: "")
  }

  private func replace(_ name: String, _ write: (String) throws -> Void) throws {
    try Self.replace(name, in: folder, write)
  }

  /// Puts another file in a listed one's place and lists its hash, as another writer would.
  static func replace(_ name: String, in folder: String, _ write: (String) throws -> Void) throws {
    let path = "\(folder)/\(name)"
    try write(path)
    var manifest = try JSONFile.read(DatasetManifest.self, path: "\(folder)/dataset.json")
    let bytes = try ByteRegion(mapping: path)
    manifest.files[name] = .init(sha256: try SHA256.hexDigest(of: bytes), bytes: bytes.count)
    manifest.hash = try manifest.contentHash()
    try JSONFile.write(manifest, to: "\(folder)/dataset.json")
  }

  @Test func aSoundFolderHasNoProblems() throws {
    let result = try DatasetFolder.verify(folder)
    #expect(result.problems.isEmpty && result.fileCount == 16 && result.byteCount > 1_000)
  }

  @Test func everyMissingOrAlteredFileIsFound() throws {
    for name in try JSONFile.read(DatasetManifest.self, path: "\(folder)/dataset.json").files.keys.sorted() {
      var bytes = try scratch.bytes("data/\(name)")
      bytes[bytes.count - 1] ^= 1
      let intact = try scratch.bytes("data/\(name)")
      _ = try scratch.write(bytes, "data/\(name)")
      let altered = try problems()
      #expect(altered.contains { $0.hasPrefix("data/\(name): was altered: SHA-256") }, "\(altered)")
      _ = try scratch.write(Array(intact.dropLast()), "data/\(name)")
      let cut = try problems()
      #expect(cut.contains { $0.hasPrefix("data/\(name): was altered: \(intact.count - 1) bytes") }, "\(cut)")
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      let missing = try problems()
      #expect(missing.filter { $0 == "data/\(name): is missing" }.count == 1, "\(missing)")
      _ = try scratch.write(intact, "data/\(name)")
    }
    #expect(try problems().isEmpty)
  }

  @Test func anAdditionalFileIsFound() throws {
    _ = try scratch.write("x", "data/prompts/notes.txt")
    #expect(try problems() == ["data/prompts/notes.txt: is not listed in dataset.json"])
  }

  @Test(arguments: [
    ("splits/alpha.npy", "element 3 is 3, expected 0 to 2"),
    ("subscenarios/alpha.npy", "element 3 is 3, expected 0 to 1"),
  ])
  func codesOutOfRange(name: String, message: String) throws {
    try replace(name) { try NPY.write(NDArray(uint8: [0, 0, 1, 3, 0], shape: [5]), to: $0) }
    #expect(openFailure() == "data/\(name): \(message)")
    #expect(try problems() == ["data/\(name): \(message)"])
  }

  @Test func shapesOtherThanTheManifestSays() throws {
    try replace("responses/alpha.npy") {
      try NPY.write(NDArray(uint8: [1, 2, 3, 4], shape: [4, 1]), to: $0)
    }
    #expect(openFailure() == "data/responses/alpha.npy: shape (4, 1), dataset.json says (5, 1)")
  }

  @Test func embeddingsOfAnotherLength() throws {
    try replace("embeddings/single/alpha.npy") {
      try NPY.write(NDArray(floats: [1, 2], shape: [2, 1]), to: $0)
    }
    #expect(openFailure() == "data/embeddings/single/alpha.npy: shape (2, 1), dataset.json says (5, 1)")
  }

  @Test func anEmbeddingThatIsNotANumberIsFoundByVerify() throws {
    try replace("embeddings/single/alpha.npy") {
      try NPY.write(NDArray(floats: [1, 2, .nan, 4, 5], shape: [5, 1]), to: $0)
    }
    #expect(openFailure() == nil)
    #expect(
      try problems() == [
        "data/embeddings/single/alpha.npy: row 2: an embedding of nan, expected a finite number of "
          + "single precision"
      ])
  }

  @Test(arguments: [Float.nan, -0.5, 1.5])
  func gradesOutOfRange(value: Float) throws {
    try replace("responses/beta.npy") {
      try NPY.write(NDArray(floats: [0, 0, value, 1], shape: [2, 2]), to: $0)
    }
    let message =
      "data/responses/beta.npy: row 1, column 0: response \(value), expected a number in [0, 1]"
    #expect(openFailure() == message)
    #expect(try problems() == [message])
  }

  @Test func aPaddingBitIsFoundByVerify() throws {
    try replace("responses/alpha.npy") {
      try NPY.write(NDArray(uint8: [0xA0, 0, 0xE0, 0x50, 0x80], shape: [5, 1]), to: $0)
    }
    #expect(try problems() == ["data/responses/alpha.npy: row 3: a padding bit behind column 2 is 1"])
  }

  @Test func textsThatDoNotFit() throws {
    try replace("prompts/alpha.jsonl") { try AtomicFile.write("{\"subscenario\":\"one\"}\n", to: $0) }
    #expect(openFailure() == nil)
    #expect(try problems() == ["data/prompts/alpha.jsonl: 1 lines, the benchmark has 5 queries"])
    let benchmark = try DatasetFolder.open(folder).benchmarks[0]
    #expect(
      failure { _ = try benchmark.loadPrompts() }?.hasSuffix("1 lines, the benchmark has 5 queries") == true)
  }

  @Test(arguments: [
    ("a\nb\nc\na\n", "line 5: LLM name 'a' occurs twice"), ("a\nb\nc\n", "3 LLMs, dataset.json says 4"),
  ])
  func namesOfLLMs(rows: String, message: String) throws {
    try replace("llms.csv") { try AtomicFile.write("name\n" + rows, to: $0) }
    #expect(openFailure() == "data/llms.csv: \(message)")
  }

  @Test func columnsOutsideTheCatalogueOrTwice() throws {
    let name = "responses/alpha.llms.npy"
    try replace(name) { try NPY.write(NDArray(int32: [0, 1, 4], shape: [3]), to: $0) }
    #expect(openFailure() == "data/\(name): element 2 is 4, expected 0 to 3")
    try replace(name) { try NPY.write(NDArray(int32: [0, 1, 0], shape: [3]), to: $0) }
    #expect(openFailure() == "data/\(name): an LLM occurs twice")
  }

  @Test func poolsOfUnknownLLMs() throws {
    try replace("pools/alpha.json") {
      try JSONFile.write([PublishedPoolEntry(group: "all_weak", llms: ["a", "zz"])], to: $0)
    }
    #expect(openFailure() == "data/pools/alpha.json: pool 0: LLM 'zz' is unknown or occurs twice")
  }

  @Test func aManifestThatIsNone() throws {
    _ = try scratch.write("{", "data/dataset.json")
    #expect(openFailure() == "data/dataset.json: is not valid JSON")
    _ = try scratch.write("{\"format\": \"routerec-dataset\"}", "data/dataset.json")
    #expect(openFailure()?.hasSuffix("is missing") == true)
    #expect(
      failure { _ = try DatasetFolder.open(scratch.path) }?.contains(
        ": is not a dataset folder: it holds no dataset.json") == true)
  }

  @Test func aManifestWhoseListWasChanged() throws {
    var manifest = try JSONFile.read(DatasetManifest.self, path: "\(folder)/dataset.json")
    manifest.files["llms.csv"]?.sha256 = String(repeating: "0", count: 64)
    try JSONFile.write(manifest, to: "\(folder)/dataset.json")
    #expect(openFailure() == "data/dataset.json: hash: is not the hash of what the file says: it was altered")
    manifest.files["../../etc/passwd"] = .init(sha256: "", bytes: 0)
    try JSONFile.write(manifest, to: "\(folder)/dataset.json")
    #expect(
      openFailure()
        == "data/dataset.json: files: '../../etc/passwd' is not a path inside the dataset folder")
  }
}
