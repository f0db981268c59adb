import Baselines
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// Which part of a split the numbers of a pool come from.
@Suite struct PoolResponsesTests {
  /// Of three LLMs llm2 is best on train, llm1 on validation and llm0 on test.
  private func table(flipping part: SplitPart? = nil) throws -> TableBenchmark {
    var rows: [[Float?]] = []
    var parts: [SplitPart] = []
    for (own, best, count) in [(SplitPart.train, 2, 10), (.validation, 1, 8), (.test, 0, 5)] {
      for query in 0..<count {
        let row: [Float] = (0..<3).map { query < (($0 == best ? 4 : 1) + $0 % 2) ? 1 : 0 }
        rows.append(row.map { own == part ? 1 - $0 : $0 })
        parts.append(own)
      }
    }
    return try TableBenchmark(rows, parts: parts)
  }

  private func responses(
    _ table: TableBenchmark, on measured: MeasuredPart = .test
  ) throws -> PoolResponses {
    try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allStrong, llms: [0, 1, 2]),
      measuredOn: measured)
  }

  @Test func everyNumberComesFromItsPart() throws {
    let pool = try responses(table())
    #expect(pool.trainMeans == [0.1, 0.2, 0.4] && pool.trainBest == 2)
    #expect(pool.candidates.trainMeans == pool.trainMeans)
    #expect(pool.means == [0.8, 0.4, 0.2] && pool.testBest == 0 && pool.trainBestMean == 0.2)
    let validation = try responses(table(), on: .validation)
    #expect(validation.means == [0.125, 0.625, 0.125] && validation.trainMeans == pool.trainMeans)
    #expect(validation.queries == Array(10..<18) && pool.queries == Array(18..<23))
  }

  @Test func answersOfOtherPartsChangeNothing() throws {
    let usual = try responses(table())
    let test = try responses(table(flipping: .test))
    #expect(test.trainMeans == usual.trainMeans && test.trainBest == 2 && test.means != usual.means)
    let validation = try responses(table(flipping: .validation))
    #expect(validation.trainMeans == usual.trainMeans && validation.values == usual.values)
    let train = try responses(table(flipping: .train))
    #expect(train.values == usual.values && train.means == usual.means && train.trainBest == 0)
  }

  @Test func theBestSingleLLMIsChosenOnTrain() throws {
    func picks(_ table: TableBenchmark) throws -> [Float] {
      try Array(
        BestSingleRouter([table.benchmark], catalog: table.catalog)
          .scores(for: table.batch(), among: table.candidates()).values.row(0))
    }
    #expect(try picks(table()) == [0, 0, 1])
    #expect(try picks(table(flipping: .test)) == [0, 0, 1])
    #expect(try picks(table(flipping: .validation)) == [0, 0, 1])
    #expect(try picks(table(flipping: .train)) == [1, 0, 0])
  }
}
