import FileFormats
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// Which part of a split each piece of a training comes from.
@Suite struct TrainingPartsTests {
  private let table: TableBenchmark

  init() throws { table = try TableBenchmark.random(queryCount: 300, llmCount: 30, seed: 9) }

  /// The data with the answers of some parts turned round.
  private func data(flipping parts: Set<SplitPart> = []) throws -> TrainingData {
    var values = table.benchmark.responses.dense()
    for (query, part) in table.benchmark.split.parts.enumerated() where parts.contains(part) {
      for llm in 0..<values.columns { values[query, llm] = 1 - values[query, llm] }
    }
    return try TrainingData(
      TrainingSample.dataset(table, responses: ResponseMatrix(GradedCells(.floats(values)))))
  }

  @Test func partsAreThoseOfTheSplit() throws {
    let block = try data().blocks[0]
    let (split, responses) = (table.benchmark.split, table.benchmark.responses.dense())
    for (found, part) in [(block.train, SplitPart.train), (block.validation, .validation)] {
      let rows = split.queries(in: part)
      #expect(found.rows == rows && found.count > 0)
      #expect(ResponseMatrix(found.cells).dense() == responses.selecting(rows: rows))
    }
  }

  @Test func validationPoolsAreChosenOnTrainAlone() throws {
    let usual = try data().blocks[0].validationPools
    #expect(usual.map(\.size) == [3, 3, 3, 5, 5, 5, 10, 10, 10])
    for parts: Set<SplitPart> in [[.test], [.validation], [.validation, .test]] {
      #expect(try data(flipping: parts).blocks[0].validationPools == usual)
    }
    #expect(try data(flipping: [.train]).blocks[0].validationPools != usual)
  }

  /// A router whose scores say little, so that what they are calibrated on shows.
  private func calibration(on data: TrainingData) throws -> Calibration {
    let identity = RouterIdentity(name: "fixed", encoder: nil, llms: table.llmNames)
    let dimensions = data.blocks[0].train.embeddings.columns
    return try FactorModel(
      identity, llmFactors: Matrix(rows: 30, columns: 1), llmBiases: (0..<30).map { Float($0) / 15 - 1 },
      queryEncoder: EmbeddingMap(
        benchmarks: ["random"], weights: Matrix(rows: dimensions + 1, columns: 1), residualCovariance: nil)
    ).calibrated(on: data).calibration
  }

  @Test func aCalibrationIsFittedOnValidation() throws {
    let usual = try calibration(on: data())
    #expect(usual != .logOdds)
    for parts: Set<SplitPart> in [[.train], [.test], [.train, .test]] {
      #expect(try calibration(on: data(flipping: parts)) == usual)
    }
    #expect(try calibration(on: data(flipping: [.validation])) != usual)
  }

  @Test func aCalibrationWithoutValidationIsFittedOnTrain() throws {
    let parts = table.benchmark.split.parts.map { $0 == .validation ? SplitPart.test : $0 }
    let rows = (0..<300).map { query in (0..<30).map { table.benchmark.responses[query, $0] } }
    let bare = try TableBenchmark(name: "random", rows, parts: parts)
    #expect(try calibration(on: TrainingData(TrainingSample.dataset(bare))) != .logOdds)
  }
}
