import Baselines
import Factorization
import FileFormats
import Foundation
import Learning
import Metrics
import Models
import NumericKernels
import Regression
import Routing
import RoutingData
import TestSupport
import Testing
import TwoTower

/// What every trainer must do; one suite that all of the catalogue are in.
@Suite(.serialized) struct TrainerConformanceTests {
  private struct Killed: Error {}

  /// A trainer with settings that make it quick on small samples.
  struct Case: Sendable, CustomTestStringConvertible {
    let trainer: any Trainer
    let testDescription: String
    /// Settings that the trainer does not have.
    let unknown: [String]

    init<T: Trainer>(_ type: T.Type, _ settings: [String: String] = [:]) {
      var trainer = T()
      let names = Set(T.settings.map(\.name))
      let all = quick.filter { names.contains($0.key) }.merging(quickest[T.algorithm] ?? [:]) { $1 }
        .merging(settings) { $1 }
      // A setting that does not exist makes the first test fail, by its name.
      unknown = all.keys.filter { !names.contains($0) }
      for setting in T.settings { try? all[setting.name].map { try setting.set($0, in: &trainer) } }
      self.trainer = trainer
      testDescription = "\(T.algorithm) \(settings)"
    }
  }

  /// Settings that make any trainer that has them quick.
  private static let quick = ["factors": "4", "max-sweeps": "8"]
  /// Further ones of some trainers, with which they still learn the checkerboard.
  private static let quickest = [
    "two-tower": ["epochs": "12", "hidden": "16,8", "rate": "0.02"],
    "kernel-ridge": ["search-queries": "200"],
    "linear": ["epochs": "20", "rate": "0.1"], "mlp": ["epochs": "12", "rate": "0.01"],
  ]

  /// Every trainer of the catalogue by itself, and some with other settings.
  static let cases =
    TrainerCatalog.all.map { type in
      func usual<T: Trainer>(_ type: T.Type) -> Case { Case(type) }
      return usual(type)
    } + [
      Case(LogisticMFTrainer.self, ["benchmark-biases": "yes", "l2": "1"]),
      Case(ALSTrainer.self, ["alpha": "0"]), Case(BPRTrainer.self, ["comparisons": "2"]),
      Case(
        TwoTowerTrainer.self,
        [
          "epochs": "8", "loss": "softmax", "pretrain-epochs": "2", "layer-norm": "yes",
          "subscenario": "concatenate",
        ]),
      Case(TwoTowerTrainer.self, ["distill": "0.2"]),
      Case(KernelRidgeTrainer.self, ["kernel": "cosine"]),
      Case(KernelRidgeTrainer.self, ["exact-queries": "100", "landmarks": "60"]),
      Case(NearestNeighbourTrainer.self, ["neighbours": "12"]),
      Case(ClusterTrainer<CentroidClusters>.self, ["clusters": "7", "starts": "2"]),
      Case(NetworkTrainer<LinearShape>.self, ["preset": "paper", "epochs": "3", "rate": "0.01"]),
    ]

  /// Trains, and stops as a killed process would after some epochs in all.
  static func train(
    _ trainer: any Trainer, _ data: TrainingData, checkpoints: CheckpointPlan? = nil, patience: Int? = nil,
    killedAfter limit: Int = .max
  ) throws -> StoredModel {
    func train<T: Trainer>(_ trainer: T) throws -> StoredModel {
      var epochs = 0
      let run = TrainingRun(trainer, patience: patience, checkpoints: checkpoints)
      return StoredModel(
        try run.train(on: data) { _ in
          epochs += 1
          if epochs >= limit { throw Killed() }
        })
    }
    return try train(trainer)
  }

  static func train(_ trainer: any Trainer, _ dataset: Dataset) throws -> StoredModel {
    try train(trainer, TrainingData(dataset), patience: TrainingRun<LogisticMFTrainer>.standardPatience)
  }

  static func isSame(_ left: StoredModel, _ right: StoredModel) -> Bool {
    left.router.contents == right.router.contents && left.router.identity == right.router.identity
      && left.record == right.record
  }

