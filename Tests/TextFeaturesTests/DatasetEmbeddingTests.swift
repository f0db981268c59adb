import FileFormats
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import TextFeatures

@Suite struct DatasetEmbeddingTests {
  private static let options = TextFeatureOptions(dimensions: 4, hashBits: 14, leastQueries: 1)

  /// Twelve queries of which each third is for validation or test.
  private static func dataset(changing query: Int? = nil, prompts: Bool = true) throws -> Dataset {
    let texts = TextFeaturizerTests.texts(12).enumerated().map { place, text in
      String(decoding: text, as: UTF8.self) + (place == query ? " and something else entirely" : "")
    }
    var builder = ResponseMatrixBuilder(queryCount: 12, llmCount: 2)
    for row in 0..<12 { try builder.setRow(row, [Float(row % 2), 1]) }
    let parts: [SplitPart] = (0..<12).map { [.train, .train, .validation, .train, .train, .test][$0 % 6] }
    return try Dataset(
      catalog: LLMCatalog(names: ["a", "b"]),
      benchmarks: [
        Benchmark(
          name: "table",
          queries: QuerySet(
            subscenarioNames: ["s"], subscenarios: Array(repeating: 0, count: 12),
            embeddings: ["other": NDArray(matrix: Matrix(rows: 12, columns: 2, repeating: 1))]),
          llms: [0, 1], responses: builder.build(), split: Split(parts: parts),
          prompts: prompts ? .memory(texts) : .none, givenReference: 0.5,
          costs: Matrix(rows: 12, columns: 2, repeating: 3))
      ])
  }

  private static func embedded(_ dataset: Dataset) throws -> Dataset {
    try dataset.embeddingPrompts(as: "text", options: options, seed: 1).dataset
  }

  /// The wiring: prompts that are not for training leave no trace in the featurizer, and each train prompt does.
  @Test func onlyTrainPromptsAreLearnedFrom() throws {
    let plain = try Self.embedded(Self.dataset()).featurizers["text"]
    for query in 0..<12 {
      let changed = try Self.embedded(Self.dataset(changing: query)).featurizers["text"]
      #expect((changed == plain) == (query % 6 == 2 || query % 6 == 5), "query \(query)")
    }
  }

  @Test func embeddingsStandBesideTheOthersWithWhatMadeThem() throws {
    let dataset = try Self.embedded(Self.dataset())
    let benchmark = dataset.benchmarks[0]
    let file = try #require(dataset.featurizers["text"])
    let texts = try #require(try benchmark.loadPrompts())
    #expect(try benchmark.embeddings(encoder: "text") == TextFeaturizer(file).embeddings(of: texts))
    #expect(try benchmark.embeddings(encoder: "other+text").columns == 2 + 4 + HandFeature.all.count)
    #expect(dataset.encoderParts(of: "other+text").map(\.fingerprint) == [nil, file.fingerprint])
  }

  @Test func nothingElseIsChanged() throws {
    let old = try Self.dataset()
    let new = try Self.embedded(old)
    #expect(differingFields(old, new) == ["benchmarks", "featurizers"])
    #expect(differingFields(old.benchmarks[0], new.benchmarks[0]) == ["queries"])
  }

  @Test func embeddingsAreReplacedOnlyOnRequest() throws {
    let dataset = try Self.embedded(Self.dataset())
    #expect(throws: DataError.self) { try Self.embedded(dataset) }
    var options = Self.options
    options.kinds = .hand
    let again = try dataset.embeddingPrompts(as: "text", options: options, seed: 1, replacing: true).dataset
    #expect(again.featurizers["text"] != dataset.featurizers["text"])
    #expect(again.encoderParts(of: "text")[0].dimensions == HandFeature.all.count)
  }

  @Test func aBenchmarkWithoutPromptsIsRefused() {
    #expect(throws: DataError.self) { try Self.embedded(Self.dataset(prompts: false)) }
  }
}
