import Factorization
import Foundation
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import TwoTower

/// What the teacher says of train queries: what logistic-mf makes of their own answers.
@Suite struct LogisticMFSolutionTests {
  /// Queries differ in difficulty alone, which no embedding shows.
  private func table() throws -> TableBenchmark {
    var generator = SeededGenerator(seed: 6, stream: "difficulty")
    let easy = (0..<60).map { $0 % 2 == 0 }
    return try TableBenchmark(
      easy.map { easy in (0..<12).map { _ in generator.uniform() < (easy ? 0.9 : 0.1) ? 1 : 0 } },
      parts: (0..<60).map { $0 < 40 ? .train : $0 < 50 ? .validation : .test })
  }

  @Test func isTheFactorizationOfTheSameQueriesWithTheirBiases() throws {
    let data = try TrainingData(TrainingSample.dataset(table()))
    // One number of three is for the query's bias.
    let teacher = try LogisticMFSolution(factors: 3, seed: 42, on: data).teacher(on: data)
    var plain = LogisticMFTrainer()
    try plain.set(["factors": "2"])
    plain.seed = 42
    let model = try plain.train(on: data).router
    let own = try #require(model.queries.first)
    let rows = [5, 0, 39, 12]
    let found = teacher(0, rows)
    #expect(found.shapeText == "4 × 12")
    for (place, row) in rows.enumerated() {
      for llm in 0..<12 {
        var score = Double(own.biases[row]) + Double(model.llmBiases[llm])
        for factor in 0..<model.llmFactors.columns {
          score += Double(own.factors[row, factor]) * Double(model.llmFactors[llm, factor])
        }
        #expect(abs(Double(found[place, llm]) - 1 / (1 + exp(-score))) < 1e-5)
      }
    }
  }

  @Test func knowsAnEasyQueryFromAHardOne() throws {
    let data = try TrainingData(TrainingSample.dataset(table()))
    let found = try LogisticMFSolution(factors: 2, seed: 42, on: data).teacher(on: data)(0, Array(0..<40))
    for row in stride(from: 0, to: 40, by: 2) {
      let (easy, hard) = (found.row(row).reduce(0, +) / 12, found.row(row + 1).reduce(0, +) / 12)
      #expect(easy > hard + 0.2, "queries \(row) and \(row + 1)")
    }
  }

  @Test func theFirstEpochsOfAnotherLossPrepare() throws {
    let data = try TrainingData(TrainingSample.dataset(table()))
    for (loss, expected) in [
      ("softmax", [true, true, false, false]), ("bce", [false, false, false, false]),
    ] {
      var trainer = TwoTowerTrainer()
      try trainer.set(["factors": "2", "epochs": "4", "pretrain-epochs": "2", "loss": loss, "hidden": "none"])
      var fit = try trainer.start(on: data)
      var found: [Bool] = []
      for _ in 0..<4 {
        _ = try fit.advance()
        found.append(fit.isPreparing)
      }
      #expect(found == expected, "\(loss)")
    }
  }
}