  @Test func everySettingOfACaseExists() {
    #expect(Self.cases.flatMap(\.unknown) == [])
    #expect(Set(Self.quickest.keys).isSubset(of: TrainerCatalog.names))
    #expect(Set(TrainerCatalog.names).count == TrainerCatalog.all.count, "a name occurs twice")
  }

  @Test(arguments: cases) func conformance(_ one: Case) throws {
    let suite = try RouterConformance(tolerance: 1e-4) {
      try Self.train(one.trainer, TrainingSample.dataset($0)).router
    }
    #expect(try suite.faults() == [])
  }

  /// As `rs-eval` trains routers of one pool: on the train queries alone, with what can be prepared prepared.
  @Test(arguments: cases.filter { type(of: $0.trainer).scope == .pool })
  func routersOfOnePoolConform(_ one: Case) throws {
    func check<T: Trainer>(_ trainer: T) throws {
      let suite = try RouterConformance { try $0.trained(trainer, llms: [0, 1, 2, 3], name: "mine") }
      #expect(try suite.faults() == [])
      let table = try TableBenchmark.checkerboard()
      // What is prepared changes no bit, nor does whom else the queries were prepared for.
      let prepared = try trainer.prepared(for: TrainQueries(table.batch(.train)))
      for llms in [[0, 1, 2, 3], [3, 1]] {
        let data = table.poolData(llms)
        let plain = try TrainingRun(withoutValidation: trainer).train(on: data) { _ in }
        let quick = try TrainingRun(withoutValidation: prepared).train(on: data) { _ in }
        #expect(plain.router.contents == quick.router.contents && plain.record == quick.record)
        #expect(plain.router.identity.llms == llms.map { "llm\($0)" })
      }
    }
    try check(one.trainer)
  }

