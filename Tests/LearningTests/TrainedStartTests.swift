import RoutingData
import TestSupport
import Testing

@testable import Learning

/// A fit that begins at a model in its own right keeps it unless an epoch predicts validation better.
@Suite struct TrainedStartTests {
  struct TrainedStartTrainer: Trainer {
    static let algorithm = "trained-start"
    static let summary = "what a script says, after a start that may be good"
    static let settings: [Setting<TrainedStartTrainer>] = []
    var scripted = ScriptedTrainer()
    /// The intercept of the model before the first epoch.
    var intercept: Float = 0
    var beginsTrained = true
    var seed: UInt64 = 0
    var maximumEpochs: Int { 7 }

    func start(on data: TrainingData) throws -> TrainedStartFit {
      var before = scripted
      before.script = [intercept]
      var first = try before.start(on: data)
      _ = try first.advance()
      return TrainedStartFit(first: first, fit: try scripted.start(on: data), beginsTrained: beginsTrained)
    }
  }

  struct TrainedStartFit: TrainingFit {
    let first: ScriptedFit
    var fit: ScriptedFit
    let beginsTrained: Bool

    mutating func advance() throws -> Double { try fit.advance() }
    var isFinished: Bool { fit.isFinished }
    func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
      try fit.epoch == 0 ? first.model(isFinal: isFinal) : fit.model(isFinal: isFinal)
    }
    var state: TensorBundle { fit.state }
    mutating func restore(_ state: TensorBundle) throws(DataError) { try fit.restore(state) }
  }

  private struct Killed: Error {}

  private func train(
    _ trainer: TrainedStartTrainer, patience: Int?, checkpoints: CheckpointPlan? = nil,
    killedAfter limit: Int = .max
  ) throws -> TrainingRecord {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    return try TrainingRun(trainer, patience: patience, checkpoints: checkpoints).train(on: data) {
      if $0.epoch >= limit { throw Killed() }
    }.record
  }

  @Test func aStartThatNoEpochBeatsIsTheModel() throws {
    let record = try train(TrainedStartTrainer(), patience: nil)
    let losses = record.history.compactMap(\.validation?.logLoss)
    #expect(record.fits.map(\.bestEpoch) == [0] && losses.count == 7)
    let (kept, least) = (try #require(record.validation?.logLoss), try #require(losses.min()))
    #expect(kept < least)
    // One that is worse is beaten, and one that is no model is never kept.
    #expect(try train(TrainedStartTrainer(intercept: 4), patience: nil).fits.map(\.bestEpoch) == [3])
    #expect(try train(TrainedStartTrainer(beginsTrained: false), patience: nil).fits.map(\.bestEpoch) == [3])
  }

  @Test func patienceCountsFromTheStart() throws {
    let record = try train(TrainedStartTrainer(), patience: 2)
    #expect(record.history.count == 2 && record.fits.map(\.end) == [.patience])
  }

  @Test func aRunThatWasKilledKeepsItsStart() throws {
    let folder = try TemporaryFolder()
    let plan = CheckpointPlan(path: folder["checkpoint"], interval: 1, resumes: true)
    #expect(throws: Killed.self) {
      try train(TrainedStartTrainer(), patience: nil, checkpoints: plan, killedAfter: 3)
    }
    #expect(
      try train(TrainedStartTrainer(), patience: nil, checkpoints: plan)
        == train(TrainedStartTrainer(), patience: nil))
  }
}
