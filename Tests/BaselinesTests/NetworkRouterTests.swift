import Baselines
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct NetworkRouterTests {
  /// A trainer of a preset with its own epochs, or others.
  static func trainer<Shape: NetworkShape>(
    _ shape: Shape.Type, _ preset: NetworkPreset = .fast, epochs: Int? = nil, seed: UInt64 = 0
  ) -> NetworkTrainer<Shape> {
    var trainer = NetworkTrainer<Shape>()
    trainer.preset = preset
    trainer.epochs = epochs
    trainer.seed = seed
    return trainer
  }

  @Test(arguments: NetworkPreset.allCases) func linearConforms(preset: NetworkPreset) throws {
    let suite = try RouterConformance { try $0.trained(Self.trainer(LinearShape.self, preset)) }
    #expect(try suite.faults() == [])
  }

  @Test(arguments: NetworkPreset.allCases) func perceptronConforms(preset: NetworkPreset) throws {
    // A hundred epochs of single queries take too long for a test; three show the same.
    let trainer = Self.trainer(PerceptronShape.self, preset, epochs: preset == .paper ? 3 : nil)
    #expect(try RouterConformance { try $0.trained(trainer) }.faults() == [])
  }

  @Test func namesAreThoseOfTheAlgorithmsUnlessGiven() throws {
    let table = try TableBenchmark.checkerboard()
    let linear = Self.trainer(LinearShape.self, epochs: 1)
    #expect(try table.trained(linear).name == "linear")
    #expect(try table.trained(Self.trainer(PerceptronShape.self, .paper, epochs: 1)).name == "mlp")
    #expect(try table.trained(linear, name: "mine").name == "mine")
  }

  @Test func anLLMOutsideThePoolIsNotKnown() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try table.trained(Self.trainer(LinearShape.self), llms: [0, 1])
    #expect(
      throws: DataError("router 'linear': unknown LLM 'llm2', not among the 2 that it was trained on")
    ) { try router.scores(for: table.batch(), among: Candidates(["llm2"])).values }
  }

  @Test func refusesEmbeddingsOfAnotherLengthOrNotFinite() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try table.trained(Self.trainer(LinearShape.self))
    let batch = { (value: Float, columns: Int) in
      QueryBatch(
        embeddings: Matrix(rows: 1, columns: columns, repeating: value), benchmark: "checkerboard", rows: [0])
    }
    let message = "router 'linear': embeddings of 3 dimensions for benchmark 'checkerboard', trained on 4"
    #expect(throws: DataError(message)) {
      try router.scores(for: batch(1, 3), among: Candidates(["llm0"])).values
    }
    func notFinite(_ text: String, _ query: Int = 0) -> DataError {
      DataError(
        "router 'linear': the embedding of query \(query) of benchmark 'checkerboard' holds \(text), "
          + "expected finite numbers")
    }
    #expect(throws: notFinite("inf")) {
      try router.scores(for: batch(.infinity, 4), among: Candidates(["llm0"]))
    }
    var embeddings = table.embeddings
    embeddings[3, 1] = .nan
    let broken = try TableBenchmark(
      name: "checkerboard", (0..<240).map { query in (0..<4).map { table.benchmark.responses[query, $0] } },
      parts: table.benchmark.split.parts, embeddings: embeddings)
    #expect(throws: notFinite("nan", 3)) { try broken.trained(Self.trainer(LinearShape.self)) }
  }

  @Test func refusesToLearnFromNothing() throws {
    let untrained = try TableBenchmark([[1, 0], [0, 1]], parts: [.test, .test])
    #expect(throws: DataError("router 'mlp': there are no train queries of benchmark 'table'")) {
      try untrained.trained(Self.trainer(PerceptronShape.self))
    }
    let holes = try TableBenchmark([[1, nil], [0, nil], [1, 1]], parts: [.train, .train, .test])
    #expect(
      throws: DataError(
        "router 'mlp': LLM 'llm1' has no response to a train query of benchmark 'table'; leave it out of the pool"
      )
    ) { try holes.trained(Self.trainer(PerceptronShape.self)) }
  }

  /// Queries without any response are as if they were not there, but for the moments of the embeddings.
  @Test func aQueryWithoutResponsesTeachesNothing() throws {
    let embeddings = Matrix([[1, 0], [0, 1], [5, 5], [1, 0]])
    let with = try TableBenchmark(
      [[1, 0], [0, nil], [nil, nil], [1, 1]], parts: [.train, .train, .train, .test], embeddings: embeddings)
    let without = try TableBenchmark(
      [[1, 0], [0, nil], [1, 1]], parts: [.train, .train, .test],
      embeddings: embeddings.selecting(rows: [0, 1, 3]))
    let scores = try [with, without].map {
      try $0.trained(Self.trainer(LinearShape.self, .paper)).scores(for: $0.batch(), among: $0.candidates())
        .values
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
        "mlp diverged in epoch 1 (objective inf): choose a smaller --rate, or scale the embeddings to lengths near 1"
      )
    ) { try huge.trained(Self.trainer(PerceptronShape.self, .paper)) }
    // Standardized, they say nothing, and do no harm.
    #expect(try huge.trained(Self.trainer(PerceptronShape.self)).isFinite)
  }

  @Test func predictsTheResponses() throws {
    let table = try TableBenchmark.checkerboard()
    let router = try table.trained(Self.trainer(LinearShape.self, .paper))
    let scores = try router.scores(for: table.batch(), among: table.candidates())
    let predicted = try #require(scores.probabilities)
    for index in predicted.storage.indices {
      #expect(abs(predicted.storage[index] - Elementwise.sigmoid(scores.values.storage[index])) < 1e-6)
    }
  }

  @Test func theSeedDecides() throws {
    let table = try TableBenchmark.checkerboard()
    func scores(seed: UInt64) throws -> Matrix {
      try table.trained(Self.trainer(PerceptronShape.self, seed: seed))
        .scores(for: table.batch(), among: table.candidates()).values
    }
    #expect(try scores(seed: 1) == scores(seed: 1))
    #expect(try scores(seed: 1) != scores(seed: 2))
  }
}
