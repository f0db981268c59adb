import FileFormats
import Foundation
import Models
import NumericKernels
import TestSupport
import Testing

@Suite struct EmbeddingFormatTests {
  let folder: TemporaryFolder
  let table = EmbeddingTable(
    names: ["plain", "two words", "a,b", "tab\there", "the \"best\"", "línea\nnueva \u{1F600}"],
    vectors: Matrix([
      [1, -2], [0.1, 1e-30], [.pi, -0.0], [3.4e38, 16_777_215], [0, 1 / 3], [-.leastNonzeroMagnitude, 7],
    ]),
    biases: [0, -0.5, 1e10, 0.1, -1 / 3, 2])
  let flat = ["plain", "two words", "a,b", "tab here", "the \"best\"", "línea nueva \u{1F600}"]

  init() throws { folder = try TemporaryFolder() }

  private func write(_ format: EmbeddingFormat, _ name: String) throws -> [String] {
    let paths = try format.write(table, to: folder[name], replacing: false).files
    #expect(paths.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    return paths
  }

  private func lines(_ path: String) throws -> [String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func numbers(_ fields: some Sequence<some StringProtocol>) throws -> [UInt32] {
    try fields.map { try #require(Float(String($0))).bitPattern }
  }

  private func bits(_ row: Int) -> [UInt32] { table.vectors.row(row).map(\.bitPattern) }

  @Test func npy() throws {
    let paths = try write(.npy, "x.npy")
    #expect(paths == [folder["x.npy"], folder["x.names.txt"]])
    #expect(try NPY.read(paths[0]).matrix() == table.vectors)
    #expect(try lines(paths[1]) == flat.map { $0 == "tab here" ? "tab\there" : $0 })
    #expect(try write(.npy, "bare") == [folder["bare"], folder["bare.names.txt"]])
  }

  @Test func npz() throws {
    let archive = try NPZ.open(write(.npz, "x.npz")[0])
    #expect(try archive.array(named: "names").strings() == table.names)
    #expect(try archive.array(named: "embeddings").matrix() == table.vectors)
    #expect(try archive.array(named: "biases").floats() == table.biases)
  }

  @Test func safetensors() throws {
    let file = try Safetensors.open(write(.safetensors, "x.safetensors")[0])
    let names = try #require(file.metadata["names"])
    #expect(try JSONDecoder().decode([String].self, from: Data(names.utf8)) == table.names)
    #expect(try file.tensor(named: "embeddings").matrix() == table.vectors)
    #expect(try file.tensor(named: "biases").floats() == table.biases)
  }

  @Test func csv() throws {
    let reader = try CSVReader(path: write(.csv, "x.csv")[0])
    #expect(reader.header == ["name", "bias", "factor_0", "factor_1"])
    var rows: [[String]] = []
    try reader.forEachRow { fields, _ in rows.append(fields) }
    #expect(rows.map { $0[0] } == table.names)
    #expect(try numbers(rows.map { $0[1] }) == table.biases.map(\.bitPattern))
    for (row, fields) in rows.enumerated() { #expect(try numbers(fields.dropFirst(2)) == bits(row)) }
  }

  @Test func word2vec() throws {
    let lines = try lines(write(.word2vec, "x.txt")[0])
    #expect(lines[0] == "6 2" && lines.count == 7)
    for (row, line) in lines.dropFirst().enumerated() {
      let fields = line.split(separator: " ", omittingEmptySubsequences: false)
      #expect(fields.count == 3)
      #expect(fields[0] == table.names[row].map { $0.isWhitespace ? "_" : String($0) }.joined())
      #expect(try numbers(fields.dropFirst()) == bits(row))
    }
  }

  @Test func projector() throws {
    let paths = try write(.projector, "folder")
    #expect(paths == [folder["folder/tensors.tsv"], folder["folder/metadata.tsv"]])
    for (row, line) in try lines(paths[0]).enumerated() {
      #expect(try numbers(line.split(separator: "\t")) == bits(row))
    }
    let metadata = try lines(paths[1]).map { $0.split(separator: "\t").map(String.init) }
    #expect(metadata.first == ["name", "bias"] && metadata.count == 7)
    #expect(metadata.dropFirst().map { $0[0] } == flat)
    #expect(try numbers(metadata.dropFirst().map { $0[1] }) == table.biases.map(\.bitPattern))
    // A folder that exists stays unless it may be replaced.
    #expect(throws: FileError.self) { try write(.projector, "folder") }
    #expect(try EmbeddingFormat.projector.write(table, to: folder["folder"], replacing: true).files == paths)
  }

  @Test(arguments: EmbeddingFormat.allCases) func anEmptyTable(_ format: EmbeddingFormat) throws {
    let empty = EmbeddingTable(names: [], vectors: Matrix(rows: 0, columns: 2), biases: [])
    for path in try format.write(empty, to: folder["empty"], replacing: false).files {
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func modelsGiveTheirEmbeddings() throws {
    let model = try TrainingSample.train(TrainingSample.dataset(.checkerboard())).router
    #expect(model.llmEmbeddings.names == ["llm0", "llm1", "llm2", "llm3"])
    #expect(model.llmEmbeddings.vectors == model.llmFactors)
    let queries = try model.queryEmbeddings()
    #expect(queries.names.count == 160)
    #expect(queries.names[159] == "checkerboard/159")
  }
}
