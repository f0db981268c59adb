import Factorization
import FileFormats
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing
import TwoTower

@testable import Learning

@Suite struct TrainingRunTests {
  let data: TrainingData

  init() throws { data = try TrainingData(TrainingSample.dataset(.checkerboard())) }

  private struct Killed: Error {}

  /// Trains, and stops as a killed process would after some epochs in all.
  private func train<T: Trainer>(
    _ trainer: T, patience: Int? = 2, checkpoints: CheckpointPlan? = nil,
    killedAfter limit: Int = .max
  ) throws -> TrainedModel<T.Fit.Model> {
    var epochs = 0
    return try TrainingRun(trainer, patience: patience, checkpoints: checkpoints).train(on: data) { _ in
      epochs += 1
      if epochs >= limit { throw Killed() }
    }
  }

  @Test func theBestEpochIsKept() throws {
    let record = try train(ScriptedTrainer()).record
    #expect(record.history.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(record.fits.map(\.bestEpoch) == [3] && record.fits.map(\.end) == [.patience])
    let losses = record.history.compactMap(\.validation?.logLoss)
    #expect(losses.min() == record.validation?.logLoss && losses[2] == record.validation?.logLoss)
    #expect(record.history.map(\.objective) == [1, 0.5, 1.0 / 3, 0.25, 0.2])
    #expect(record.chosen == ["final": 1] && record.algorithm == "scripted" && record.factors == 1)
  }

  /// Fits of the same epochs, judged by each metric.
  @Test(arguments: SelectionCriterion.allCases) func theCriterionChoosesTheEpoch(
    _ criterion: SelectionCriterion
  )
    throws
  {
    let dataset = try TrainingSample.synthetic()
    let trainer = LogisticMFTrainer(factors: 6, l2: .fixed(0.3), maximumSweeps: 30)
    let record = try TrainingRun(trainer, patience: nil, criterion: criterion)
      .train(on: TrainingData(dataset)) { _ in }.record
    let losses = record.history.compactMap { $0.validation.map(criterion.loss) }
    let best = try #require(losses.min())
    let kept = losses[record.fits[0].bestEpoch - 1]
    #expect(kept <= best + 1e-5 && record.criterion == criterion)
    #expect(losses[losses.count - 1] > best, "any epoch would do")
  }

