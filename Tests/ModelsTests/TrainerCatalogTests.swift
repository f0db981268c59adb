import Models
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// What every trainer of the catalogue says and learns with the settings that it has by itself.
@Suite struct TrainerCatalogTests {
  @Test(arguments: TrainerCatalog.all.indices) func everyTrainerDescribesItself(_ index: Int) throws {
    func check<T: Trainer>(_ type: T.Type) throws {
      var trainer = T()
      let texts = trainer.settingTexts
      #expect(texts.count == T.settings.count && !T.summary.isEmpty)
      try trainer.set(texts)
      #expect(trainer.settingTexts == texts)
      var generator = SeededGenerator(seed: 5)
      for setting in T.settings {
        guard let range = setting.search else { continue }
        for _ in 0..<30 { try setting.set(range.draw(using: &generator), in: &trainer) }
      }
      #expect(throws: DataError.self) { try trainer.set(["no such setting": "1"]) }
    }
    try check(TrainerCatalog.all[index])
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
        let router = try TrainingSample.train(dataset, T()).router
        let scores = try router.scores(for: table.batch(), among: table.candidates())
        let predicted = try #require(scores.probabilities)
        #expect(scores.values.isFinite)
        for row in 0..<predicted.rows {
          #expect(predicted[row, 0] > 0.6 && predicted[row, 1] < 0.4, "\(T.algorithm)")
        }
      }
      try check(type)
    }
  }
}
