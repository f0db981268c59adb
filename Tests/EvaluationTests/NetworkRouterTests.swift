import NumericKernels
import Recommenders
import RoutingData
import TestSupport
import Testing

@Suite struct NetworkRouterTests {
  static func router(
    _ trainer: NetworkRouterTrainer, _ table: TableBenchmark, columns: [Int]? = nil
  ) throws -> any Router {
    let train = table.batch(.train)
    return try trainer.prepare(train)(
      PoolTrainingSet(
        table.benchmark, train: train, llmNames: table.llmNames,
        columns: columns ?? table.llmNames.indices.map { $0 }))
  }

  @Test(arguments: NetworkRouterTrainer.Kind.allCases, NetworkRouterTrainer.Preset.allCases)
  func conforms(kind: NetworkRouterTrainer.Kind, preset: NetworkRouterTrainer.Preset) throws {
    // A hundred epochs of single queries take too long for a test; three show the same.
    let epochs = kind == .mlp && preset == .paper ? 3 : nil
    let suite = try RouterConformance {
      try Self.router(NetworkRouterTrainer(kind, preset: preset, epochs: epochs), $0)
    }
    #expect(try suite.faults() == [])
  }

  @Test func namesSayThePreset() {
    #expect(NetworkRouterTrainer(.linear).name == "linear")
    #expect(NetworkRouterTrainer(.mlp, preset: .paper).name == "mlp:paper")
    #expect(NetworkRouterTrainer(.mlp, preset: .paper, name: "mine").name == "mine")
  }

  @Test func anLLMOutsideThePoolIsNotKnown() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try Self.router(NetworkRouterTrainer(.linear), table, columns: [0, 1])
    #expect(
      throws: DataError("router 'linear': unknown LLM 'llm2', not in the pool that it was trained on")
    ) { try router.scores(for: table.batch(), llms: ["llm2"]) }
  }

  @Test func refusesEmbeddingsOfAnotherLengthOrNotFinite() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try Self.router(NetworkRouterTrainer(.linear), table)
    let batch = { (value: Float, columns: Int) in
      QueryBatch(
        benchmark: "checkerboard", queries: [0],
        embeddings: Matrix(rows: 1, columns: columns, repeating: value))
    }
    #expect(throws: DataError("router 'linear': embeddings of 3 dimensions, trained on 4")) {
      try router.scores(for: batch(1, 3), llms: ["llm0"])
    }
    let notFinite = DataError(
      "router 'linear': an embedding of benchmark 'checkerboard' holds a value that is not finite")
    #expect(throws: notFinite) { try router.scores(for: batch(.infinity, 4), llms: ["llm0"]) }
    #expect(throws: notFinite) { try NetworkRouterTrainer(.linear).prepare(batch(.nan, 4)) }
  }

  @Test func refusesToLearnFromNothing() throws {
    let untrained = try TableBenchmark([[1, 0], [0, 1]], parts: [.test, .test])
    #expect(throws: DataError("router 'mlp': benchmark 'table' has no train queries")) {
      try Self.router(NetworkRouterTrainer(.mlp), untrained)
    }
    let holes = try TableBenchmark([[1, nil], [0, nil], [1, 1]], parts: [.train, .train, .test])
    #expect(
      throws: DataError(
        "router 'mlp': LLM 'llm1' has no response to a train query of benchmark 'table'; leave it out of the pool"
      )
    ) { try Self.router(NetworkRouterTrainer(.mlp), holes) }
  }

  /// Queries without any response are as if they were not there.
  @Test func aQueryWithoutResponsesTeachesNothing() throws {
    let embeddings = Matrix([[1, 0], [0, 1], [5, 5], [1, 0]])
    let with = try TableBenchmark(
      [[1, 0], [0, nil], [nil, nil], [1, 1]], parts: [.train, .train, .train, .test], embeddings: embeddings)
    let without = try TableBenchmark(
      [[1, 0], [0, nil], [1, 1]], parts: [.train, .train, .test],
      embeddings: embeddings.selecting(rows: [0, 1, 3]))
    let scores = try [with, without].map {
      try Self.router(NetworkRouterTrainer(.linear), $0).scores(for: $0.batch(), llms: $0.llmNames)
    }
    #expect(scores[0] == scores[1])
  }

  /// Numbers near the end of a Float's range overflow in the hidden layers, with both signs.
  @Test func aTrainingThatDivergesIsRefused() throws {
    let huge = try TableBenchmark(
      name: "huge", Array(repeating: [1, 0], count: 20), parts: Array(repeating: .train, count: 20),
      embeddings: Matrix(rows: 20, columns: 40, repeating: .greatestFiniteMagnitude))
    #expect(
      throws: DataError(
        "router 'mlp': training on benchmark 'huge' diverged; scale the embeddings to lengths near 1")
    ) { try Self.router(NetworkRouterTrainer(.mlp), huge) }
  }

  @Test func predictsTheResponses() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try Self.router(NetworkRouterTrainer(.linear, preset: .paper), table)
    let scores = try router.scores(for: table.batch(), llms: table.llmNames)
    let predicted = try #require(router.predictedResponses(ofScores: scores))
    for index in scores.storage.indices {
      #expect(abs(predicted.storage[index] - Elementwise.sigmoid(scores.storage[index])) < 1e-6)
    }
  }

  @Test func theSeedDecides() throws {
    let table = try TableBenchmark.checkerboard()
    func scores(seed: UInt64) throws -> Matrix {
      try Self.router(NetworkRouterTrainer(.mlp, seed: seed), table).scores(
        for: table.batch(), llms: table.llmNames)
    }
    #expect(try scores(seed: 1) == scores(seed: 1))
    #expect(try scores(seed: 1) != scores(seed: 2))
  }
}
