import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import TwoTower

@Suite(.serialized) struct TwoTowerTrainerTests {
  /// A trainer for small samples, with some settings other than its defaults.
  static func trainer(_ settings: [String: String] = [:]) throws -> TwoTowerTrainer {
    var trainer = TwoTowerTrainer()
    try trainer.set([
      "factors": "4", "hidden": "none", "dropout": "0", "epochs": "12", "batch-size": "16", "rate": "0.02",
      "pretrain-epochs": "2", "start": "random",
    ])
    try trainer.set(settings)
    return trainer
  }

  static let everything = [
    "factors": "8", "hidden": "24,16", "activation": "gelu", "layer-norm": "yes", "dropout": "0.2",
    "subscenario": "concatenate", "distill": "0.3", "loss": "softmax", "epochs": "4", "batch-size": "140",
    "start": "logistic-mf",
  ]

  @Test(arguments: ResponseLoss.allCases) func everyLossLearnsTheCheckerboard(loss: ResponseLoss) throws {
    for settings in [[:], ["hidden": "16", "subscenario": "add"]] {
      let suite = try RouterConformance { table in
        try TrainingSample.train(
          TrainingSample.dataset(table),
          Self.trainer(["loss": loss.rawValue].merging(settings) { first, _ in first })
        ).router
      }
      #expect(try suite.faults() == [])
    }
  }

  @Test func scoresAreThoseOfTheNetworkWithItsTemperature() throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    var fit = try Self.trainer(["temperature": "0.25"]).start(on: data)
    for _ in 0..<3 { _ = try fit.advance() }
    let model = try fit.model(isFinal: false).router
    let features = data.features.blocks[0]
    let state = fit.state
    let weights = try state.vector("parameters_0", count: 16)
    let biases = try state.vector("parameters_1", count: 4)
    let vectors = Matrix(rows: 4, columns: 4, storage: try state.vector("parameters_5", count: 16))
    let offsets = try state.vector("parameters_6", count: 4)
    let scale = exp(try state.vector("parameters_8", count: 1)[0])
    let scores = try model.scores(
      for: data.blocks[0].train.queries, among: Candidates(model.identity.llms)
    ).values
    for row in 0..<10 {
      for llm in 0..<4 {
        var product: Float = 0
        for factor in 0..<4 {
          let query = (0..<4).reduce(biases[factor]) {
            $0 + weights[factor * 4 + $1] * features[row, $1] * Float(features.columns).squareRoot()
          }
          product += query * vectors[llm, factor]
        }
        #expect(abs(scores[row, llm] - (scale * product + offsets[llm])) < 1e-3)
      }
    }
    #expect(model.calibration == .logOdds)
  }

  @Test func aRestoredFitGoesOnToTheSameBits() throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let trainer = try Self.trainer(Self.everything)
    var fit = try trainer.start(on: data)
    for _ in 0..<2 { _ = try fit.advance() }
    var restored = try trainer.start(on: data)
    try restored.restore(fit.state)
    #expect(restored.state == fit.state)
    for _ in 0..<2 { #expect(try restored.advance() == fit.advance()) }
    #expect(restored.state == fit.state)
    #expect(
      try restored.model(isFinal: true).router.contents == fit.model(isFinal: true).router.contents)
  }

  @Test func aForeignStateIsRefused() throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let state = try Self.trainer(["factors": "3"]).start(on: data).state
    var fit = try Self.trainer().start(on: data)
    #expect(throws: DataError.self) { try fit.restore(state) }
    #expect(throws: DataError.self) { try fit.restore(TensorBundle()) }
  }

  @Test func aTowerThatIsSavedAndReadScoresTheSame() throws {
    let table = try TableBenchmark.checkerboard()
    for settings in [Self.everything, ["subscenario": "add"], [:]] {
      let trained = try TrainingSample.train(
        TrainingSample.dataset(table), Self.trainer(settings.merging(["factors": "3"]) { $1 }))
      let model = trained.router
      let folder = try TemporaryFolder()
      try ModelFolder.write(StoredModel(trained), into: folder.path)
      let loaded = try ModelFolder.read(folder.path).factorModel()
      #expect(
        loaded.queryEncoder.tensors == model.queryEncoder.tensors && loaded.calibration == model.calibration)
      let rows = try #require(table.batch().rows)
      let batch = QueryBatch(
        embeddings: table.batch().embeddings, benchmark: "checkerboard",
        subscenarios: rows.map { ["s0", "s1", "unknown"][$0 % 3] }, rows: rows)
      let scores = try model.scores(for: batch, among: Candidates(table.llmNames)).values
      #expect(try loaded.scores(for: batch, among: Candidates(table.llmNames)).values == scores)
      // A sub-scenario changes the score where the tower uses them.
      let plain = QueryBatch(embeddings: batch.embeddings, benchmark: "checkerboard", rows: rows)
      let without = try model.scores(for: plain, among: Candidates(table.llmNames)).values
      #expect((without == scores) == settings.isEmpty)
    }
  }

  @Test func damagedTowersAreRefused() throws {
    let model = try TrainingSample.train(
      TrainingSample.dataset(.checkerboard()), Self.trainer(Self.everything.merging(["factors": "3"]) { $1 })
    ).router
    let tensors = model.queryEncoder.tensors
    #expect(try QueryTower(tensors: tensors).tensors == tensors)
    for name in tensors.matrices.keys {
      var missing = tensors
      missing.matrices[name] = nil
      #expect(throws: DataError.self) { try QueryTower(tensors: missing) }
      var misshapen = tensors
      misshapen.matrices[name] = Matrix(rows: 2, columns: 2)
      #expect(throws: DataError.self) { try QueryTower(tensors: misshapen) }
    }
    for name in tensors.texts.keys {
      var missing = tensors
      missing.texts[name] = nil
      #expect(throws: DataError.self) { try QueryTower(tensors: missing) }
    }
    for (name, value) in [("layers", 0.0), ("layers", 9), ("layers", 1.5)] {
      var wrong = tensors
      wrong.numbers[name] = [value]
      #expect(throws: DataError.self) { try QueryTower(tensors: wrong) }
    }
  }

  @Test func aRateThatDivergesIsReported() throws {
    do {
      _ = try TrainingSample.train(TrainingSample.dataset(.checkerboard()), Self.trainer(["rate": "1e20"]))
      Issue.record("a diverging rate gave a model")
    } catch let error as DataError {
      #expect(error.description.contains("two-tower diverged in epoch 1"), "\(error)")
      #expect(error.description.contains("--rate"), "\(error)")
    }
  }

  /// The state of an epoch of pretraining is never kept, however well it predicts.
  @Test func pretrainingNeverBecomesTheModel() throws {
    let dataset = try TrainingSample.dataset(.checkerboard())
    let settings = ["loss": "expected", "pretrain-epochs": "5", "epochs": "9"]
    let training = try TrainingSample.train(dataset, Self.trainer(settings)).record
    #expect(training.fits[0].bestEpoch > 5 && training.history.count == 9)
    #expect(training.history[4].objective > 0 && training.history[5].objective < 0)
  }

  @Test func settingsHaveTheirLimits() throws {
    for (name, text) in [
      ("hidden", "1,2,3,4"), ("hidden", "0"), ("dropout", "1"), ("warm-up", "1"), ("distill", "1.1"),
      ("rate", "0"), ("temperature", "0"), ("loss", "hinge"), ("epochs", "0"), ("weight-decay", "-1"),
    ] {
      #expect(throws: DataError.self) { try Self.trainer([name: text]) }
    }
  }
}
