import FileFormats
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

/// What every trainer must do; one suite that all of them are in.
@Suite(.serialized) struct TrainerConformanceTests {
  private struct Killed: Error {}

  /// A trainer with settings that make it quick on small samples.
  struct Case: Sendable, CustomTestStringConvertible {
    let trainer: any Trainer
    let testDescription: String

    init<T: Trainer>(_ type: T.Type, _ settings: [String: String] = [:]) {
      var trainer = T()
      let names = Set(T.settings.map(\.name))
      let quick = ["factors": "4", "max-sweeps": "8", "epochs": "4", "hidden": "16,8", "rate": "0.02"]
      let all = quick.filter { names.contains($0.key) }.merging(settings) { $1 }
      // A setting that does not exist makes the first test fail, by its name.
      unknown = all.keys.filter { !names.contains($0) }
      for setting in T.settings { try? all[setting.name].map { try setting.set($0, in: &trainer) } }
      self.trainer = trainer
      testDescription = "\(T.algorithm) \(settings)"
    }

    let unknown: [String]
  }

  static let cases = [
    Case(LogisticMFTrainer.self), Case(LogisticMFTrainer.self, ["benchmark-biases": "yes", "l2": "1"]),
    Case(ALSTrainer.self), Case(ALSTrainer.self, ["alpha": "0"]), Case(BPRTrainer.self),
    Case(BPRTrainer.self, ["comparisons": "2"]), Case(SVDTrainer.self),
    Case(TwoTowerTrainer.self, ["epochs": "12"]),
    Case(
      TwoTowerTrainer.self,
      [
        "epochs": "8", "loss": "softmax", "pretrain-epochs": "2", "layer-norm": "yes",
        "subscenario": "concatenate",
      ]),
    Case(TwoTowerTrainer.self, ["distill": "0.2", "epochs": "12"]), Case(RidgeTrainer.self),
    Case(KernelRidgeTrainer.self, ["search-queries": "200"]),
    Case(KernelRidgeTrainer.self, ["kernel": "cosine", "search-queries": "200"]),
    Case(KernelRidgeTrainer.self, ["exact-queries": "100", "landmarks": "60", "search-queries": "200"]),
  ]

  static func train(_ trainer: any Trainer, _ dataset: Dataset) throws -> FactorModel {
    try trainer.train(on: TrainingData(dataset))
  }

  @Test func everyTrainerIsHere() {
    let here = Set(Self.cases.map { type(of: $0.trainer).algorithm })
    #expect(here == Set(TrainerCatalog.names))
    #expect(Self.cases.flatMap(\.unknown) == [])
  }

  @Test(arguments: cases) func conformance(_ one: Case) throws {
    let suite = try RouterConformance(tolerance: 1e-4) {
      try Self.train(one.trainer, TrainingSample.dataset($0))
    }
    #expect(try suite.faults() == [])
  }

  @Test(arguments: cases) func saveThenLoadIsIdentical(_ one: Case) throws {
    let table = try TableBenchmark.checkerboard()
    let model = try Self.train(one.trainer, TrainingSample.dataset(table))
    let folder = try TemporaryFolder()
    try ModelFolder.write(model, into: folder.path)
    let loaded = try ModelFolder.read(folder.path)
    #expect(loaded.training == model.training && loaded.arrays == model.arrays)
    #expect(
      try loaded.scores(for: table.batch(), llms: table.llmNames)
        == model.scores(for: table.batch(), llms: table.llmNames))
  }

  @Test(arguments: cases) func sameBitsAtAnyThreadCount(_ one: Case) throws {
    let dataset = try TrainingSample.synthetic(missing: 0.1)
    let usual = Threads.count
    defer { Threads.count = usual }
    Threads.count = 1
    let first = try Self.train(one.trainer, dataset)
    Threads.count = 2
    let second = try Self.train(one.trainer, dataset)
    #expect(first.arrays == second.arrays && first.training == second.training)
  }

  @Test(arguments: cases) func valuesOfMaskedCellsChangeNothing(_ one: Case) throws {
    let table = try TableBenchmark.checkerboard()
    func train(junk: Float, masked: Bool = true) throws -> FactorModel {
      var values = table.benchmark.responses.dense()
      var observed = BitMatrix(rows: values.rows, columns: values.columns, repeating: true)
      var generator = SeededGenerator(seed: 2)
      for query in 0..<values.rows {
        // Every query keeps a response.
        for llm in 0..<values.columns where generator.uniform() < 0.3 && llm != query % 4 {
          values[query, llm] = junk
          observed[query, llm] = false
        }
      }
      let cells = GradedCells(.floats(values), observed: masked ? observed : nil)
      return try Self.train(
        one.trainer, TrainingSample.dataset(table, responses: ResponseMatrix(cells)))
    }
    let reference = try train(junk: 0)
    for junk: Float in [1, .nan, -1e30] {
      let model = try train(junk: junk)
      #expect(model.arrays == reference.arrays && model.training == reference.training)
    }
    #expect(try train(junk: 1, masked: false).arrays != reference.arrays)
  }

  @Test(arguments: cases) func aKilledRunGoesOnToTheSameModel(_ one: Case) throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let folder = try TemporaryFolder()
    func run(_ trainer: some Trainer, _ plan: CheckpointPlan?, killedAfter limit: Int = .max) throws
      -> FactorModel
    {
      var epochs = 0
      return try TrainingRun(trainer, patience: nil, checkpoints: plan).train(on: data) { _ in
        epochs += 1
        if epochs >= limit { throw Killed() }
      }
    }
    let whole = try run(one.trainer, nil)
    let epochs = whole.training.fits.reduce(0) { $0 + $1.epochs }
    for limit in stride(from: 1, through: max(epochs - 1, 1), by: 3) {
      let plan = CheckpointPlan(path: folder["\(limit).checkpoint"], interval: 1, resumes: true)
      #expect(throws: Killed.self) { _ = try run(one.trainer, plan, killedAfter: limit) }
      let model = try run(one.trainer, plan)
      #expect(model.arrays == whole.arrays && model.training == whole.training, "killed after \(limit)")
    }
  }
}
