import FileFormats
import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Regression

/// `ridge` and `kernel-ridge` as trainers: states, settings and several benchmarks.
@Suite(.serialized) struct ClosedFormTrainerTests {
  /// One of each, with what makes it small enough for a table of 160 train queries.
  static let trainers: [any Trainer] = [
    RidgeTrainer(), KernelRidgeTrainer(), make(KernelRidgeTrainer()) { $0.kernel = .cosine },
    make(KernelRidgeTrainer()) { ($0.exactQueries, $0.landmarks) = (100, 60) },
  ]

  static func make<T>(_ value: T, _ change: (inout T) -> Void) -> T {
    var value = value
    change(&value)
    return value
  }

  static func train(_ trainer: some Trainer, _ dataset: Dataset) throws -> TrainedModel<FactorModel> {
    try TrainingSample.factorModel(dataset, trainer)
  }

  private static func expectSameBits<T: Trainer>(_ trainer: T, _ data: TrainingData) throws {
    var fit = try trainer.start(on: data)
    _ = try fit.advance()
    var other = try trainer.start(on: data)
    try other.restore(fit.state)
    #expect(other.isFinished && other.state == fit.state)
    let (before, after) = (try fit.model(isFinal: true), try other.model(isFinal: true))
    #expect(
      before.router.contents == after.router.contents && before.router.identity == after.router.identity)
    #expect(before.chosen == after.chosen)
  }

  @Test(arguments: trainers) func aRestoredFitHasTheSameBits(trainer: any Trainer) throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    try Self.expectSameBits(trainer, data)
  }

  @Test func aStateThatDoesNotFitIsRefused() throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    var fit = try RidgeTrainer().start(on: data)
    _ = try fit.advance()
    let changes: [(inout TensorBundle) throws -> Void] = [
      { try Self.misshape("llm_factors", in: &$0) }, { try Self.misshape("query_encoder/weights", in: &$0) },
      { try #require($0.vectors.updateValue([1, 2, 3], forKey: "model/llm_biases") != nil) },
      { try #require($0.numbers.removeValue(forKey: "model/calibration") != nil) },
    ]
    for change in changes {
      var state = fit.state
      try change(&state)
      #expect(throws: DataError.self) { try fit.restore(state) }
    }
  }

  private static func misshape(_ name: String, in state: inout TensorBundle) throws {
    try #require(state.matrices.updateValue(Matrix(rows: 3, columns: 9), forKey: "model/\(name)") != nil)
  }

  @Test func kernelMapsThatDoNotFitAreRefused() throws {
    let map = KernelMap(
      kernel: .gaussian(gamma: 1), landmarks: Matrix(rows: 3, columns: 2),
      coefficients: Matrix(rows: 3, columns: 4))
    #expect(try KernelMap(tensors: map.tensors) == map)
    let changes: [(inout TensorBundle) -> Void] = [
      { $0.matrices["landmarks"] = nil },
      { $0.matrices["coefficients"] = Matrix(rows: 2, columns: 4) }, { $0.texts["kernel"] = ["square"] },
      { $0.numbers["gamma"] = [-1] },
    ]
    for change in changes {
      #expect(throws: DataError.self) { try KernelMap(tensors: Self.make(map.tensors, change)) }
    }
  }

  @Test func whatIsChosenIsRecordedAndWhatIsGivenIsKept() throws {
    let dataset = try TrainingSample.dataset(.checkerboard())
    let chosen = try Self.train(KernelRidgeTrainer(), dataset).record
    #expect(Set(chosen.chosen.keys) == ["l2", "width"] && chosen.settings["l2"] == "auto")
    #expect(chosen.history.count == 1)
    let given = Self.make(KernelRidgeTrainer()) { ($0.l2, $0.width) = (.fixed(2), .fixed(0.5)) }
    #expect(try Self.train(given, dataset).record.chosen.isEmpty)
    let ridge = try Self.train(RidgeTrainer(), dataset).record
    #expect(Set(ridge.chosen.keys) == ["l2"])
  }

  @Test(arguments: ["0", "-1", "nan", "x"]) func penaltiesThatAreNotPositiveAreRefused(text: String) {
    #expect(throws: DataError.self) {
      var trainer = RidgeTrainer()
      try trainer.set(["l2": text])
    }
    #expect(throws: DataError.self) {
      var trainer = KernelRidgeTrainer()
      try trainer.set(["width": text])
    }
  }

  @Test func aRankAboveTheNumberOfLLMsIsRefused() throws {
    let dataset = try TrainingSample.dataset(.checkerboard())
    #expect(throws: DataError.self) { try Self.train(Self.make(RidgeTrainer()) { $0.rank = 5 }, dataset) }
    #expect(throws: DataError.self) {
      try Self.train(Self.make(KernelRidgeTrainer()) { $0.rank = 5 }, dataset)
    }
    #expect(
      try Self.train(Self.make(KernelRidgeTrainer()) { $0.rank = 1 }, dataset).router.llmFactors.columns == 1)
  }

  /// Two benchmarks of which each has LLMs that the other has not: one space of LLMs.
  @Test(arguments: [0, 1]) func severalBenchmarksShareTheirLLMs(kind: Int) throws {
    let dataset = try SyntheticGenerator.generate(
      SyntheticOptions(llms: 12, queries: 600, factors: 3, dimensions: 8, seed: 3, missing: 0))
    let whole = dataset.benchmarks
    #expect(whole.count > 1)
    let parts = try whole.enumerated().map { index, benchmark in
      try benchmark.selecting(llms: index == 0 ? Array(0..<8) : Array(4..<12))
    }
    let cut = try Dataset(catalog: dataset.catalog, benchmarks: parts)
    let model = kind == 0 ? try Self.train(RidgeTrainer(), cut) : try Self.train(KernelRidgeTrainer(), cut)
    #expect(model.router.identity.llms.count == 12 && model.router.benchmarkBiases.count == whole.count)
    let auc = try #require(model.record.validation?.auc)
    #expect(auc > 0.55)
    #expect(model.router.isFinite)
  }
}
