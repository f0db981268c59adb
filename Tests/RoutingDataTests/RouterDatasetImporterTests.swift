import Foundation
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct RouterDatasetImporterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Four queries; rows 2 and 0 train, 3 validates, 1 tests.
  private func file(
    train: [Int] = [2, 0], weak: [[Double]] = [[1, 0], [0, 0]], strong: [[Double]] = [[0, 1], [0, 1]],
    embeddings: [[Double]] = [[2], [0]]
  ) throws -> String {
    func pool(_ names: [String], _ train: [[Double]], _ validation: [Double], _ test: [Double]) -> SmallPickle
    {
      .keyed([
        "data": .keyed([
          "train_score": .rows(train), "val_score": .rows([validation]), "test_score": .rows([test]),
        ]), "model": .texts(names),
      ])
    }
    let pools = SmallPickle.keyed([
      "all_strong": pool(["b", "c"], strong, [1, 1], [0, 1]),
      "all_weak": pool(["a", "b"], weak, [0, 1], [1, 0]),
    ])
    return try scratch.write(
      SmallPickle.keyed([
        "easy": .dictionary([(.integer(2), pools)]),
        "split_index": .keyed([
          "train_indices": .integers(train, shape: [train.count]), "val_indices": .integers([3], shape: [1]),
          "test_indices": .integers([1], shape: [1]),
        ]),
        "embedding": .keyed([
          "train_embed": .rows(embeddings), "val_embed": .rows([[3]]), "test_embed": .rows([[1]]),
        ]),
        "prompt": .keyed([
          "train_prompt": .texts(["two", "zero"]), "val_prompt": .texts(["three"]),
          "test_prompt": .texts(["one"]),
        ]),
      ]).file, "x_router_dataset.pkl")
  }

  private func message(_ path: String) -> String? {
    failure { _ = try RouterDatasetImporter.load(path) }?.replacingOccurrences(
      of: scratch.path + "/", with: "")
  }

  @Test func poolsPutTheBenchmarkTogether() throws {
    let dataset = try RouterDatasetImporter.load(file()).dataset
    let contents = try BenchmarkContents(dataset.benchmarks[0], in: dataset)
    #expect(contents.name == "x" && contents.llms == ["b", "c", "a"])
    #expect(contents.responses == [[0, 1, 0], [0, 1, 1], [0, 1, 1], [1, 1, 0]])
    #expect(contents.prompts == ["zero", "one", "two", "three"])
    #expect(contents.embeddings["router_dataset"]?.storage == [0, 1, 2, 3])
    #expect(contents.split.parts == [.train, .test, .train, .validation])
    #expect(
      contents.pools == [
        CandidatePool(group: .allStrong, llms: [0, 1]), CandidatePool(group: .allWeak, llms: [2, 0]),
      ])
  }

  @Test func poolsThatDisagreeAreRefused() throws {
    #expect(
      message(try file(weak: [[1, 1], [0, 0]]))
        == "x_router_dataset.pkl: easy/2/all_weak/data/train_score: row 0, LLM 'b': score 1.0, "
        + "an earlier pool has 0.0")
    #expect(
      message(try file(weak: [[1, 0], [0, .nan]]))?.contains("row 1, LLM 'b': score nan, an earlier") == true)
    #expect(message(try file(weak: [[1, 0]]))?.contains("need (2, 2)") == true)
    #expect(
      message(try file(train: [2, 2]))?.contains("element 1 is 2, expected each of 0 to 3 once") == true)
    #expect(message(try file(train: [2, 9]))?.contains("element 1 is 9") == true)
  }

  @Test func missingScoresStayMissing() throws {
    let dataset = try RouterDatasetImporter.load(file(weak: [[1, 0], [.nan, 0]])).dataset
    let contents = try BenchmarkContents(dataset.benchmarks[0], in: dataset)
    #expect(contents.responses == [[0, 1, nil], [0, 1, 1], [0, 1, 1], [1, 1, 0]])
  }

  private func combined(_ routerDataset: String, scores: [[Double]], embeddings: [[Double]]) throws -> String?
  {
    let scorePath = try scratch.write(
      SmallPickle.keyed([
        "data": .keyed(["sub": .keyed(["correctness": .rows(scores)])]),
        "model": .texts(["a", "b", "c", "d"]),
      ]).file, "scores.pkl")
    let embeddingPath = try scratch.write(SmallPickle.keyed(["sub": .rows(embeddings)]).file, "e.pkl")
    let files = RouterEvalFiles(
      scores: scorePath, embeddings: [.init(path: embeddingPath)], routerDatasets: [routerDataset],
      scenarios: ScenarioList([.init(benchmark: "x", subscenarios: ["sub"])]))
    return failure {
      let dataset = try RouterEvalImporter.load(files).dataset
      #expect(dataset.benchmarks[0].publishedPools.map(\.llms) == [[1, 2], [0, 1]])
      #expect(dataset.benchmarks[0].split.origin == .published)
      #expect(try dataset.benchmarks[0].loadPrompts() == ["zero", "one", "two", "three"])
    }?.replacingOccurrences(of: scratch.path + "/", with: "")
  }

  @Test func scoreFilesMustAgreeWithThePools() throws {
    let scores: [[Double]] = [[0, 0, 1, 0], [1, 0, 1, 0], [1, 0, 1, 1], [0, 1, 1, 1]]
    let embeddings: [[Double]] = [[0], [1], [2], [3]]
    #expect(try combined(file(), scores: scores, embeddings: embeddings) == nil)
    var other = scores
    other[2][1] = 1
    #expect(
      try combined(file(), scores: other, embeddings: embeddings)
        == "x_router_dataset.pkl: easy/2/all_strong/data/train_score: row 0, LLM 'b': score 0.0, "
        + "the score file has 1.0 for query 2")
    #expect(
      try combined(file(embeddings: [[2.5], [0]]), scores: scores, embeddings: embeddings)
        == "x_router_dataset.pkl: embedding: query 2 has another embedding than encoder 'e' gives it: "
        + "name another encoder")
    #expect(
      try combined(file(), scores: scores + [[0, 0, 0, 0]], embeddings: embeddings + [[4]])
        == "x_router_dataset.pkl: split_index: splits 4 queries, benchmark 'x' has 5")
  }
}
