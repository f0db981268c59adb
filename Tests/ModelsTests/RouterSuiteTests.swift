import FileFormats
import Learning
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Models

/// Who trains the routers of a run on what.
@Suite struct RouterSuiteTests {
  /// The routers that are trained anew for each pool.
  static let trained = TrainerCatalog.all.filter { $0.scope == .pool }.map { $0.algorithm }

  /// The checkerboard with the answers and embeddings of some parts turned round.
  static func dataset(answers: Set<SplitPart> = [], embeddings: Set<SplitPart> = []) throws -> Dataset {
    let table = try TableBenchmark.checkerboard()
    var values = table.benchmark.responses.dense()
    var features = table.embeddings
    for (query, part) in table.benchmark.split.parts.enumerated() {
      if answers.contains(part) {
        for llm in 0..<values.columns { values[query, llm] = 1 - values[query, llm] }
      }
      if embeddings.contains(part) {
        for column in 0..<features.columns { features[query, column] = 5 - 3 * features[query, column] }
      }
    }
    return try TrainingSample.dataset(
      table, responses: ResponseMatrix(GradedCells(.floats(values))), embeddings: features)
  }

  /// The router of a word as a run on the test queries makes it, and its scores of the usual test queries.
  private func route(_ word: String, _ dataset: Dataset) throws -> (router: any Router, scores: Scores) {
    let benchmark = dataset.benchmarks[0]
    let routers = try RouterSuite(
      [RouterSpecification(word)], benchmarks: [benchmark], of: dataset, seed: 0
    ).prepare(
      benchmark, embeddings: benchmark.embeddings(encoder: "encoder"), encoder: "encoder", measured: .test)
    let router = try #require(try routers(CandidatePool(group: .allWeak, llms: [0, 1, 2, 3])).first)
    let table = try TableBenchmark.checkerboard()
    return (router, try router.scores(for: table.batch(), among: table.candidates()))
  }

  /// Where the other parts say the opposite of train, a router that learned from train is always wrong on them.
  @Test(arguments: trained) func routersOfAPoolLearnFromTrainAlone(_ word: String) throws {
    let (router, usual) = try route(word, Self.dataset())
    let other = try route(
      word, Self.dataset(answers: [.validation, .test], embeddings: [.validation, .test]))
    #expect(other.scores.values == usual.values && other.scores.probabilities == usual.probabilities)
    let turned = try route(word, Self.dataset(answers: [.train])).scores.values
    #expect(turned != usual.values)
    // Even LLMs are right on the one side, odd ones on the other.
    let table = try TableBenchmark.checkerboard()
    let queries = table.benchmark.split.queries(in: .test)
    func share(right scores: Matrix) -> Double {
      let right = queries.indices.count { scores[$0, queries[$0] % 2] > scores[$0, 1 - queries[$0] % 2] }
      return Double(right) / Double(queries.count)
    }
    // A cluster of noisy queries may be of the other side.
    #expect(share(right: usual.values) > 0.9 && share(right: turned) < 0.1, "\(word)")
    #expect((router as? any StorableRouter)?.encoder == "encoder" && router.name == word)
  }

  /// A router of one encoder's embeddings refuses another's of the same length.
  @Test(arguments: trained) func embeddingsOfAnotherEncoderAreRefused(_ word: String) throws {
    let router = try route(word, Self.dataset()).router
    let table = try TableBenchmark.checkerboard()
    func scores(_ encoder: String?) throws -> Scores {
      try router.scores(
        for: QueryBatch(embeddings: table.batch().embeddings, encoder: encoder), among: table.candidates())
    }
    _ = try scores("encoder")
    _ = try scores(nil)
    #expect { try scores("another") } throws: {
      let text = "\($0)"
      return text.contains("'encoder'") && text.contains("'another'") && text.contains("--encoder encoder")
    }
  }

  @Test func modelsOfSeveralEncodersAreRefused() throws {
    let folder = try TemporaryFolder()
    let table = try TableBenchmark.checkerboard()
    let dataset = try TrainingSample.dataset(table)
    let trained = try TrainingSample.train(dataset)
    for encoder in ["one", "two"] {
      var model = trained
      model.router.identity = RouterIdentity(
        name: "m", encoder: encoder, llms: trained.router.identity.llms)
      let path = folder[encoder]
      try AtomicFolder.write(to: path, replacing: false, marker: ModelFolder.marker) {
        try ModelFolder.write(StoredModel(model), into: $0)
      }
    }
    let routers = try ["one", "two"].map { try RouterSpecification("model:\(folder[$0])") }
    #expect(throws: DataError("the models need embeddings of several encoders: one, two")) {
      try RouterSuite(routers, benchmarks: dataset.benchmarks, of: dataset, seed: 0)
    }
    let suite = try RouterSuite([routers[1]], benchmarks: dataset.benchmarks, of: dataset, seed: 0)
    #expect(suite.modelEncoder == "two")
  }
}