  @Test func aCriterionThatIsNotDefinedIsRefused() throws {
    // One LLM answers the validation queries, so that no pool has a query that all of it answered.
    var table: [[Float?]] = []
    for query in 0..<40 {
      let (even, odd) = (Float(query % 2), Float((query + 1) % 2))
      table.append(query < 30 ? [even, odd, even, odd] : [even, nil, nil, nil])
    }
    let data = try TrainingData(
      TrainingSample.dataset(
        TableBenchmark(table, parts: (0..<40).map { $0 < 30 ? .train : .validation })))
    #expect {
      try TrainingRun(LogisticMFTrainer(factors: 2), criterion: .bestSingleModelValue)
        .train(on: data) { _ in }
    } throws: { "\($0)".contains("v-b is not defined") && "\($0)".contains("--select-by") }
  }

  @Test func dataWithoutPairsAreRefused() throws {
    // Every LLM answers every query alike.
    let table = (0..<40).map { [Float?](repeating: Float($0 % 2), count: 4) }
    let data = try TrainingData(
      TrainingSample.dataset(
        TableBenchmark(table, parts: (0..<40).map { $0 < 30 ? .train : .validation })))
    var pairwise = TwoTowerTrainer()
    pairwise.loss = .pairwise
    func train(_ trainer: some Trainer) throws { _ = try trainer.train(on: data) }
    for trainer in [BPRTrainer(), pairwise] as [any Trainer] {
      #expect(throws: DataError("no two LLMs differ on a train query: there are no pairs to learn from")) {
        try train(trainer)
      }
    }
    var expected = TwoTowerTrainer()
    (expected.loss, expected.pretrainEpochs, expected.maximumEpochs) = (.expected, 5, 5)
    #expect(throws: DataError("--pretrain-epochs 5 leave none of 5 epochs for the loss 'expected'")) {
      try expected.train(on: self.data)
    }
  }

  @Test func withoutPatienceAllEpochsAreRun() throws {
    let record = try train(ScriptedTrainer(), patience: nil).record
    #expect(record.history.count == 7 && record.fits.map(\.end) == [.converged])
    var limited = ScriptedTrainer()
    limited.maximumEpochs = 2
    let short = try train(limited).record
    #expect(short.history.count == 2 && short.fits.map(\.end) == [.limit])
  }

  @Test func twoWorseCandidatesEndTheTrials() throws {
    var trainer = ScriptedTrainer()
    trainer.script = [0, 1]
    trainer.shift = .auto
    let record = try train(trainer).record
    // 0.1 is the best so far, 0.2 and 0.3 are worse, 0.05 is never tried.
    #expect(record.fits.map { $0.chosen["shift"] } == [1, 0.5, 0.1, 0.2, 0.3])
    #expect(record.chosen["shift"] == 0.1 && record.settings["shift"] == "auto")
    #expect(record.fits.compactMap(\.validation?.logLoss).min() == record.validation?.logLoss)
  }

  @Test(arguments: [Double.nan, .infinity, 101]) func divergenceNamesTheEpochAndARemedy(_ value: Double)
    throws
  {
    var trainer = ScriptedTrainer()
    trainer.objectives = [1, value]
    do {
      _ = try train(trainer)
      Issue.record("a training that diverged ended in a model")
    } catch let error as DataError {
      #expect(error.description.contains("diverged in epoch 2"))
      #expect(error.description.contains("choose a smaller --rate"))
    }
  }

  /// Killed after every number of epochs, a run that goes on ends in the same model.
  @Test func aKilledRunGoesOnToTheSameModel() throws {
    let folder = try TemporaryFolder()
    var trainer = LogisticMFTrainer(factors: 2, maximumSweeps: 6)
    trainer.hasBenchmarkBiases = true
    let whole = try train(trainer, patience: 3)
    let epochs = whole.record.fits.reduce(0) { $0 + $1.epochs }
    #expect(whole.record.fits.count > 2, "too few fits to be killed in one after another")
    for limit in 1..<epochs {
      let path = folder["\(limit).checkpoint"]
      let plan = CheckpointPlan(path: path, interval: 2, resumes: true)
      #expect(throws: Killed.self) {
        try train(trainer, patience: 3, checkpoints: plan, killedAfter: limit)
      }
      let model = try train(trainer, patience: 3, checkpoints: plan)
      #expect(
        model.router.contents == whole.router.contents && model.record == whole.record,
        "killed after \(limit) epochs")
    }
  }

  @Test func aRunThatResumesDoesLessWork() throws {
    let folder = try TemporaryFolder()
    let plan = CheckpointPlan(path: folder["c"], interval: 1, resumes: true)
    let trainer = LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 10)
    #expect(throws: Killed.self) { try train(trainer, patience: nil, checkpoints: plan, killedAfter: 7) }
    var reported: [Int] = []
    _ = try TrainingRun(trainer, patience: nil, checkpoints: plan).train(on: data) {
      reported.append($0.epoch)
    }
    // The process died before the seventh epoch was saved.
    #expect(reported.first == 7)
  }

  @Test func checkpointsOfAnotherProcessorKernelAreRefused() throws {
    let folder = try TemporaryFolder()
    let plan = CheckpointPlan(path: folder["c"], interval: 1, resumes: true)
    let trainer = LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 5)
    #expect(throws: Killed.self) { try train(trainer, checkpoints: plan, killedAfter: 3) }
    let record = TrainingRecord(trainer, on: data, patience: 2, criterion: .logLoss)
    _ = try Checkpoint<FactorModel>(path: plan.path, for: record)
    #expect {
      try Checkpoint<FactorModel>(path: plan.path, for: record, kernel: "Z80")
    } throws: {
      let own = OpenBLASKernel.current
      return ["\(own)", "Z80", "OPENBLAS_CORETYPE=\(own)"].allSatisfy("\($0)".contains)
    }
  }

  @Test func checkpointsOfOtherRunsAreRefused() throws {
    let folder = try TemporaryFolder()
    let plan = CheckpointPlan(path: folder["c"], interval: 1, resumes: true)
    let trainer = LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 5)
    #expect(throws: Killed.self) { try train(trainer, checkpoints: plan, killedAfter: 3) }
    let before = try ByteRegion(mapping: plan.path).array
    func refusal(_ other: some Trainer, patience: Int? = 2, of data: TrainingData? = nil) -> String {
      do {
        _ = try TrainingRun(other, patience: patience, checkpoints: plan).train(on: data ?? self.data) { _ in
        }
        return "none"
      } catch { return "\(error)" }
    }
    #expect(refusal(ScriptedTrainer()).contains("its model is logistic-mf, now it is scripted"))
    #expect(
      refusal(LogisticMFTrainer(factors: 3, l2: .fixed(1), maximumSweeps: 5))
        .contains("its --factors is 2, now it is 3"))
    #expect(refusal(trainer, patience: nil).contains("its patience is 2, now it is none"))
    var other = trainer
    other.seed = 7
    #expect(refusal(other).contains("its seed is 42, now it is 7"))
    let table = try TrainingSample.dataset(.random(queryCount: 60, llmCount: 4, seed: 1))
    #expect(refusal(trainer, of: try TrainingData(table)).contains("list of benchmarks"))
    #expect(try ByteRegion(mapping: plan.path).array == before)
    #expect(throws: FileError.self) {
      try CheckpointPlan(path: plan.path, interval: 1, resumes: false).check()
    }
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let folder = try TemporaryFolder()
    let plan = CheckpointPlan(path: folder["c"], interval: 1, resumes: true)
    let trainer = LogisticMFTrainer(factors: 2, l2: .fixed(1), maximumSweeps: 5)
    #expect(throws: Killed.self) { try train(trainer, checkpoints: plan, killedAfter: 3) }
    let whole = try ByteRegion(mapping: plan.path).array
    for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
      try AtomicFile.write(Array(whole.prefix(length)), to: plan.path)
      #expect(throws: FileError.self) { try train(trainer, checkpoints: plan) }
    }
    // A bit of an array, which no length gives away.
    var flipped = whole
    flipped[whole.count - 3] ^= 4
    try AtomicFile.write(flipped, to: plan.path)
    #expect {
      try train(trainer, checkpoints: plan)
    } throws: { "\($0)".contains("is damaged") }
    // A sound file that is something else.
    try Safetensors.write([:], metadata: ["format": "pt"], to: plan.path)
    #expect(throws: FileError.self) { try train(trainer, checkpoints: plan) }
    // The right header with another array.
    try AtomicFile.write(whole, to: plan.path)
    let file = try Safetensors.open(plan.path)
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    tensors["fit/accepted/llms"] = NDArray(matrix: Matrix(rows: 3, columns: 3))
    let damaged = folder["d"]
    try Safetensors.write(tensors, metadata: file.metadata, to: damaged)
    #expect {
      try train(trainer, checkpoints: CheckpointPlan(path: damaged, interval: 1, resumes: true))
    } throws: { "\($0)".contains("is damaged") }
  }
}
