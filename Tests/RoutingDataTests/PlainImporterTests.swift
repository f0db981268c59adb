import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct NPZImporterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func load(_ arrays: [(name: String, array: NDArray)]) throws -> Dataset {
    try NPZ.write(arrays, to: scratch.file("tiny.npz"), compressed: true)
    return try NPZImporter.load(scratch.file("tiny.npz")).dataset
  }

  private func message(_ arrays: [(name: String, array: NDArray)]) -> String? {
    failure { _ = try load(arrays) }?.replacingOccurrences(of: scratch.path + "/", with: "")
  }

  private let scores = NDArray(uint8: [1, 0, 1, 0, 1, 1], shape: [2, 3])
  private let models = NDArray(strings: ["a", "b"])

  @Test func llmsTimesQueriesIsTurned() throws {
    let dataset = try load([
      ("scores", scores), ("models", models), ("subscenario", NDArray(strings: ["s", "t", "s"])),
      ("item_id", NDArray(strings: ["1", "2", "3"])), ("prompts", NDArray(strings: ["p", "q", "r"])),
      ("embed", NDArray(floats: [1, 2, 3], shape: [3, 1])),
    ])
    let contents = try BenchmarkContents(dataset.benchmarks[0], in: dataset)
    #expect(contents.name == "tiny" && contents.responses == [[1, 0], [0, 1], [1, 1]])
    #expect(contents.subscenarios == ["s", "t", "s"] && contents.ids == ["1", "2", "3"])
    #expect(contents.prompts == ["p", "q", "r"] && contents.embeddings["embed"]?.storage == [1, 2, 3])
  }

  @Test func onlyScoresAndModelsAreNeeded() throws {
    let dataset = try load([("scores", scores), ("models", models)])
    #expect(dataset.benchmarks[0].queries.subscenarioNames == ["tiny"])
    #expect(try dataset.benchmarks[0].loadPrompts() == nil)
    #expect(message([("models", models)])?.contains("scores: is missing") == true)
  }

  /// Which of two parts is meant by yes, and that there are only two, a user must say.
  @Test func aSplitOfYesAndNoIsRefused() throws {
    let parts = NDArray(bools: [true, true, false], shape: [3])
    #expect(
      message([("scores", scores), ("models", models), ("split", parts)])?
        .hasSuffix("split: expected integers, found type b1") == true)
  }

  @Test func badInput() throws {
    #expect(
      message([("scores", scores), ("models", NDArray(strings: ["a", "a"]))])
        == "tiny.npz: models: LLM name 'a' occurs twice")
    #expect(
      message([("scores", scores), ("models", NDArray(strings: ["a"]))])
        == "tiny.npz: models: 1 names for scores of shape (2, 3), which are LLMs × queries")
    #expect(
      message([("scores", scores), ("models", models), ("embed", NDArray(floats: [1, 2], shape: [2, 1]))])
        == "tiny.npz: embed: embeddings of shape (2, 1) for 3 queries")
    #expect(
      message([("scores", scores), ("models", models), ("prompts", NDArray(strings: ["p"]))])
        == "tiny.npz: prompts: shape (1,) for 3 queries")
    #expect(
      message([("scores", NDArray(uint8: [1, 0, 1, 0, 2, 1], shape: [2, 3])), ("models", models)])
        == "tiny.npz: scores: row 1, LLM 'b': score 2.0, expected a number in [0, 1], or NaN for a missing answer"
    )
    #expect(
      message([("scores", NDArray(uint8: [], shape: [2, 0])), ("models", models)])
        == "tiny.npz: scores: scores of shape (2, 0) hold no responses")
    // Without LLMs there may be any number of queries, for which the file needs no byte.
    let none = NDArray(uint8: [], shape: [0, 1_000_000_000_000])
    #expect(
      message([("scores", none), ("models", NDArray(strings: []))])
        == "tiny.npz: scores: scores of shape (0, 1000000000000) hold no responses")
  }
}