  @Test(arguments: cases) func whatIsDoneIsRecorded(_ one: Case) throws {
    func check<T: Trainer>(_ trainer: T) throws {
      let dataset = try TrainingSample.dataset(.checkerboard())
      let model = try TrainingSample.train(dataset, trainer)
      let record = model.record
      #expect(record.algorithm == T.algorithm && record.seed == trainer.seed)
      #expect(record.settings == trainer.settingTexts)
      #expect(record.benchmarks == ["checkerboard"] && record.encoder == "encoder")
      #expect(record.factors == model.router.factorCount)
      #expect(!record.history.isEmpty && !record.fits.isEmpty)
      #expect(record.history.allSatisfy { $0.objective.isFinite && $0.validation != nil })
      #expect(
        record.validation != nil && record.fits.compactMap(\.validation).contains { $0 == record.validation })
      // What is chosen has the name of a setting.
      let names = Set(T.settings.map(\.name)).union(["width"])
      #expect(Set(record.chosen.keys).isSubset(of: names))
      let identity = model.router.identity
      #expect(identity.name == T.algorithm && identity.encoder == "encoder")
      #expect(identity.llms == dataset.catalog.names)
    }
    try check(one.trainer)
  }

  @Test(arguments: cases) func saveThenLoadIsIdentical(_ one: Case) throws {
    let table = try TableBenchmark.checkerboard()
    let model = try Self.train(one.trainer, TrainingSample.dataset(table))
    let folder = try TemporaryFolder()
    try ModelFolder.write(model, into: folder.path)
    let loaded = try ModelFolder.read(folder.path)
    #expect(Self.isSame(loaded, model))
    let (batch, candidates) = (table.batch(), table.candidates())
    let before = try model.router.scores(for: batch, among: candidates)
    let after = try loaded.router.scores(for: batch, among: candidates)
    #expect(before.values == after.values && before.probabilities == after.probabilities)
    #expect(
      try SelectionProbabilities.of(model.router, scores: before, for: batch, among: candidates)
        == SelectionProbabilities.of(loaded.router, scores: after, for: batch, among: candidates))
    // Saved again, it is the same bytes.
    let again = try TemporaryFolder()
    try ModelFolder.write(loaded, into: again.path)
    #expect(try ModelFolder.digest(of: again.path) == ModelFolder.digest(of: folder.path))
  }

  /// An array that is missing, of another shape or not finite is a fault of the folder, never a crash or a model.
  @Test(arguments: cases) func damagedArraysAreRefused(_ one: Case) throws {
    let folder = try TemporaryFolder()
    try ModelFolder.write(
      Self.train(one.trainer, TrainingSample.dataset(.checkerboard())), into: folder.path)
    let path = folder["model.safetensors"]
    let file = try Safetensors.open(path)
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    for (name, original) in tensors {
      var wrong: [NDArray?] = [
        nil, NDArray(floats: [], shape: [0]), NDArray(floats: [], shape: [0, 9]),
        NDArray(floats: [1], shape: [1, 1, 1]),
        NDArray(floats: Array(repeating: 1, count: 63), shape: [7, 9]),
        NDArray(floats: [1, 2, 3, 4, 5, 6, 7], shape: [7]),
      ]
      if original.elementType != .int64 {
        var floats = try original.floats()
        floats[floats.count - 1] = .nan
        wrong.append(NDArray(floats: floats, shape: original.shape))
      }
      for (index, array) in wrong.enumerated() {
        var damaged = tensors
        damaged[name] = array
        try Safetensors.write(damaged, to: path)
        #expect(throws: FileError.self, "array '\(name)', damage \(index)") {
          try ModelFolder.read(folder.path)
        }
      }
    }
  }

  /// A number or text that is gone is a fault too, unless the model is the same without it.
  @Test(arguments: cases) func missingNumbersAndTextsAreRefused(_ one: Case) throws {
    let folder = try TemporaryFolder()
    let model = try Self.train(one.trainer, TrainingSample.dataset(.checkerboard()))
    try ModelFolder.write(model, into: folder.path)
    let path = folder["config.json"]
    let object = try JSONSerialization.jsonObject(with: Data(ByteRegion(mapping: path).array))
    let whole = try #require(object as? [String: Any])
    for part in ["numbers", "texts"] {
      let values = try #require(whole[part] as? [String: Any])
      for name in values.keys {
        var damaged = whole
        damaged[part] = values.filter { $0.key != name }
        try AtomicFile.write([UInt8](JSONSerialization.data(withJSONObject: damaged)), to: path)
        do throws(FileError) {
          #expect(Self.isSame(try ModelFolder.read(folder.path), model), "'\(name)' of \(part)")
        } catch {
          #expect([folder.path, path].contains(error.path))
        }
      }
    }
  }

  @Test(arguments: cases) func sameBitsAtAnyThreadCount(_ one: Case) throws {
    let dataset = try TrainingSample.synthetic(missing: 0.1)
    let usual = Threads.count
    defer { Threads.count = usual }
    Threads.count = 1
    let first = try Self.train(one.trainer, dataset)
    Threads.count = 2
    let second = try Self.train(one.trainer, dataset)
    #expect(Self.isSame(first, second))
  }

  @Test(arguments: cases) func valuesOfMaskedCellsChangeNothing(_ one: Case) throws {
    let table = try TableBenchmark.checkerboard()
    func train(junk: Float, masked: Bool = true) throws -> StoredModel {
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
    for junk: Float in [1, .nan, -1e30] { #expect(Self.isSame(try train(junk: junk), reference)) }
    #expect(try train(junk: 1, masked: false).router.contents != reference.router.contents)
  }

  @Test(arguments: cases) func aKilledRunGoesOnToTheSameModel(_ one: Case) throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let folder = try TemporaryFolder()
    let whole = try Self.train(one.trainer, data)
    let epochs = whole.record.fits.reduce(0) { $0 + $1.epochs }
    for limit in stride(from: 1, through: max(epochs - 1, 1), by: 3) {
      let plan = CheckpointPlan(path: folder["\(limit).checkpoint"], interval: 1, resumes: true)
      #expect(throws: Killed.self) {
        _ = try Self.train(one.trainer, data, checkpoints: plan, killedAfter: limit)
      }
      let model = try Self.train(one.trainer, data, checkpoints: plan)
      #expect(Self.isSame(model, whole), "killed after \(limit)")
      // Killed once more, after the last checkpoint: the fit is over, its model is still to be made.
      #expect(Self.isSame(try Self.train(one.trainer, data, checkpoints: plan), whole))
    }
  }
}
