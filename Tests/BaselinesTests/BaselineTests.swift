import Baselines
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct BaselineTests {
  // Train: llm0 is right 1 of 3 times, llm1 2 of 3, llm2 2 of 3. Test rows: one right, two right, none.
  let table: TableBenchmark

  init() throws {
    table = try TableBenchmark(
      [
        [1, 1, 0], [0, 1, 1], [0, 0, 1],
        [1, 0, 0], [0, 1, 1], [0, 0, 0],
      ],
      parts: [.train, .train, .train, .test, .test, .test])
  }

  @Test func oracleSharesAmongTheRightLLMs() throws {
    let oracle = OracleRouter([table.benchmark], catalog: table.catalog)
    let candidates = Candidates(["llm0", "llm1", "llm2"])
    let scores = try oracle.scores(for: table.batch(), among: candidates)
    #expect(scores.values == Matrix([[1, 0, 0], [0, 1, 1], [0, 0, 0]]))
    let third: Float = 1 / 3
    #expect(
      try SelectionProbabilities.of(oracle, scores: scores, for: table.batch(), among: candidates)
        == Matrix([[1, 0, 0], [0, 0.5, 0.5], [third, third, third]]))
  }

  @Test func oracleTakesTheBestContinuousGrade() throws {
    let oracle = OracleRouter([table.benchmark], catalog: table.catalog)
    let (scores, candidates) = (Scores(Matrix([[0.2, 0.7, 0.7]])), Candidates(["llm0", "llm1", "llm2"]))
    #expect(oracle.policy?.picks(scores, among: candidates) == Matrix([[0, 0.5, 0.5]]))
  }

  @Test func oracleRefusesAMissingResponseAndAStrangeBenchmark() throws {
    let holes = try TableBenchmark([[1, nil], [0, 1]], parts: [.test, .test])
    let oracle = OracleRouter([holes.benchmark], catalog: holes.catalog)
    #expect(
      throws: DataError("router 'oracle': no response of LLM 'llm1' to query 0 of benchmark 'table'")
    ) { try oracle.scores(for: holes.batch(), among: Candidates(["llm0", "llm1"])).values }
    #expect(throws: DataError("router 'oracle': knows no responses of benchmark 'other'")) {
      try oracle.scores(
        for: QueryBatch(embeddings: Matrix(rows: 0, columns: 1), benchmark: "other", rows: []),
        among: Candidates([])
      ).values
    }
  }

  @Test func randomIsUniform() throws {
    let candidates = Candidates(["a", "b", "c", "d"])
    let scores = RandomRouter().scores(for: table.batch(), among: candidates)
    #expect(
      try SelectionProbabilities.of(RandomRouter(), scores: scores, for: table.batch(), among: candidates)
        == Matrix(rows: 3, columns: 4, repeating: 0.25))
  }

  @Test func bestSingleIsChosenOnTrainAlone() throws {
    let best = BestSingleRouter([table.benchmark], catalog: table.catalog)
    // llm1 and llm2 have 2/3; the smaller column wins wherever it stands in the pool.
    #expect(
      try best.scores(for: table.batch(), among: Candidates(["llm2", "llm0", "llm1"])).values.row(0) == [
        0, 0, 1,
      ])
    #expect(
      try best.scores(for: table.batch(), among: Candidates(["llm0", "llm2"])).values.row(2) == [0, 1])
  }

  @Test func bestSingleSharesWhereNothingIsKnown() throws {
    let untrained = try TableBenchmark([[1, 0]], parts: [.test])
    let best = BestSingleRouter([untrained.benchmark], catalog: untrained.catalog)
    #expect(
      try best.scores(for: untrained.batch(), among: Candidates(["llm0", "llm1"])).values == Matrix([[0, 0]]))
    #expect(best.policy is SharedHighestScore)
  }

  @Test func trainMeansLeaveMissingResponsesOut() throws {
    let holes = try TableBenchmark(
      [[1, nil, nil], [0, 1, nil], [1, 1, 1]], parts: [.train, .train, .test])
    let means = holes.benchmark.trainMeans(of: [2, 0, 1])
    #expect(means.values == [nil, 0.5, 1])
    #expect(means.best == 2)
  }
}
