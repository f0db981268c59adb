import FileFormats
import Learning
import NumericKernels
import Regression
import RoutingData
import TestSupport
import Testing

@testable import Models

@Suite struct EncoderProbesTests {
  private static let long = String(repeating: "long ", count: 80)

  /// A dataset whose prompts, made of the query's number, stand beside the embeddings of encoder `own`.
  private func dataset(_ prompt: @escaping (Int) -> String?) throws -> Dataset {
    let table = try TableBenchmark.checkerboard()
    let own = table.benchmark
    let prompts = (0..<own.queries.count).map(prompt)
    let benchmark = try Benchmark(
      name: own.name,
      queries: QuerySet(
        subscenarioNames: own.queries.subscenarioNames, subscenarios: own.queries.subscenarios,
        embeddings: [
          "own": NDArray(matrix: table.embeddings), "two": NDArray(matrix: table.embeddings),
        ]),
      llms: own.llms, responses: own.responses, split: own.split,
      prompts: prompts.contains(nil) ? .none : .memory(prompts.compactMap { $0 }))
    return try Dataset(catalog: table.catalog, benchmarks: [benchmark])
  }

  private func trained(_ dataset: Dataset, encoder: String = "own") throws -> StoredModel {
    var model = StoredModel(
      try TrainingRun(RidgeTrainer(), patience: nil).train(on: TrainingData(dataset, encoder: encoder)) { _ in
      })
    model.rememberEncoders(of: dataset)
    return model
  }

  @Test func probesAreShortPromptsOfTrainQueriesWithTheirEmbeddings() throws {
    let dataset = try dataset { number in
      switch number % 4 {
      case 0: "\(number) \(Self.long)"
      case 1: "question \(number)"
      case 2: "two\nlines \(number)"
      default: " \(number)"
      }
    }
    let probes = try #require(try trained(dataset).probes)
    let benchmark = dataset.benchmarks[0]
    let embeddings = try benchmark.embeddings(encoder: "own")
    #expect(probes.texts.count == 3 && Set(probes.texts).count == 3)
    for (row, text) in probes.texts.enumerated() {
      let number = try #require(Int(text.dropFirst("question ".count)))
      #expect(benchmark.split.parts[number] == .train && number % 4 == 1)
      #expect(probes.embeddings.row(row).elementsEqual(embeddings.row(number)))
    }
  }

  @Test func promptsOfSeveralLinesServeWhereThereAreNoOthers() throws {
    #expect(try trained(dataset { "a\n\($0)" }).probes?.texts.count == 3)
    #expect(try trained(dataset { "\(Self.long)\($0)" }).probes == nil)
    #expect(try trained(dataset { _ in "" }).probes == nil)
    #expect(try trained(dataset { _ in nil }).probes == nil)
  }

  @Test func aModelFolderKeepsThem() throws {
    let model = try trained(dataset { "question \($0)" })
    let folder = try TemporaryFolder()
    try ModelFolder.write(model, into: folder.path)
    #expect(try ModelFolder.read(folder.path).probes == model.probes && model.probes != nil)
    // One from before there were any is read as it is.
    var older = model
    older.probes = nil
    try ModelFolder.write(older, into: folder.path)
    #expect(try ModelFolder.read(folder.path).probes == nil)
  }

  @Test func anotherEncoderIsNoticedAndHalfPrecisionIsNot() {
    let probes = EncoderProbes(texts: ["a", "b"], embeddings: Matrix([[3, 4, 0, 1], [1, 0, 2, 0]]))
    func difference(_ rows: [[Float]], widths: [Int] = [4]) -> String? {
      probes.difference(from: Matrix(rows), widths: widths)
    }
    #expect(difference([[3, 4, 0, 1], [1, 0, 2, 0]]) == nil)
    #expect(difference([[3.001, 3.99, 0.004, 1], [0.99, 0.01, 2.01, 0]]) == nil)
    #expect(difference([[4, 3, 0, 1], [1, 0, 2, 0]])?.contains("'a' has cosine 0.96") == true)
    #expect(difference([[3, 4, 0, 1], [0, 1, 0, 2]])?.contains("'b' has cosine 0.0") == true)
    #expect(difference([[0.6, 0.8, 0, 0.2], [0.2, 0, 0.4, 0]])?.contains("0.2 times as long") == true)
    #expect(difference([[0, 0, 0, 0], [1, 0, 2, 0]]) != nil)
    // Side by side, a long vector of one encoder does not hide the other's.
    #expect(difference([[3, 4, 0.9, 0.5], [1, 0, 2, 0]]) != nil)
    #expect(difference([[3, 4, 0.35, 0.9], [1, 0, 2, 0]]) == nil)
    #expect(difference([[3, 4, 0.35, 0.9], [1, 0, 2, 0]], widths: [2, 2]) != nil)
  }
}
