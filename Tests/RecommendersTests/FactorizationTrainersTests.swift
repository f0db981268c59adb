import LinearAlgebra
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

/// What `als`, `bpr` and `svd` have in common as trainers.
@Suite(.serialized) struct FactorizationTrainersTests {
  private struct Killed: Error {}

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

  static func train(_ trainer: any Trainer, _ dataset: Dataset) throws -> FactorModel {
    try trainer.train(on: TrainingData(dataset))
  }

  @Test(arguments: trainers) func conformance(_ trainer: any Trainer) throws {
    let suite = try RouterConformance {
      try Self.train(Self.with(["factors": "4"], trainer), TrainingSample.dataset($0))
    }
    #expect(try suite.faults() == [])
  }

  @Test(arguments: trainers) func sameBitsAtAnyThreadCount(_ trainer: any Trainer) throws {
    let dataset = try TrainingSample.synthetic(missing: 0.1)
    let fast = try Self.with(["factors": "6", "l2": "3", "ridge": "1", "max-sweeps": "5"], trainer)
    let usual = Threads.count
    defer { Threads.count = usual }
    Threads.count = 1
    let one = try Self.train(fast, dataset)
    Threads.count = 2
    let two = try Self.train(fast, dataset)
    #expect(one.arrays == two.arrays && one.training == two.training)
  }

  @Test(arguments: trainers) func valuesOfMaskedCellsChangeNothing(_ trainer: any Trainer) throws {
    let table = try TableBenchmark.checkerboard()
    let fast = try Self.with(["factors": "3", "l2": "1"], trainer)
    func train(junk: Float, masked: Bool = true) throws -> FactorModel {
      var values = table.benchmark.responses.dense()
      var observed = BitMatrix(rows: values.rows, columns: values.columns, repeating: true)
      var generator = SeededGenerator(seed: 2)
      for query in 0..<values.rows {
        for llm in 0..<values.columns where generator.uniform() < 0.3 {
          values[query, llm] = junk
          observed[query, llm] = false
        }
      }
      let target = LogisticTarget(.floats(values), observed: masked ? observed : nil)
      return try Self.train(fast, TrainingSample.dataset(table, responses: ResponseMatrix(target)))
    }
    let reference = try train(junk: 0)
    for junk: Float in [1, .nan] { #expect(try train(junk: junk).arrays == reference.arrays) }
    #expect(try train(junk: 1, masked: false).arrays != reference.arrays)
  }

  @Test(arguments: trainers) func aKilledRunGoesOnToTheSameModel(_ trainer: any Trainer) throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let folder = try TemporaryFolder()
    let short = try Self.with(["factors": "2", "l2": "1", "max-sweeps": "6"], trainer)
    func run(_ trainer: some Trainer, _ plan: CheckpointPlan?, killedAfter limit: Int = .max) throws
      -> FactorModel
    {
      var epochs = 0
      return try TrainingRun(trainer, patience: nil, checkpoints: plan).train(on: data) { _ in
        epochs += 1
        if epochs >= limit { throw Killed() }
      }
    }
    let whole = try run(short, nil)
    for limit in 1...max(whole.training.history.count - 1, 1) {
      let plan = CheckpointPlan(path: folder["\(limit).checkpoint"], interval: 1, resumes: true)
      #expect(throws: Killed.self) { _ = try run(short, plan, killedAfter: limit) }
      let model = try run(short, plan)
      #expect(model.arrays == whole.arrays && model.training == whole.training, "killed after \(limit)")
    }
  }

  @Test(arguments: trainers) func theSeedDecidesTheBits(_ trainer: any Trainer) throws {
    let dataset = try TrainingSample.synthetic()
    var fast = try Self.with(["factors": "3", "l2": "3", "ridge": "1", "max-sweeps": "2"], trainer)
    let before = try Self.train(fast, dataset).arrays
    fast.seed = 43
    #expect(try Self.train(fast, dataset).arrays != before)
  }

  @Test(arguments: trainers) func moreFactorsThanLLMsAreNotUsed(_ trainer: any Trainer) throws {
    let model = try Self.train(
      Self.with(["factors": "50", "l2": "1"], trainer), TrainingSample.dataset(.checkerboard()))
    #expect(model.llmFactors.shapeText == "4 × 4" && model.training.factors == 4)
    #expect(model.arrays.allSatisfy { $0.isFinite })
  }

  @Test(arguments: trainers) func noFactorizationIsFarBehindTheLogisticOne(_ trainer: any Trainer) throws {
    let dataset = try TrainingSample.synthetic(missing: 0.1)
    let settings = ["factors": "6", "l2": "3"]
    let logistic = try #require(
      Self.train(Self.with(settings, LogisticMFTrainer()), dataset).training.validation)
    let found = try #require(Self.train(Self.with(settings, trainer), dataset).training.validation)
    #expect(found.logLoss < logistic.logLoss + 0.02)
  }
}
