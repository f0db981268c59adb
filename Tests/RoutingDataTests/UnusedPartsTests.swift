@testable import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// What has a meaning is used, and a note names the rest.
@Suite struct UnusedPartsTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func notes(_ result: ImportResult) -> [String] {
    result.notes.map { $0.replacingOccurrences(of: scratch.path + "/", with: "") }
  }

  @Test func everyColumnOfATableIsUsedOrNamed() throws {
    let path = try scratch.write(
      """
      query,llm,score,split,prompt,benchmark,subscenario,colour,
      q1,a,1,train,What?,x,s,3,
      q1,b,0,train,,x,s,3,
      q2,a,NA,val,,x,t,3,
      q2,b,1,val,Who?,x,t,3,
      q3,a,0,test,Why?,x,t,3,
      q1,a,1,validation,Where?,y,y,3,

      """, "a.csv")
    let result = try CSVImporter.load(path)
    let parts = try result.dataset.benchmarks.map { try BenchmarkContents($0, in: result.dataset) }
    #expect(parts.map(\.name) == ["x", "y"])
    #expect(
      parts[0].split == Split(parts: [.train, .validation, .test]) && parts[0].split.origin == .published)
    #expect(parts[0].prompts == ["What?", "Who?", "Why?"] && parts[1].prompts == ["Where?"])
    #expect(
      parts[0].responses == [[1, 0], [nil, 1], [0, nil]] && parts[0].subscenarios == ["s", "t", "t"])
    #expect(
      notes(result) == [
        "a.csv: not used: columns colour, ; used are \(AnswerHeader.list)",
        "a.csv: the file's own split of benchmark 'y' has no query for train, test",
      ])
  }

  @Test func plainTablesHaveNoNotesAndADrawnSplit() throws {
    let path = try scratch.write("query,llm,score\nq,a,1\n", "a.csv")
    let result = try CSVImporter.load(path, options: ImportOptions(splitSeed: 3))
    #expect(result.notes.isEmpty && result.dataset.benchmarks[0].split.origin == .seeded(3))
    let both = try scratch.write("query,llm,score,split,splits\nq,a,1,train,train\n", "b.csv")
    #expect(failure { _ = try CSVImporter.load(both) }?.contains("both columns split and splits") == true)
  }

  private func archive(_ more: [(name: String, array: NDArray)]) throws -> ImportResult {
    let scores = NDArray(doubles: [1, 0, .nan, 1, 1, 0, 0, .nan], shape: [2, 4])
    try NPZ.write(
      [("scores", scores), ("models", NDArray(strings: ["a", "b"]))] + more, to: scratch.file("a.npz"),
      compressed: false)
    return try NPZImporter.load(scratch.file("a.npz"))
  }

  private static func texts(_ texts: String...) -> NDArray { NDArray(strings: texts) }
  private static let vectors = NDArray(floats: [1, 2, 3, 4], shape: [4, 1])

  @Test func everyArrayOfAnArchiveIsUsedOrNamed() throws {
    let result = try archive([
      ("split", Self.texts("train", "val", "test", "validation")), ("prompt", Self.texts("p", "q", "r", "s")),
      ("benchmark", Self.texts("x", "y", "x", "y")), ("subscenarios", Self.texts("s", "t", "u", "t")),
      ("ids", NDArray(int32: [4, 5, 6, 7], shape: [4])), ("embeddings", Self.vectors),
      ("encoder", Self.texts("mini")), ("embed_large", Self.vectors), ("cost", Self.vectors),
    ])
    let parts = try result.dataset.benchmarks.map { try BenchmarkContents($0, in: result.dataset) }
    #expect(parts.map(\.name) == ["x", "y"])
    #expect(parts[0].responses == [[1, 1], [nil, 0]] && parts[1].responses == [[0, 0], [1, nil]])
    #expect(parts[0].split.parts == [.train, .test] && parts[1].split.parts == [.validation, .validation])
    #expect(
      parts[0].prompts == ["p", "r"] && parts[1].ids == ["5", "7"] && parts[0].subscenarios == ["s", "u"])
    #expect(parts[0].embeddings.mapValues(\.storage) == ["mini": [1, 3], "large": [1, 3]])
    #expect(parts[1].embeddings.mapValues(\.storage) == ["mini": [2, 4], "large": [2, 4]])
    #expect(
      notes(result) == [
        "a.npz: not used: arrays cost; used are \(NPZArrays.list)",
        "a.npz: the file's own split of benchmark 'x' has no query for validation",
        "a.npz: the file's own split of benchmark 'y' has no query for train, test",
      ])
    let one = try NPZImporter.load(scratch.file("a.npz"), options: ImportOptions(benchmark: "y"))
    #expect(one.dataset.benchmarks.map(\.name) == ["y"])
  }

  /// Any array of texts may say the benchmarks; `benchmark` is then one that is not used.
  @Test func anotherArrayMaySayTheBenchmarks() throws {
    _ = try archive([
      ("benchmark", Self.texts("all", "all", "all", "all")), ("subscenario", Self.texts("x", "y", "x", "x")),
      ("ids", Self.texts("1", "2", "3", "4")), ("embed", Self.vectors),
    ])
    let path = scratch.file("a.npz")
    let result = try NPZImporter.load(path, options: ImportOptions(benchmarkArray: "subscenario"))
    let parts = try result.dataset.benchmarks.map { try BenchmarkContents($0, in: result.dataset) }
    #expect(parts.map(\.name) == ["x", "y"] && parts.map(\.ids) == [["1", "3", "4"], ["2"]])
    #expect(parts[0].responses == [[1, 1], [nil, 0], [1, nil]] && parts[1].responses == [[0, 0]])
    #expect(parts[0].subscenarios == ["x", "x", "x"] && parts[1].subscenarios == ["y"])
    #expect(parts[0].embeddings["embed"]?.storage == [1, 3, 4])
    #expect(notes(result) == ["a.npz: not used: arrays benchmark; used are \(NPZArrays.list)"])
    let one = ImportOptions(benchmark: "y", benchmarkArray: "subscenario")
    #expect(try NPZImporter.load(path, options: one).dataset.benchmarks.map(\.name) == ["y"])
    for (array, reason) in [
      ("topic", "has no array 'topic' of benchmarks; it has scores, models, benchmark, subscenario"),
      ("embed", "embed"), ("models", "models"),
    ] {
      let message = failure { _ = try NPZImporter.load(path, options: ImportOptions(benchmarkArray: array)) }
      #expect(message?.contains(reason) == true, "\(message ?? "no error")")
    }
  }

  @Test func aMemberThatIsNoArrayIsNamed() throws {
    let path = scratch.file("b.npz")
    let one = NDArray(uint8: [1], shape: [1, 1])
    try AtomicFile.write(to: path) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: path)
      try writer.add("scores.npy", NPY.pieces(of: one), isCompressed: false)
      try writer.add("models.npy", NPY.pieces(of: Self.texts("a")), isCompressed: false)
      try writer.add("README", [ByteRegion(Array("x".utf8))], isCompressed: false)
      try writer.finish()
    }
    #expect(
      notes(try NPZImporter.load(path)).first?.hasPrefix("b.npz: not used: arrays README; used") == true)
  }

  /// An LLM without an answer in a benchmark is not one of its LLMs.
  @Test func benchmarksHaveTheLLMsThatAnsweredThem() throws {
    let scores = NDArray(doubles: [1, .nan, 0, 1], shape: [2, 2])
    try NPZ.write(
      [
        ("scores", scores), ("models", Self.texts("a", "b")), ("benchmark", Self.texts("x", "y")),
      ], to: scratch.file("a.npz"), compressed: false)
    let dataset = try NPZImporter.load(scratch.file("a.npz")).dataset
    #expect(dataset.benchmarks.map { dataset.llmNames(of: $0) } == [["a", "b"], ["b"]])
  }

  @Test(arguments: [
    (
      "split", NDArray(strings: ["train", "dev", "test", "test"]),
      "split: element 1: split 'dev' is not one of"
    ),
    ("split", NDArray(int32: [0, 1, 2, 3], shape: [4]), "split: element 3 is 3, expected 0 train"),
    ("benchmark", NDArray(strings: ["x"]), "benchmark: shape (1,) for 4 queries"),
    (
      "embed_a/b", NDArray(floats: [1, 2, 3, 4], shape: [4, 1]), "embed_a/b: encoder name 'a/b' can't be part"
    ),
    (
      "embedding", NDArray(floats: [1, 2, 3, 4], shape: [2, 2]), "embedding: embeddings of shape (2, 2) for 4"
    ),
  ])
  func arraysThatDoNotFit(name: String, array: NDArray, reason: String) throws {
    let found = failure { _ = try archive([(name, array)]) }
    #expect(found?.hasPrefix("\(scratch.path)/a.npz: \(reason)") == true, "\(found ?? "")")
  }

  @Test func arraysThatMeanTheSame() throws {
    let twice = failure {
      _ = try archive([("prompt", Self.texts("", "", "", "")), ("prompts", Self.texts("", "", "", ""))])
    }
    #expect(twice?.contains("means the same as prompt") == true)
    _ = try archive([("embed_a", Self.vectors), ("embed_b", Self.vectors)])
    let named = failure {
      _ = try NPZImporter.load(scratch.file("a.npz"), options: ImportOptions(encoder: "c"))
    }
    #expect(named?.contains("has 2 arrays of embeddings, which --encoder c can't all name") == true)
  }

  @Test func namesThatCannotBePathsNameFileAndRemedy() throws {
    let path = try scratch.write("query,llm,score\nq,a,1\n", "my answers.csv")
    let found = failure { _ = try CSVImporter.load(path) }
    #expect(found?.hasPrefix("\(path): benchmark name 'my answers' can't be part of a path") == true)
    #expect(found?.contains("--benchmark") == true)
  }

  @Test func keysOfPicklesThatMeanNothingAreNamed() throws {
    let scores = try scratch.write(
      SmallPickle.keyed([
        "data": .keyed(["s": .keyed(["correctness": .rows([[1]]), "cost": .rows([[2]])])]),
        "model": .texts(["a"]), "date": .text("today"),
      ]).file, "scores.pkl")
    let prompts = try scratch.write(
      SmallPickle.keyed(["s": .texts(["p"]), "t": .texts(["q"])]).file, "prompts.pkl")
    let files = RouterEvalFiles(
      scores: scores, prompts: prompts, scenarios: ScenarioList([.init(benchmark: "x", subscenarios: ["s"])]))
    #expect(
      notes(try RouterEvalImporter.load(files)) == [
        "scores.pkl: not used: keys date, data/s/cost; used are data, model and correctness",
        "prompts.pkl: not used: sub-scenarios t; used are those of the score file",
      ])
  }
}
