import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Each query gets the embedding of its own id, however either file is sorted.
@Suite struct QueryEmbeddingsTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// How a file of embeddings is written.
  enum Form: String, CaseIterable {
    case csv, jsonLines, npz, npyWithText, npyWithArray
  }

  private static let ids = (0..<12).map { ["q \($0)", "\u{2126}\($0)", "\u{3A9}\($0 - 2)"][$0 % 3] }

  /// The vector that belongs to a query.
  private static func vector(_ query: Int) -> [Float] { [Float(query), Float(query * query) / 7, -1.5] }

  /// Writes the embeddings of some queries, given as places in `ids`.
  private func write(_ queries: [Int], as form: Form) throws -> EmbeddingsFile {
    let names = queries.map { Self.ids[$0] }
    let array = NDArray(floats: queries.flatMap(Self.vector), shape: [queries.count, 3])
    let path = scratch.file("e")
    switch form {
    case .csv:
      let rows = zip(names, queries).map { CSVRow.text([$0] + Self.vector($1).map { "\($0)" }) }
      _ = try scratch.write("query,d0,d1,d2\n" + rows.joined(), "e")
    case .jsonLines:
      let rows = zip(names, queries).map { "{\"query\": \"\($0)\", \"embedding\": \(Self.vector($1))}\n" }
      _ = try scratch.write(rows.joined(), "e")
    case .npz:
      try NPZ.write([("ids", NDArray(strings: names)), ("embed", array)], to: path, compressed: true)
    case .npyWithText:
      try NPY.write(array, to: path)
      return EmbeddingsFile(path: path, ids: try scratch.write(names.joined(separator: "\n") + "\n", "ids"))
    case .npyWithArray:
      try NPY.write(array, to: path)
      try NPY.write(NDArray(strings: names), to: scratch.file("ids"))
      return EmbeddingsFile(path: path, ids: scratch.file("ids"))
    }
    return EmbeddingsFile(path: path)
  }

  private func answers(_ queries: [Int]) throws -> String {
    let rows = queries.flatMap { query in ["a", "b"].map { CSVRow.text([Self.ids[query], $0, "1"]) } }
    return try scratch.write("query,llm,score\n" + rows.joined(), "answers.csv")
  }

  private func message(_ answers: String, _ embeddings: EmbeddingsFile) -> String? {
    failure { _ = try CSVImporter.load(answers, embeddings: embeddings) }?.replacingOccurrences(
      of: scratch.path + "/", with: "")
  }

  @Test(arguments: Form.allCases)
  func permutedFilesGiveEachQueryItsOwn(form: Form) throws {
    var generator = SeededGenerator(seed: 11, stream: form.rawValue)
    for _ in 0..<6 {
      var (queries, rows) = (Array(Self.ids.indices), Array(Self.ids.indices))
      generator.shuffle(&queries)
      generator.shuffle(&rows)
      let result = try CSVImporter.load(answers(queries), embeddings: write(rows, as: form))
      let benchmark = result.dataset.benchmarks[0]
      #expect(try benchmark.embeddings(encoder: "e").storage == queries.flatMap(Self.vector))
      #expect(result.notes.isEmpty)
    }
  }

  @Test(arguments: Form.allCases)
  func idsThatDoNotFitAreOneLine(form: Form) throws {
    let all = Array(Self.ids.indices)
    let answers = try answers(all)
    #expect(
      message(answers, try write(all.filter { $0 != 4 && $0 != 7 }, as: form))
        == "e: no embedding of 2 of the 12 queries of benchmark 'answers'; the first is '\(Self.ids[4])'")
    #expect(
      message(answers, try write(all + [3], as: form))
        == "e: query '\(Self.ids[3])' has two embeddings: rows 3 and 12, from 0")
    let some = try self.answers([5, 6])
    let result = try CSVImporter.load(some, embeddings: write(all, as: form))
    #expect(try result.dataset.benchmarks[0].embeddings(encoder: "e").storage == [5, 6].flatMap(Self.vector))
    #expect(
      result.notes == [
        "\(scratch.path)/e: not used: embeddings of 10 queries without an answer; the first is '\(Self.ids[0])'"
      ])
  }

  @Test func anArrayAloneNeedsItsOrderSaid() throws {
    let answers = try answers([2, 0, 1])
    try NPY.write(NDArray(floats: [7, 8, 9], shape: [3, 1]), to: scratch.file("e.npy"))
    let path = scratch.file("e.npy")
    let refusal = try #require(message(answers, EmbeddingsFile(path: path)))
    #expect(refusal.contains("--embedding-ids") && refusal.contains("--embeddings-order file"))
    let result = try CSVImporter.load(
      answers, embeddings: EmbeddingsFile(path: path, isInOrderOfAnswers: true))
    #expect(try result.dataset.benchmarks[0].embeddings(encoder: "e").storage == [7, 8, 9])
    #expect(
      message(answers, EmbeddingsFile(path: path, ids: try scratch.write("a\nb\n", "ids")))
        == "ids: 2 ids for embeddings of shape (3, 1)")
    #expect(
      message(answers, EmbeddingsFile(path: path, ids: try scratch.write("a\n\nb\n", "ids")))
        == "ids: line 2: an id is empty")
  }

  @Test func integersAreIdsToo() throws {
    let answers = try scratch.write("query,llm,score\n10,a,1\n9,a,0\n", "answers.csv")
    try NPZ.write(
      [("query", NDArray(int64: [9, 10], shape: [2])), ("x", NDArray(doubles: [1, 2], shape: [2, 1]))],
      to: scratch.file("e.npz"), compressed: false)
    let lines = try scratch.write(
      "{\"id\": 9, \"vector\": [1], \"n\": 0}\n{\"id\": 10, \"vector\": [2]}\n", "e.jsonl")
    for path in [scratch.file("e.npz"), lines] {
      let result = try CSVImporter.load(answers, embeddings: EmbeddingsFile(path: path))
      #expect(try result.dataset.benchmarks[0].embeddings(encoder: "e").storage == [2, 1])
    }
  }

  @Test func anIdInTwoBenchmarksNeedsTheBenchmark() throws {
    let answers = try scratch.write("query,llm,score,benchmark\n0,a,1,x\n0,a,0,y\n1,a,0,y\n", "answers.csv")
    let plain = try scratch.write("query,d\n0,5\n1,6\n", "e.csv")
    #expect(
      message(answers, EmbeddingsFile(path: plain))
        == "e.csv: query '0' is in benchmarks 'x' and 'y': say in a column 'benchmark' which one each embedding "
        + "is of")
    let told = try scratch.write("query,d,benchmark\n1,6,y\n0,5,y\n0,4,x\n7,1,z\n", "e.csv")
    let result = try CSVImporter.load(answers, embeddings: EmbeddingsFile(path: told))
    #expect(try result.dataset.benchmarks.map { try $0.embeddings(encoder: "e").storage } == [[4], [5, 6]])
    #expect(result.notes.count == 1)
  }

  /// Finite in double precision is not enough.
  @Test(arguments: ["1e39", "-1e39", "nan", "inf", "x", ""])
  func numbersAreFiniteInSinglePrecision(text: String) throws {
    let answers = try answers([0, 1])
    let table = try scratch.write("query,d0,d1\n\(Self.ids[0]),1,2\n\(Self.ids[1]),1,\(text)\n", "e.csv")
    let refusal = message(answers, EmbeddingsFile(path: table))
    #expect(refusal?.hasPrefix("e.csv: line 3: column d1: '\(text)' is not a finite number") == true)
    guard let value = Double(text) else { return }
    try NPZ.write(
      [
        ("ids", NDArray(strings: [Self.ids[0], Self.ids[1]])),
        ("embed", NDArray(doubles: [1, 2, 1, value], shape: [2, 2])),
      ], to: scratch.file("e.npz"), compressed: false)
    #expect(
      message(answers, EmbeddingsFile(path: scratch.file("e.npz")))?.hasPrefix("e.npz: embed: row 1: ")
        == true)
    guard value.isFinite else { return }
    let lines = Self.ids.prefix(2).map { "{\"query\": \"\($0)\", \"embedding\": [\(text)]}\n" }.joined()
    let path = try scratch.write(lines, "e.jsonl")
    #expect(message(answers, EmbeddingsFile(path: path))?.hasPrefix("e.jsonl: line 1: ") == true)
  }

  @Test func filesThatAreNoEmbeddings() throws {
    let answers = try answers([0])
    for (text, reason) in [
      ("query\n\(Self.ids[0])\n", "line 1: has no columns of numbers"), ("query,d\n", "has no rows"),
      ("{\"query\": \"a\", \"embedding\": []}\n", "line 1: an embedding of 0 numbers"),
      ("{\"query\": \"a\"}\n", "line 1: \"embedding\" is missing"),
      (
        "{\"query\": \"a\", \"embedding\": [1]}\n{\"query\": \"b\", \"embedding\": [1, 2]}\n",
        "line 2: an embedding of 2"
      ),
    ] {
      let path = try scratch.write(text, "e")
      #expect(message(answers, EmbeddingsFile(path: path))?.hasPrefix("e: \(reason)") == true, "\(text)")
    }
    let own = try scratch.write("query,d\n\(Self.ids[0]),1\n", "e.csv")
    #expect(message(answers, EmbeddingsFile(path: own, ids: own))?.contains("holds ids of its own") == true)
    #expect(
      message(answers, EmbeddingsFile(path: own, isInOrderOfAnswers: true))?.contains("holds ids of its own")
        == true)
  }
}
