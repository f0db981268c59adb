import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

@Suite struct TrainingDataTests {
  private let parts: [SplitPart] = [.train, .train, .train, .validation, .test]

  private func data(_ table: [[Float?]], empty: TrainingData.EmptyRule = .refuse) throws -> TrainingData {
    try TrainingData(TrainingSample.dataset(TableBenchmark(table, parts: parts)), empty: empty)
  }

  @Test func anLLMWithoutATrainResponseIsNamed() throws {
    let table: [[Float?]] = [[1, nil, 0], [0, nil, 1], [1, nil, 1], [1, 1, 0], [0, 1, 1]]
    #expect {
      try data(table)
    } throws: { "\($0)".contains("LLM 'llm1' has no response") && "\($0)".contains("--skip-empty") }
    let kept = try data(table, empty: .skip)
    #expect(kept.blocks[0].llms == [0, 2] && kept.llms == [0, 2] && kept.skipped == (1, 0))
    #expect(kept.blocks[0].validation.cells.columns == 2)
  }

  @Test func aTrainQueryWithoutAResponseIsNamed() throws {
    let table: [[Float?]] = [[1, 0], [nil, nil], [0, 1], [nil, nil], [1, 1]]
    #expect {
      try data(table)
    } throws: { "\($0)".contains("query 1 of benchmark 'table'") && "\($0)".contains("--skip-empty") }
    let kept = try data(table, empty: .skip)
    #expect(kept.blocks[0].train.queries == [0, 2] && kept.skipped == (0, 1))
  }

  @Test func responsesThatAreAllTheSameAreRefused() throws {
    for value: Float in [0, 1, 0.5] {
      let table: [[Float?]] = [[value, value], [value, nil], [nil, value], [1 - value, 0], [0, 1]]
      #expect(throws: DataError("all train responses are the same: there is nothing to learn")) {
        try data(table)
      }
    }
  }

  /// An LLM that is always right or always wrong is no reason to stop.
  @Test func constantColumnsAreLearnt() throws {
    let table = try TableBenchmark.checkerboard()
    var values = table.benchmark.responses.dense()
    for query in 0..<values.rows { (values[query, 0], values[query, 1]) = (1, 0) }
    var bits = BitMatrix(rows: values.rows, columns: 4)
    for query in 0..<values.rows { bits.setRow(query, from: Array(values.row(query))) }
    let dataset = try TrainingSample.dataset(
      table, responses: ResponseMatrix(GradedCells(.bits(bits))))
    for type in TrainerCatalog.all {
      func check<T: Trainer>(_ type: T.Type) throws {
        let model = try TrainingSample.train(dataset, T())
        let scores = try model.scores(for: table.batch(), llms: table.llmNames)
        let predicted = try #require(model.predictedResponses(ofScores: scores))
        #expect(scores.isFinite)
        for row in 0..<predicted.rows {
          #expect(predicted[row, 0] > 0.6 && predicted[row, 1] < 0.4, "\(T.algorithm)")
        }
      }
      try check(type)
    }
  }
}
