import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Factorization

@Suite(.serialized) struct LogisticMFTrainerTests {
  @Test func theGridsValueThatIsKeptHadTheLeastValidationLoss() throws {
    let training = try TrainingSample.train(TrainingSample.dataset(.checkerboard())).record
    let losses = training.fits.compactMap(\.validation?.logLoss)
    #expect(losses.count == training.fits.count)
    let best = try #require(
      training.fits.min { ($0.validation?.logLoss ?? 1) < ($1.validation?.logLoss ?? 1) })
    #expect(best.chosen["l2"] == training.chosen["l2"] && best.validation == training.validation)
    #expect(training.settings["l2"] == "auto" && training.settings["ridge"] == "auto")
    let tried = training.fits.compactMap { $0.chosen["l2"] }
    #expect(
      tried == Array(LogisticMFTrainer.l2Grid.prefix(tried.count)) && tried.count == training.fits.count)
    // A choice at the grid's edge goes on beyond it.
    let ridge = try #require(training.chosen["ridge"])
    #expect(MappedFactors.ridgeGrid.contains(ridge) || ridge < 0.01 || ridge > 100)
    #expect(training.benchmarks == ["checkerboard"] && training.encoder == "encoder")
  }

  @Test func fixedPenaltiesAreKept() throws {
    let trainer = LogisticMFTrainer(factors: 2, l2: .fixed(2.5), ridge: .fixed(0.7), seed: 9)
    let training = try TrainingSample.train(TrainingSample.dataset(.checkerboard()), trainer).record
    #expect(training.settings["l2"] == "2.5" && training.settings["ridge"] == "0.7" && training.seed == 9)
    #expect(training.chosen.isEmpty && training.fits.count == 1)
  }

  @Test func testQueriesChangeNothing() throws {
    let table = try TableBenchmark.checkerboard()
    let test = table.benchmark.split.queries(in: .test)
    var values = table.benchmark.responses.dense()
    var embeddings = table.embeddings
    for query in test {
      for llm in 0..<values.columns { values[query, llm] = 1 - values[query, llm] }
      for dimension in 0..<embeddings.columns { embeddings[query, dimension] = 1e6 }
    }
    var builder = ResponseMatrixBuilder(queryCount: values.rows, llmCount: values.columns)
    for query in 0..<values.rows { try builder.setRow(query, values.row(query)) }
    let before = try TrainingSample.train(TrainingSample.dataset(table))
    let after = try TrainingSample.train(
      TrainingSample.dataset(table, responses: builder.build(), embeddings: embeddings))
    #expect(before.router.contents == after.router.contents && before.record == after.record)
    // The same change to validation queries is seen, so the comparison can fail.
    for query in table.benchmark.split.queries(in: .validation) { embeddings[query, 0] = 3 }
    let other = try TrainingSample.train(TrainingSample.dataset(table, embeddings: embeddings))
    #expect(other.record != before.record)
  }

  @Test func moreFactorsThanLLMsAreNotUsed() throws {
    let model = try TrainingSample.train(
      TrainingSample.dataset(.checkerboard()), LogisticMFTrainer(factors: 50, l2: .fixed(1)))
    #expect(model.router.llmFactors.shapeText == "4 × 4" && model.record.factors == 4)
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    try data.require(factors: 160)
    #expect(throws: DataError("161 factors for 4 LLMs and 160 train queries: give --factors at most 4")) {
      try data.require(factors: 161)
    }
  }

  @Test func choosingNeedsAValidationResponse() throws {
    let table = try TableBenchmark([[1, 0], [0, 1], [1, 1]], parts: [.train, .train, .test])
    let dataset = try TrainingSample.dataset(table)
    #expect(
      throws: DataError("there are no validation responses to choose on: give --l2 a number")
    ) { try TrainingSample.train(dataset) }
    #expect(throws: DataError.self) {
      try TrainingSample.train(dataset, LogisticMFTrainer(l2: .fixed(1)))
    }
    let fixed = try TrainingSample.train(dataset, LogisticMFTrainer(l2: .fixed(1), ridge: .fixed(1)))
    #expect(fixed.record.history.allSatisfy { $0.validation == nil } && fixed.record.validation == nil)
    // A validation query that no LLM answered is as good as none.
    let unanswered = try TableBenchmark(
      [[1, 0], [0, 1], [nil, nil]], parts: [.train, .train, .validation])
    #expect(throws: DataError.self) { try TrainingSample.train(TrainingSample.dataset(unanswered)) }
  }

  @Test func aRidgeTooSmallForTheEmbeddingsIsPassedOver() throws {
    let table = try TableBenchmark.checkerboard()
    // Three copies of embeddings with a length of hundreds: singular to single precision.
    var embeddings = Matrix(rows: 240, columns: 12)
    for query in 0..<240 {
      for column in 0..<12 { embeddings[query, column] = 1000 * table.embeddings[query, column % 4] }
    }
    let model = try TrainingSample.train(TrainingSample.dataset(table, embeddings: embeddings))
    #expect(model.router.isFinite)
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    let dataset = try TrainingSample.dataset(.checkerboard())
    #expect(throws: DataError("unknown benchmark 'nothing'; there are: checkerboard")) {
      try TrainingData(dataset, benchmarks: ["nothing"])
    }
    #expect(throws: DataError.self) { try TrainingData(dataset, encoder: "nothing") }
    let untrained = try TableBenchmark([[1, 0]], parts: [.test])
    #expect(throws: DataError("benchmark 'table' has no train queries")) {
      try TrainingData(TrainingSample.dataset(untrained))
    }
    let other = try TableBenchmark(
      name: "other", [[1, 0, 1, 0]], parts: [.train], embeddings: Matrix(rows: 1, columns: 7))
    let both = try Dataset(
      catalog: dataset.catalog, benchmarks: dataset.benchmarks + TrainingSample.dataset(other).benchmarks)
    #expect(
      throws: DataError("embeddings of 'checkerboard' have 4 dimensions, those of 'other' 7")
    ) { try TrainingData(both) }
  }
}
