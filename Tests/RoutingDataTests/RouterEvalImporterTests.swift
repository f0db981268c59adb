import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct RouterEvalImporterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static let names = ["gpqa_diamond", "gpqa_extended", "gpqa_main"]
  private static let scores: [[[Double]]] = [
    [[1, 0], [0, 0]], [[1, 1]], [[0, 1], [1, 0], [0, 0]],
  ]

  private func scoreFile(
    names: [String] = Self.names, scores: [[[Double]]] = Self.scores, llms: [String] = ["a", "b"],
    isFortranOrder: Bool = false
  ) throws -> String {
    let data = zip(names, scores).map { name, rows in
      (
        SmallPickle.text(name),
        SmallPickle.keyed(["correctness": .rows(rows, isFortranOrder: isFortranOrder)])
      )
    }
    return try scratch.write(
      SmallPickle.keyed(["data": .dictionary(data), "model": .texts(llms)]).file, "scores.pkl")
  }

  private func embeddingFile(_ rows: [[[Double]]], name: String = "RoBERTa_result.pkl") throws -> String {
    try scratch.write(
      SmallPickle.dictionary(zip(Self.names, rows).map { (.text($0), .rows($1)) }).file, name)
  }

  private func message(_ files: RouterEvalFiles) -> String? {
    failure { _ = try RouterEvalImporter.load(files) }?.replacingOccurrences(of: scratch.path + "/", with: "")
  }

  @Test(arguments: [false, true])
  func aBenchmarkOfThreeSubscenarios(isFortranOrder: Bool) throws {
    let embeddings: [[[Double]]] = [[[1, 2], [3, 4]], [[5, 6]], [[7, 8], [9, 10], [11, 12]]]
    let prompts = SmallPickle.dictionary(
      zip(Self.names, [["p", "q"], ["r"], ["s", "t", "u"]]).map { (.text($0), .texts($1)) })
    let result = try RouterEvalImporter.load(
      RouterEvalFiles(
        scores: scoreFile(isFortranOrder: isFortranOrder),
        embeddings: [.init(path: embeddingFile(embeddings))],
        prompts: scratch.write(prompts.file, "prompts.pkl")))
    let dataset = result.dataset
    #expect(dataset.benchmarks.map(\.name) == ["gpqa"] && result.notes.isEmpty)
    let contents = try BenchmarkContents(dataset.benchmarks[0], in: dataset)
    #expect(contents.llms == ["a", "b"] && contents.isBinary && contents.observed == nil)
    #expect(contents.responses == [[1, 0], [0, 0], [1, 1], [0, 1], [1, 0], [0, 0]])
    #expect(contents.subscenarios.map { $0.dropFirst(5).first } == ["d", "d", "e", "m", "m", "m"])
    #expect(contents.prompts == ["p", "q", "r", "s", "t", "u"])
    #expect(contents.embeddings["RoBERTa"]?.storage == (1...12).map { Float($0) })
    #expect(
      dataset.sources == ["RouterEval scores.pkl", "RouterEval RoBERTa_result.pkl", "RouterEval prompts.pkl"])
  }

  @Test func continuousScoresBecomeNumbers() throws {
    let path = try scoreFile(names: ["ifeval"], scores: [[[0.25, 1], [0, 1]]])
    let dataset = try RouterEvalImporter.load(RouterEvalFiles(scores: path)).dataset
    #expect(!dataset.benchmarks[0].responses.isBinary && dataset.benchmarks[0].responses[0, 0] == 0.25)
  }

  @Test(arguments: [(Double.infinity, "inf"), (1.5, "1.5"), (-0.25, "-0.25")])
  func scoresOutOfRange(score: Double, text: String) throws {
    var scores = Self.scores
    scores[2][1][1] = score
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(scores: scores)))
        == "scores.pkl: data/gpqa_main/correctness: row 1, LLM 'b': score \(text), expected a number in [0, 1], "
        + "or NaN for a missing answer")
  }

  @Test func aScoreOfNaNIsAMissingAnswer() throws {
    var scores = Self.scores
    scores[2][1][1] = .nan
    let dataset = try RouterEvalImporter.load(RouterEvalFiles(scores: scoreFile(scores: scores))).dataset
    #expect(dataset.benchmarks[0].responses[4, 1] == nil && dataset.benchmarks[0].responses.isBinary)
    #expect(dataset.benchmarks[0].responses.observedCount == 11)
  }

  @Test func anLLMNameThatOccursTwice() throws {
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(llms: ["a", "a"])))
        == "scores.pkl: model: LLM name 'a' occurs twice")
  }

  @Test func anotherNumberOfLLMsThanScores() throws {
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(llms: ["a", "b", "c"])))
        == "scores.pkl: data/gpqa_diamond/correctness: scores of shape (2, 2), expected 3 columns, "
        + "one for each LLM")
  }

  @Test func unknownAndMissingSubscenarios() throws {
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(names: ["gpqa_diamond", "x", "y"])))
        == "scores.pkl: data: 2 sub-scenario(s) of no known benchmark: x, y; give a scenario list for them")
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(names: ["gpqa_diamond", "gpqa_main"])))
        == "scores.pkl: data: benchmark 'gpqa' lacks sub-scenario 'gpqa_extended'")
    #expect(
      message(RouterEvalFiles(scores: try scoreFile(names: [])))
        == "scores.pkl: has no benchmark of the scenario list"
    )
  }

  @Test func aScenarioListTakesWhatItNames() throws {
    let path = try scratch.write("{\"mine\": [\"y\", \"x\"]}", "list.json")
    let scores = try scoreFile(names: ["x", "y", "z"])
    let files = RouterEvalFiles(scores: scores, scenarios: try ScenarioList(jsonFile: path))
    let result = try RouterEvalImporter.load(files)
    #expect(result.notes.count == 1 && result.notes[0].hasSuffix("z"))
    let contents = try BenchmarkContents(result.dataset.benchmarks[0], in: result.dataset)
    #expect(contents.subscenarios == ["y", "x", "x"] && contents.responses[0] == [1, 1])
    let twice = try scratch.write("{\"a\": [\"x\"], \"b\": [\"x\"]}", "twice.json")
    #expect(
      failure { _ = try ScenarioList(jsonFile: twice) }?.hasSuffix("b: sub-scenario 'x' occurs twice") == true
    )
  }

  @Test func shapesThatDoNotFit() throws {
    let scores = try scoreFile()
    let short = try embeddingFile([[[1, 2], [3, 4]], [[5, 6], [0, 0]], [[7, 8], [9, 10], [11, 12]]])
    #expect(
      message(RouterEvalFiles(scores: scores, embeddings: [.init(path: short)]))
        == "RoBERTa_result.pkl: gpqa_extended: embeddings of shape (2, 2) for scores of shape (1, 2)")
    let narrow = try embeddingFile([[[1, 2], [3, 4]], [[5]], [[7, 8], [9, 10], [11, 12]]])
    #expect(
      message(RouterEvalFiles(scores: scores, embeddings: [.init(path: narrow)]))?.contains("1 dimensions")
        == true)
    let bad = try embeddingFile([[[1, 2], [3, .infinity]], [[5, 6]], [[7, 8], [9, 10], [11, 12]]])
    #expect(
      message(RouterEvalFiles(scores: scores, embeddings: [.init(path: bad)]))
        == "RoBERTa_result.pkl: gpqa_diamond: row 1: an embedding of inf, expected a finite number "
        + "of single precision")
    let prompts = SmallPickle.dictionary(
      zip(Self.names, [["p", "q"], ["r"], ["s"]]).map { (.text($0), .texts($1)) })
    #expect(
      message(RouterEvalFiles(scores: scores, prompts: try scratch.write(prompts.file, "prompts.pkl")))
        == "prompts.pkl: gpqa_main: 1 prompts for scores of shape (3, 2)")
  }

  @Test func theListHasRouterEvalsBenchmarks() {
    let scenarios = ScenarioList.routerEval.scenarios
    #expect(Set(scenarios.map(\.benchmark)) == Set(ReferenceAccuracy.values.keys) && scenarios.count == 12)
    let counts = Dictionary(uniqueKeysWithValues: scenarios.map { ($0.benchmark, $0.subscenarios.count) })
    #expect(counts["mmlu"] == 57 && counts["bbh"] == 24 && counts["math"] == 7 && counts["gpqa"] == 3)
    #expect(scenarios.flatMap(\.subscenarios).contains("harness_hendrycksTest_world_religions_5"))
    let queries = Dictionary(uniqueKeysWithValues: RouterEvalBenchmarks.all.map { ($0.name, $0.queries) })
    #expect(queries["mmlu"] == 14_042 && queries["bbh"] == 5_761 && queries["math"] == 1_324)
    #expect(queries["gpqa"] == 1_192 && queries["musr"] == 756)
  }
}
