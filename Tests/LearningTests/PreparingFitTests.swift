import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// Epochs that only prepare a fit neither become its model nor cost its patience.
@Suite struct PreparingFitTests {
  struct PreparingTrainer: Trainer {
    static let algorithm = "preparing"
    static let summary = "what a script says, after some epochs of preparation"
    static let settings: [Setting<PreparingTrainer>] = []
    /// The first epochs predict best by far.
    var scripted: ScriptedTrainer = {
      var trainer = ScriptedTrainer()
      trainer.script = [0, 0, 3, 2, 2.5, 2.6, 2.7]
      return trainer
    }()
    var preparation = 2
    var seed: UInt64 = 0
    var maximumEpochs: Int { 7 }

    func start(on data: TrainingData) throws -> PreparingFit {
      PreparingFit(fit: try scripted.start(on: data), preparation: preparation)
    }
  }

  struct PreparingFit: TrainingFit {
    var fit: ScriptedFit
    let preparation: Int

    mutating func advance() throws -> Double { try fit.advance() }
    var isFinished: Bool { fit.isFinished }
    var isPreparing: Bool { fit.epoch <= preparation }
    func model(isFinal: Bool) throws -> FittedModel<FactorModel> { try fit.model(isFinal: isFinal) }
    var state: TensorBundle { fit.state }
    mutating func restore(_ state: TensorBundle) throws(DataError) { try fit.restore(state) }
  }

  private struct Killed: Error {}

  private func train(
    _ trainer: PreparingTrainer = PreparingTrainer(), patience: Int?, checkpoints: CheckpointPlan? = nil,
    killedAfter limit: Int = .max
  ) throws -> TrainedModel<FactorModel> {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    return try TrainingRun(trainer, patience: patience, checkpoints: checkpoints).train(on: data) {
      if $0.epoch >= limit { throw Killed() }
    }
  }

  @Test func aPreparingStateThatWouldWinIsNotKept() throws {
    let record = try train(patience: nil).record
    let losses = record.history.compactMap(\.validation?.logLoss)
    #expect(losses.count == 7 && losses.min() == losses[0], "the preparation would not win")
    #expect(record.fits.map(\.bestEpoch) == [4] && record.validation?.logLoss == losses[3])
    // Without any preparation the first epoch is the model.
    var hasty = PreparingTrainer()
    hasty.preparation = 0
    #expect(try train(hasty, patience: nil).record.fits.map(\.bestEpoch) == [1])
  }

  @Test func preparationDoesNotCostPatience() throws {
    let record = try train(patience: 1).record
    #expect(record.history.count == 5 && record.fits.map(\.bestEpoch) == [4])
    #expect(record.fits.map(\.end) == [.patience])
  }

  @Test func aRunThatWasKilledWhilePreparingGoesOnToTheSameModel() throws {
    let folder = try TemporaryFolder()
    let whole = try train(patience: 2)
    for limit in 1...4 {
      let plan = CheckpointPlan(path: folder["\(limit)"], interval: 1, resumes: true)
      #expect(throws: Killed.self) { try train(patience: 2, checkpoints: plan, killedAfter: limit) }
      let model = try train(patience: 2, checkpoints: plan)
      #expect(model.router.contents == whole.router.contents && model.record == whole.record)
    }
  }
}
