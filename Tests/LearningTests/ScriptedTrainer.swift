import NumericKernels
import RoutingData

@testable import Learning

/// A trainer whose fits do what a script says: its model predicts the true responses blurred by the epoch's noise.
struct ScriptedTrainer: Trainer {
  static let algorithm = "scripted"
  static let summary = "what a script says"
  static let settings: [Setting<ScriptedTrainer>] = [
    .integer("epochs", \.maximumEpochs, in: 1...100, help: "epochs at most"),
    .choice("shift", \.shift, help: "what is added to every loss", search: .logUniform(0.01, 1)),
    .number("rate", \.rate, in: .positive, help: "nothing"),
  ]

  /// The intercept of the model after each epoch: 0 is best on data with as many right as wrong answers.
  var script: [Float] = [3, 2, 1, 2, 3, 4, 5]
  var objectives: [Double] = []
  var maximumEpochs = 7
  var shift = Choice.fixed(0.01)
  var rate = 1.0
  var seed: UInt64 = 0
  /// What `auto` stands for.
  var grid = [1.0, 0.5, 0.1, 0.2, 0.3, 0.05]

  var candidates: [ScriptedTrainer] {
    guard shift == .auto else { return [self] }
    return grid.map { value in
      var candidate = self
      candidate.shift = .fixed(value)
      return candidate
    }
  }

  var remedyForDivergence: String { "choose a smaller --rate" }

  func start(on data: TrainingData) throws -> ScriptedFit { ScriptedFit(trainer: self, data: data) }
}

struct ScriptedFit: TrainingFit {
  let trainer: ScriptedTrainer
  let data: TrainingData
  private(set) var epoch = 0

  mutating func advance() throws -> Double {
    epoch += 1
    return epoch <= trainer.objectives.count ? trainer.objectives[epoch - 1] : 1 / Double(epoch)
  }

  var isFinished: Bool { epoch >= trainer.script.count }
  var highestObjective: Double { 100 }

  func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
    let offset = trainer.script[max(epoch, 1) - 1] + Float(trainer.shift.fixed ?? 0)
    let identity = data.identity(ScriptedTrainer.algorithm)
    let count = identity.llms.count
    let dimensions = data.features.standard.columns.count
    let model = try FactorModel(
      identity, llmFactors: Matrix(rows: count, columns: 1),
      llmBiases: Array(repeating: offset, count: count),
      queryEncoder: EmbeddingMap(
        benchmarks: ["checkerboard"], weights: Matrix(rows: dimensions + 1, columns: 1),
        residualCovariance: nil))
    return FittedModel(model, chosen: isFinal ? ["final": 1] : [:])
  }

  var state: TensorBundle { TensorBundle(numbers: ["epoch": [Double(epoch)]]) }

  mutating func restore(_ state: TensorBundle) throws(DataError) { epoch = Int(try state.number("epoch")) }
}
