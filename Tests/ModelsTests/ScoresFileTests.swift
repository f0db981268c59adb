import FileFormats
import Foundation
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct ScoresFileTests {
  let folder: TemporaryFolder
  let table: TableBenchmark
  let pool = CandidatePool(group: .allStrong, llms: [2, 0])

  init() throws {
    folder = try TemporaryFolder()
    // Test queries are 1, 3 and 4.
    table = try TableBenchmark(
      Array(repeating: [1, 1, 1], count: 5), parts: [.train, .test, .train, .test, .test])
  }

  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  func router(
    _ path: String, pool: CandidatePool? = nil, meaning: ScoresFileRouter.Meaning = .scores
  ) throws -> ScoresFileRouter {
    try ScoresFile(path: path).router(
      for: table.benchmark, llmNames: table.llmNames, pool: pool ?? self.pool, meaning: meaning)
  }

  func csv(_ text: String) throws -> String {
    try text.write(toFile: path("mine.csv"), atomically: true, encoding: .utf8)
    return path("mine.csv")
  }

  func npy(_ array: NDArray) throws -> String {
    try NPY.write(array, to: path("mine.npy"))
    return path("mine.npy")
  }

  func expect(_ reason: String, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("no error, expected: \(reason)")
    } catch {
      let description = "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
      #expect(description == reason)
    }
  }

  @Test func allFormatsSayTheSame() throws {
    let matrix = Matrix([[1, 2], [3, 4], [5, 6]])
    var paths = [try npy(NDArray(doubles: [1, 2, 3, 4, 5, 6], shape: [3, 2]))]
    try NPY.write(NDArray(matrix: matrix), to: path("f4.npy"))
    try NPY.write(NDArray(int64: [1, 2, 3, 4, 5, 6], shape: [3, 2]), to: path("i8.npy"))
    try NPZ.write([("scores", NDArray(matrix: matrix))], to: path("one.npz"), compressed: true)
    let other = NDArray(matrix: Matrix(rows: 3, columns: 2, repeating: 9))
    try NPZ.write(
      [("table/2/all_weak", other), ("table/2/all_strong", NDArray(matrix: matrix)), ("scores", other)],
      to: path("many.npz"), compressed: false)
    paths += ["f4.npy", "i8.npy", "one.npz", "many.npz"].map(path)
    paths.append(try csv("llm0,llm2\n2,1\n4,3\n6,5e0\n"))
    for path in paths {
      let router = try router(path)
      let scores = try router.scores(for: table.batch(), among: Candidates(["llm2", "llm0"]))
      #expect(scores.values == matrix && scores.probabilities == nil, "\(path)")
      #expect(
        try router.scores(for: table.batch(queries: [4, 1]), among: Candidates(["llm0", "llm2"])).values
          == Matrix([[6, 5], [2, 1]]))
      #expect(
        try ScoresFile(path: path).isForOnePool == !(path.hasSuffix("many.npz") || path.hasSuffix(".csv")))
    }
    #expect(try router(paths[0]).name == "mine")
  }

  @Test func logitsAreRectified() throws {
    let path = try npy(NDArray(floats: [3, 1, -1, 2, -1, -2], shape: [3, 2]))
    let router = try router(path, meaning: .logits)
    #expect(router.name == "mlc")
    let candidates = Candidates(["llm2", "llm0"])
    let scores = try router.scores(for: table.batch(), among: candidates)
    #expect(scores.values == Matrix([[3, 1], [-1, 2], [-1, -2]]))
    #expect(
      try SelectionProbabilities.of(router, scores: scores, for: table.batch(), among: candidates)
        == Matrix([[0.75, 0.25], [0, 1], [0.5, 0.5]]))
    let expected = Elementwise.sigmoid(scores.values)
    let predicted = try #require(scores.probabilities)
    for row in 0..<3 {
      for column in 0..<2 { #expect(abs(predicted[row, column] - expected[row, column]) < 1e-6) }
    }
  }

  @Test func wrongShapesAndNumbers() throws {
    let expected = "expected (3, 2): the test queries of benchmark 'table' × the LLMs of the pool"
    for shape in [[6], [3, 2, 1]] {
      let path = try npy(NDArray(floats: [1, 2, 3, 4, 5, 6], shape: shape))
      expect("mine.npy: scores of shape \(NDArray.text(shape)), expected queries × LLMs") {
        _ = try router(path)
      }
    }
    for shape in [[2, 3]] {
      let path = try npy(NDArray(floats: [1, 2, 3, 4, 5, 6], shape: shape))
      expect("mine.npy: scores of shape \(NDArray.text(shape)), \(expected)") { _ = try router(path) }
    }
    for value in [Double.nan, .infinity] {
      let path = try npy(NDArray(doubles: [1, 2, 3, value, 5, 6], shape: [3, 2]))
      expect(
        "mine.npy: row 1, column 1: a score of \(value), expected a finite number"
      ) { _ = try router(path) }
    }
    let good = try npy(NDArray(floats: [1, 2, 3, 4, 5, 6], shape: [3, 2]))
    expect(
      "mine.npy: scores of shape (3, 2), expected (3, 3): the test queries of benchmark 'table' × the LLMs of the pool"
    ) { _ = try router(good, pool: CandidatePool(group: .allWeak, llms: [0, 1, 2])) }
    try NPZ.write(
      [("table/3/all_strong", NDArray(floats: [1], shape: [1]))], to: path("many.npz"), compressed: false)
    expect(
      "many.npz: table/2/all_strong: is missing; the archive has the arrays table/3/all_strong"
    ) { _ = try router(path("many.npz")) }
    expect("scores.txt: is no scores file: expected a name that ends in .npy, .npz or .csv") {
      _ = try router(path("scores.txt"))
    }
  }

  @Test(arguments: [
    ("llm0\n1\n2\n3\n", "line 1: has no scores of 1 of the 2 LLMs of a pool of benchmark 'table': llm2"),
    ("llm0,llm2,llm0\n1,1,1\n1,1,1\n1,1,1\n", "line 1: LLM 'llm0' occurs twice"),
    ("llm0,llm2\n1,1\n1,1\n", "2 rows of scores, expected 3: the test queries of benchmark 'table'"),
    ("llm0,llm2\n1,1\n1,x\n1,1\n", "line 3: the score 'x' of LLM 'llm2' is not a finite number"),
    ("llm0,llm2\n1,1\nnan,1\n1,1\n", "line 3: the score 'nan' of LLM 'llm0' is not a finite number"),
    ("llm0,llm2\n1,1\n1\n1,1\n", "line 3: 1 fields, expected 2"),
  ]) func malformedTables(text: String, reason: String) throws {
    let path = try csv(text)
    expect("mine.csv: \(reason)") { _ = try router(path) }
  }

  /// A table whose queries have ids; test queries are b, d and e.
  func named() throws -> TableBenchmark {
    try TableBenchmark(
      Array(repeating: [1, 1, 1], count: 5), parts: [.train, .test, .train, .test, .test],
      ids: ["a", "b", "c", "d", "e"])
  }

  /// The file's scores of the test queries for llm2 and llm0.
  func scores(_ path: String) throws -> Matrix {
    let table = try named()
    return try ScoresFile(path: path).router(for: table.benchmark, llmNames: table.llmNames, pool: pool)
      .scores(for: table.batch(), among: Candidates(["llm2", "llm0"])).values
  }

  /// Metamorphic: where a file names its columns and rows, their order says nothing.
  @Test func namedColumnsAndRowsMayStandInAnyOrder() throws {
    let values = Matrix([[1, 2], [3, 4], [5, 6]])
    for rows in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
      for columns in [[0, 1], [1, 0]] {
        let ids = rows.map { ["b", "d", "e"][$0] }
        let llms = columns.map { ["llm2", "llm0"][$0] }
        let turned = values.selecting(rows: rows).selecting(columns: columns)
        for (models, name) in [("models", "ids"), ("llms", "item_id"), ("models", "query")] {
          try NPZ.write(
            [
              ("scores", NDArray(matrix: turned)), (models, NDArray(strings: llms)),
              (name, NDArray(strings: ids)),
            ], to: path("named.npz"), compressed: false)
          #expect(try scores(path("named.npz")) == values, "\(rows) \(columns)")
          let file = try ScoresFile(path: path("named.npz"))
          #expect(!file.isForOnePool)
          #expect(try file.notes(on: [named().benchmark], catalog: named().catalog) == [])
        }
        for name in ["query", "id", "item_id", "query_id"] {
          let lines = rows.indices.map { row in
            ([ids[row]] + turned.row(row).map { "\($0)" }).joined(separator: ",") + "\n"
          }
          let file = try csv(([name] + llms).joined(separator: ",") + "\n" + lines.joined())
          #expect(try scores(file) == values, "\(name) \(rows) \(columns)")
        }
      }
    }
  }

  @Test(arguments: [
    (
      ["llm2", "llm1"], ["b", "d", "e"],
      "models: has no scores of 1 of the 2 LLMs of a pool of benchmark 'table': llm0"
    ),
    (["llm2", "llm2"], ["b", "d", "e"], "models: LLM 'llm2' occurs twice"),
    (["llm2"], ["b", "d", "e"], "models: 1 names of 2 columns"),
    (["llm2", "llm0"], ["b", "d"], "ids: 2 ids of 3 rows"),
    (["llm2", "llm0"], ["b", "d", "d"], "ids: query id 'd' occurs twice"),
    (
      ["llm2", "llm0"], ["b", "d", "a"],
      "ids: has no scores for 1 of the 3 test queries of benchmark 'table': e"
    ),
  ]) func namesOfOthersAreRefused(llms: [String], ids: [String], reason: String) throws {
    try NPZ.write(
      [
        ("scores", NDArray(floats: [1, 2, 3, 4, 5, 6], shape: [3, 2])), ("models", NDArray(strings: llms)),
        ("ids", NDArray(strings: ids)),
      ], to: path("named.npz"), compressed: false)
    expect("named.npz: \(reason)") { _ = try scores(path("named.npz")) }
  }

  /// Scores of all queries × all LLMs, with strangers among both: every pool and part finds its own.
  @Test(arguments: ["", "query"]) func oneFileServesEveryPool(column: String) throws {
    let table = try named()
    let ids = ["x", "e", "a", "c", "b", "d"]
    let llms = ["llm1", "stranger", "llm0", "llm2"]
    func score(_ id: String, _ llm: String) -> Double {
      Double(id.utf8.reduce(0) { $0 + Int($1) }) + Double(llm.utf8.reduce(0) { $0 + Int($1) }) / 1e3
    }
    let lines = ids.map { id in ([id] + llms.map { "\(score(id, $0))" }).joined(separator: ",") + "\n" }
    let file = try ScoresFile(
      path: csv(([column] + llms).joined(separator: ",") + "\n" + lines.joined()))
    #expect(!file.isForOnePool)
    for llms in [[2, 0], [1], [0, 1, 2]] {
      let pool = CandidatePool(group: .allWeak, llms: llms)
      let names = llms.map { table.llmNames[$0] }
      let router = try file.router(for: table.benchmark, llmNames: table.llmNames, pool: pool)
      let scores = try router.scores(for: table.batch(), among: Candidates(names)).values
      #expect(scores == Matrix(["b", "d", "e"].map { id in names.map { Float(score(id, $0)) } }))
    }
    let notes = try file.notes(on: [table.benchmark], catalog: table.catalog)
    #expect(notes.count == 1)
    #expect(
      notes[0].hasSuffix(
        "not used: columns of 1 LLMs that no benchmark has: stranger; rows of 1 queries that no benchmark has: x"
      ))
  }

  @Test func idsNeedIDs() throws {
    let file = try csv("query,llm0,llm2\nb,1,1\nd,1,1\ne,1,1\n")
    expect(
      "mine.csv: query: has query ids, but benchmark 'table' has none: leave them out and order the rows as its queries"
    ) { _ = try router(file) }
  }

  /// Another pool of that size has other LLMs: its columns would be read as theirs.
  @Test func scoresOfOnePoolAreLentToNoOther() throws {
    let array = NDArray(floats: [1, 2, 3, 4, 5, 6], shape: [3, 2])
    try NPZ.write(
      [("scores", array), ("table/2/all_weak", array)], to: path("many.npz"), compressed: false)
    expect(
      "many.npz: table/2/all_strong: is missing; the archive has the arrays scores, table/2/all_weak"
    ) { _ = try router(path("many.npz")) }
    try NPZ.write([("scores", array), ("more", array)], to: path("more.npz"), compressed: false)
    let file = try ScoresFile(path: path("more.npz"))
    #expect(file.isForOnePool)
    let notes = try file.notes(on: [table.benchmark], catalog: table.catalog)
    #expect(notes.count == 1 && notes[0].hasSuffix("not used: arrays more; used are scores, models, ids"))
  }

  @Test func validationScoresAreThoseOfItsQueries() throws {
    // Validation queries are 0 and 2.
    let table = try TableBenchmark(
      Array(repeating: [1, 1, 1], count: 5), parts: [.validation, .test, .validation, .test, .test])
    let file = try ScoresFile(path: npy(NDArray(floats: [1, 2, 3, 4], shape: [2, 2])))
    let router = try file.router(
      for: table.benchmark, llmNames: table.llmNames, pool: pool, part: .validation)
    #expect(
      try router.scores(for: table.batch(.validation), among: Candidates(["llm2", "llm0"])).values
        == Matrix([[1, 2], [3, 4]]))
    expect(
      "router 'mine': mine.npy has no scores for query 1 of benchmark 'table', which is not a validation query"
    ) { _ = try router.scores(for: table.batch(), among: Candidates(["llm0"])).values }
    let long = try ScoresFile(path: npy(NDArray(floats: [1, 2, 3, 4, 5, 6], shape: [3, 2])))
    expect(
      "mine.npy: scores of shape (3, 2), expected (2, 2): the validation queries of benchmark 'table' × "
        + "the LLMs of the pool"
    ) {
      _ = try long.router(for: table.benchmark, llmNames: table.llmNames, pool: pool, part: .validation)
    }
    let csv = try ScoresFile(path: csv("llm0,llm2\n1,1\n"))
    expect("mine.csv: 1 rows of scores, expected 2: the validation queries of benchmark 'table'") {
      _ = try csv.router(for: table.benchmark, llmNames: table.llmNames, pool: pool, part: .validation)
    }
  }

  @Test func whatTheFileHasNoScoresFor() throws {
    let router = try router(try npy(NDArray(floats: [1, 2, 3, 4, 5, 6], shape: [3, 2])))
    expect(
      "router 'mine': mine.npy has no scores for query 2 of benchmark 'table', which is not a test query"
    ) {
      _ = try router.scores(for: table.batch(queries: [1, 2]), among: Candidates(["llm0"])).values
    }
    expect("router 'mine': unknown LLM 'llm1', not among the 2 that it was trained on") {
      _ = try router.scores(for: table.batch(), among: Candidates(["llm1"])).values
    }
    let other = QueryBatch(embeddings: Matrix(rows: 0, columns: 1), benchmark: "other", rows: [])
    expect("router 'mine': mine.npy was opened for benchmark 'table', asked for 'other'") {
      _ = try router.scores(for: other, among: Candidates(["llm0"])).values
    }
  }
}
