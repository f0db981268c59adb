import Baselines
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct NearestNeighbourRouterTests {
  /// Four train queries along directions 0°, 90°, 180° and 45°, and one test query at 20°.
  func table(_ responses: [[Float?]], embeddings: Matrix? = nil) throws -> TableBenchmark {
    try TableBenchmark(
      responses + [[1, 1]], parts: [.train, .train, .train, .train, .test],
      embeddings: embeddings ?? Matrix([[2, 0], [0, 1], [-3, 0], [0.5, 0.5], [0.94, 0.342]]))
  }

  func router(_ table: TableBenchmark, count: Int) throws -> NearestNeighbourRouter {
    try table.trained(NearestNeighbourTrainer(neighbours: count))
  }

  @Test(
    arguments: [
      // The nearest is 0°; then 45°; then 90°; then 180°.
      (1, [1, 0]), (2, [0.5, 0.5]), (3, [2.0 / 3, 1.0 / 3]), (4, [0.75, 0.25]), (9, [0.75, 0.25]),
    ] as [(Int, [Float])])
  func meansOfTheNearest(count: Int, expected: [Float]) throws {
    let table = try table([[1, 0], [1, 0], [1, 0], [0, 1]])
    let router = try router(table, count: count)
    let scores = try router.scores(for: table.batch(), among: Candidates(["llm0", "llm1"]))
    #expect(scores.values == Matrix([expected]))
    #expect(scores.probabilities == scores.values)
    #expect(
      try router.scores(for: table.batch(), among: Candidates(["llm1"])).values == Matrix([[expected[1]]]))
  }

  @Test func missingLabelsAreLeftOut() throws {
    // Neighbours are 0° and 45°. llm0 was observed on one of them, llm1 on none: its train mean is 1 of 2.
    let one = try table([[nil, nil], [1, 1], [1, 0], [0, nil]])
    #expect(
      try router(one, count: 2).scores(for: one.batch(), among: Candidates(["llm0", "llm1"])).values
        == Matrix([[0, 0.5]]))
    let never = try table([[nil, 1], [nil, 1], [nil, 0], [nil, 0]])
    #expect(
      try router(never, count: 2).scores(for: never.batch(), among: Candidates(["llm0", "llm1"])).values
        == Matrix([[0.5, 0.5]]))
  }

  @Test func equalAndZeroEmbeddingsGoToTheSmallerRow() throws {
    let responses: [[Float?]] = [[1, 0], [0, 1], [0, 1], [0, 1]]
    let equal = try table(responses, embeddings: Matrix(rows: 5, columns: 2, repeating: 1))
    #expect(
      try router(equal, count: 1).scores(for: equal.batch(), among: Candidates(["llm0"])).values
        == Matrix([[1]]))
    let zero = try table(responses, embeddings: Matrix(rows: 5, columns: 2))
    #expect(
      try router(zero, count: 1).scores(for: zero.batch(), among: Candidates(["llm0"])).values
        == Matrix([[1]]))
    // Similarity 0 to the zero rows beats −1.
    let opposite = try table(
      responses, embeddings: Matrix([[-1, 0], [0, 0], [-1, 0], [0, 0], [1, 0]]))
    #expect(
      try router(opposite, count: 2).scores(for: opposite.batch(), among: Candidates(["llm0"])).values
        == Matrix([[0]]))
  }

  @Test func clearErrors() throws {
    let table = try table([[1, 0], [1, 0], [1, 0], [0, 1]])
    let router = try router(table, count: 2)
    #expect(throws: DataError("router 'knn': unknown LLM 'nobody', not among the 2 that it was trained on")) {
      try router.scores(for: table.batch(), among: Candidates(["nobody"])).values
    }
    let wide = QueryBatch(embeddings: Matrix(rows: 1, columns: 3), benchmark: "table", rows: [4])
    #expect(
      throws: DataError("router 'knn': embeddings of 3 dimensions for benchmark 'table', trained on 2")
    ) { try router.scores(for: wide, among: Candidates(["llm0"])).values }
    let broken = QueryBatch(embeddings: Matrix([[0, .nan]]), benchmark: "table", rows: [4])
    let message = "the embedding of query 4 of benchmark 'table' holds nan, expected finite numbers"
    #expect(throws: DataError("router 'knn': \(message)")) {
      try router.scores(for: broken, among: Candidates(["llm0"])).values
    }
    #expect(throws: DataError("router 'knn': \(message)")) {
      _ = try NearestNeighbourTrainer().prepared(for: TrainQueries(broken))
    }
    #expect(throws: DataError("router 'knn': there are no train queries of benchmark 'table'")) {
      _ = try NearestNeighbourTrainer().prepared(for: TrainQueries(table.batch(queries: [])))
    }
  }
}
