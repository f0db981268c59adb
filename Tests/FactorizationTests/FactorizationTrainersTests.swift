import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Factorization

/// What `als`, `bpr` and `svd` have in common as trainers.
@Suite(.serialized) struct FactorizationTrainersTests {
  static let trainers: [any Trainer] = {
    var unweighted = ALSTrainer()
    unweighted.alpha = 0
    var short = BPRTrainer()
    short.comparisons = 2
    return [ALSTrainer(), unweighted, short, SVDTrainer()]
  }()

  /// The same trainer with settings changed.
  static func with(_ texts: [String: String], _ trainer: some Trainer) throws -> any Trainer {
    var changed = trainer
    try changed.set(texts.filter { name, _ in type(of: trainer).settings.contains { $0.name == name } })
    return changed
  }

  static func train(_ trainer: any Trainer, _ dataset: Dataset) throws -> TrainedModel<FactorModel> {
    try TrainingSample.factorModel(dataset, trainer)
  }

  @Test(arguments: trainers) func theSeedDecidesTheBits(_ trainer: any Trainer) throws {
    let dataset = try TrainingSample.synthetic()
    var fast = try Self.with(["factors": "3", "l2": "3", "ridge": "1", "max-sweeps": "2"], trainer)
    let before = try Self.train(fast, dataset).router.contents
    fast.seed = 43
    #expect(try Self.train(fast, dataset).router.contents != before)
  }

  @Test(arguments: trainers) func moreFactorsThanLLMsAreNotUsed(_ trainer: any Trainer) throws {
    let model = try Self.train(
      Self.with(["factors": "50", "l2": "1"], trainer), TrainingSample.dataset(.checkerboard()))
    #expect(model.router.llmFactors.shapeText == "4 × 4" && model.record.factors == 4)
    #expect(model.router.isFinite)
  }

  @Test(arguments: trainers) func noFactorizationIsFarBehindTheLogisticOne(_ trainer: any Trainer) throws {
    let dataset = try TrainingSample.synthetic(missing: 0.1)
    let settings = ["factors": "6", "l2": "3"]
    let logistic = try #require(
      Self.train(Self.with(settings, LogisticMFTrainer()), dataset).record.validation)
    let found = try #require(Self.train(Self.with(settings, trainer), dataset).record.validation)
    #expect(found.logLoss < logistic.logLoss + 0.02)
  }
}