@Suite struct CSVImporterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func message(_ text: String, embeddings: EmbeddingsFile? = nil) -> String? {
    failure {
      _ = try CSVImporter.load(scratch.write(text, "long.csv"), embeddings: embeddings)
    }?.replacingOccurrences(of: scratch.path + "/", with: "")
  }

  @Test func pairsWithoutALineStayMissing() throws {
    let path = try scratch.write("llm,score,query\na,1,q1\nb,0,q2\na,0,q2\n", "long.csv")
    let dataset = try CSVImporter.load(path).dataset
    let contents = try BenchmarkContents(dataset.benchmarks[0], in: dataset)
    #expect(contents.name == "long" && contents.llms == ["a", "b"] && contents.ids == ["q1", "q2"])
    #expect(contents.responses == [[1, nil], [0, 0]] && contents.isBinary)
  }

  @Test func severalBenchmarksShareEmbeddingsAndLLMs() throws {
    let path = try scratch.write(
      """
      query,llm,score,benchmark,subscenario
      q,a,0.5,x,s
      q,b,1,y,t
      r,a,1,x,u
      q,c,0,x,s

      """, "long.csv")
    try NPY.write(NDArray(floats: [1, 2, 3], shape: [3, 1]), to: scratch.file("mini.npy"))
    let dataset = try CSVImporter.load(
      path, embeddings: EmbeddingsFile(path: scratch.file("mini.npy"), isInOrderOfAnswers: true)
    ).dataset
    let parts = try dataset.benchmarks.map { try BenchmarkContents($0, in: dataset) }
    #expect(parts.map(\.name) == ["x", "y"] && dataset.catalog.names == ["a", "c", "b"])
    #expect(parts[0].responses == [[0.5, 0], [1, nil]] && !parts[0].isBinary && parts[1].isBinary)
    #expect(parts[0].subscenarios == ["s", "u"] && parts[1].subscenarios == ["t"])
    #expect(parts[0].embeddings["mini"]?.storage == [1, 3] && parts[1].embeddings["mini"]?.storage == [2])
    let one = try CSVImporter.load(path, options: ImportOptions(benchmark: "y")).dataset
    #expect(one.benchmarks.map(\.name) == ["y"] && one.catalog.names == ["b"])
    #expect(
      failure { _ = try CSVImporter.load(path, options: ImportOptions(benchmark: "z")) }?
        .hasSuffix("has no benchmark 'z'; there are: x, y") == true)
  }

  @Test func badInputNamesTheLine() throws {
    let head = "query,llm,score\nq,a,1\n"
    #expect(
      message(head + "r,a,1\n\nq,a,0.5\n")
        == "long.csv: line 5: query 'q' and LLM 'a' have the score 0.5 here and 1 on line 2: keep one, or say "
        + "--duplicates mean or first")
    #expect(
      message(head + "r,a,50\n")
        == "long.csv: line 3: score '50' is not a number in [0, 1]: if 100 is the best score, say --scale 100"
    )
    for score in ["maybe", "-nan", "101", "-1", "inf", "1e39", " ", "101%", "%", "nan%"] {
      #expect(
        message(head + "r,a,\(score)\n")
          == "long.csv: line 3: score '\(score)' is not a number in [0, 1], a percentage, True or False, nor empty or NA "
          + "for a missing answer"
      )
    }
    #expect(message(head + "r,,1\n") == "long.csv: line 3: llm is empty")
    #expect(message(head + "r,a\n") == "long.csv: line 3: 2 fields, expected 3")
    #expect(message("query,score\nq,1\n")?.contains("no column named \"llm\"") == true)
    #expect(message("query,llm,score\n") == "long.csv: has no rows below its header")
    #expect(
      message("query,llm,score,subscenario\nq,a,1,s\nq,b,1,t\n")
        == "long.csv: line 3: query 'q' is in sub-scenario 't' here and in another one before")
    try NPY.write(NDArray(floats: [1, 2], shape: [2, 1]), to: scratch.file("e.npy"))
    #expect(
      message(head, embeddings: EmbeddingsFile(path: scratch.file("e.npy"), isInOrderOfAnswers: true))
        == "e.npy: embeddings of shape (2, 1) for 1 queries")
  }

  /// 140,000 pairs of their own would make a matrix of 19,600,000,000 cells.
  @Test func aTableFarTooSparseForADenseMatrixIsRefused() {
    let lines = (0..<140_000).map { "q\($0),m\($0),1\n" }.joined()
    #expect(
      message("query,llm,score\n" + lines)
        == "long.csv: benchmark 'long': 140000 answers of 140000 queries × 140000 LLMs are too sparse: as a "
        + "dense matrix they take 4673 MiB; leave out queries and LLMs with few answers, give unrelated ones a "
        + "benchmark each in a column 'benchmark', or allow it with --memory-limit 5"
    )
  }
}
