import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

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
    #expect(kept.blocks[0].train.rows == [0, 2] && kept.skipped == (0, 1))
  }

  @Test func responsesThatAreAllTheSameAreRefused() throws {
    for value: Float in [0, 1, 0.5] {
      let table: [[Float?]] = [[value, value], [value, nil], [nil, value], [1 - value, 0], [0, 1]]
      #expect(throws: DataError("all train responses are the same: there is nothing to learn")) {
        try data(table)
      }
    }
  }
}
