import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// Factorizations learn from answers alone where queries have no embeddings.
@Suite struct WithoutEmbeddingsTests {
  private static let trainers = ["logistic-mf", "mirt", "als", "bpr", "svd"]

  /// Even LLMs answer even queries, odd LLMs odd ones; a few answers are missing, and some can be turned round.
  private static func table(turning held: BitMatrix? = nil) throws -> TableBenchmark {
    let rows = (0..<60).map { query in
      (0..<12).map { llm -> Float? in
        if (query &* 5 &+ llm) % 11 == 0 { return nil }
        let isRight = query % 2 == llm % 2
        return (held?[query, llm] ?? false) != isRight ? 1 : 0
      }
    }
    return try TableBenchmark(rows, parts: (0..<60).map { $0 < 45 ? .train : $0 < 50 ? .validation : .test })
  }

  private static func trainer(_ algorithm: String) throws -> any Trainer {
    func make<T: Trainer>(_ type: T.Type) throws -> any Trainer {
      var trainer = T()
      let settings = ["factors": "2", "l2": "1", "max-sweeps": "30"]
      for setting in T.settings { try settings[setting.name].map { try setting.set($0, in: &trainer) } }
      return trainer
    }
    let type = try #require(TrainerCatalog.type(named: algorithm))
    return try make(type)
  }

  private static func train(_ algorithm: String, _ table: TableBenchmark) throws -> StoredModel {
    try TrainerConformanceTests.train(trainer(algorithm), data(table))
  }

  private static func data(_ table: TableBenchmark) throws -> TrainingData {
    try TrainingData(table.dataset(), withoutEmbeddings: true)
  }

  @Test func onlyFactorizationsDo() {
    let found = TrainerCatalog.all.filter { $0.learnsWithoutEmbeddings }.map { $0.algorithm }
    #expect(found == Self.trainers)
  }

  @Test func someAnswersOfEachPartAreHeldOutAndNoneTwice() throws {
    let table = try Self.table()
    let data = try Self.data(table)
    let block = data.blocks[0]
    let all = table.benchmark.responses.selecting(queries: table.benchmark.split.queries(in: .train))
    #expect(data.trainResponseCount + data.heldOutCount == all.observedCount)
    #expect((20...80).contains(data.heldOutCount) && block.validationPools.isEmpty)
    let (kept, held) = (ResponseMatrix(block.train.cells), ResponseMatrix(block.validation.cells))
    for query in 0..<45 {
      for llm in 0..<12 {
        #expect(kept[query, llm] == nil || held[query, llm] == nil)
        #expect((kept[query, llm] ?? held[query, llm]) == all[query, llm])
      }
    }
    #expect(throws: DataError.self) { try TrainingData(table.dataset()) }
  }

  @Test(arguments: trainers) func theModelPredictsWhatWasHeldOutAndRoutesNoOtherQuery(algorithm: String)
    throws
  {
    let table = try Self.table()
    let model = try Self.train(algorithm, table)
    let auc = try #require(model.record.validation?.auc)
    #expect(auc > 0.95, "\(algorithm)")
    let folder = try TemporaryFolder()
    try ModelFolder.write(model, into: folder.path)
    let read = try ModelFolder.read(folder.path)
    let known = table.batch(queries: [44, 3])
    let scores = try read.router.scores(for: known, among: table.candidates())
    #expect(try scores.values == model.router.scores(for: known, among: table.candidates()).values)
    for llm in 0..<12 { #expect((scores.values[0, llm] > scores.values[1, llm]) == (llm % 2 == 0)) }
    do {
      _ = try read.router.scores(for: table.batch(.test), among: table.candidates())
      Issue.record("it routed queries that it does not know")
    } catch let error as DataError {
      #expect(error.description.contains("was trained without query embeddings"))
    }
  }

  /// What is held out is not learned from: with the settings fixed, other answers there change no factor.
  @Test(arguments: trainers) func heldOutAnswersTeachNothing(algorithm: String) throws {
    let table = try Self.table()
    let cells = try Self.data(table).blocks[0].validation.cells
    var held = BitMatrix(rows: 60, columns: 12)
    for query in 0..<45 {
      for llm in 0..<12 { held[query, llm] = cells.observed?[query, llm] ?? false }
    }
    // Validation may well choose another epoch; the epochs themselves must not know.
    func learned(_ table: TableBenchmark) throws -> FactorModel {
      let data = try Self.data(table)
      func train<T: Trainer>(_ trainer: T) throws -> FactorModel {
        try StoredModel(TrainingRun(withoutValidation: trainer).train(on: data) { _ in }).factorModel()
      }
      let trainer = try Self.trainer(algorithm)
      return try train(trainer)
    }
    let first = try learned(table)
    let second = try learned(Self.table(turning: held))
    #expect(first.llmFactors == second.llmFactors && first.llmBiases == second.llmBiases)
    #expect(first.queries == second.queries)
  }
}
