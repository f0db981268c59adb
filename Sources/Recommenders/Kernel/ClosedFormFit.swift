import NumericKernels
import RoutingData

/// A fit in closed form: one epoch, whose objective is the mean squared leave-one-out error.
public struct ClosedFormFit<Encoder: QueryEncoder>: TrainingFit {
  /// What was fitted.
  struct Solution: Sendable {
    let encoder: Encoder
    let llmFactors: Matrix
    let biases: InterceptBiases
    /// The settings that were chosen, by name.
    let chosen: [String: Double]
    /// The mean squared leave-one-out error.
    let error: Double
  }

  private let data: TrainingData
  private let solve: @Sendable (RegressionProblem) throws -> Solution
  private var fitted: FactorModel?
  private var error = Double.infinity

  /// A fit that is still to be made.
  init(_ data: TrainingData, solve: @escaping @Sendable (RegressionProblem) throws -> Solution) {
    self.data = data
    self.solve = solve
  }

  /// The whole fit.
  public mutating func advance() throws -> Double {
    let solution = try solve(RegressionProblem(data))
    var benchmarkBiases: [String: [Float]] = [:]
    if data.blocks.count > 1 {
      for (row, block) in data.blocks.enumerated() {
        benchmarkBiases[block.benchmark] = Array(solution.biases.benchmarks.row(row))
      }
    }
    fitted = try model(
      solution.llmFactors, solution.biases.llms, benchmarkBiases, solution.encoder, chosen: solution.chosen)
    error = solution.error
    return error
  }

  /// A model with its calibration: scores are predicted responses, not log-odds.
  private func model(
    _ llmFactors: Matrix, _ llmBiases: [Float], _ benchmarkBiases: [String: [Float]], _ encoder: Encoder,
    calibration: Calibration? = nil, chosen: [String: Double]
  ) throws -> FactorModel {
    func assemble(_ calibration: Calibration) throws(DataError) -> FactorModel {
      try FactorModel(
        llmNames: data.llms.map { data.llmNames[$0] }, llmFactors: llmFactors, llmBiases: llmBiases,
        benchmarkBiases: benchmarkBiases, encoder: encoder, calibration: calibration)
    }
    let plain = try assemble(.logOdds)
    var model = try assemble(calibration ?? MappedFactors.calibration(of: plain, on: data))
    model.training.chosen = chosen
    return model
  }

  /// Whether the fit was made.
  public var isFinished: Bool { fitted != nil }

  /// One.
  public var expectedEpochs: Double? { 1 }

  /// The model; there is none before the only epoch.
  public func model(isFinal: Bool) throws -> FactorModel {
    guard let fitted else { preconditionFailure("a model before the fit") }
    return fitted
  }

  /// The model's parts; nothing before the fit.
  public var state: TensorBundle {
    guard let fitted else { return TensorBundle() }
    var bundle = TensorBundle(
      matrices: ["llm_factors": fitted.llmFactors, "llm_biases": Matrix([fitted.llmBiases])],
      numbers: [
        "error": [error],
        "calibration": [Double(fitted.calibration.slope), Double(fitted.calibration.intercept)],
        "chosen": fitted.training.chosen.sorted { $0.key < $1.key }.map(\.value),
      ], texts: ["chosen": fitted.training.chosen.keys.sorted()])
    for (name, biases) in fitted.benchmarkBiases {
      bundle.matrices["benchmark_biases/\(name)"] = Matrix([biases])
    }
    let encoder = fitted.encoder.tensors
    for (name, matrix) in encoder.matrices { bundle.matrices["encoder/\(name)"] = matrix }
    for (name, numbers) in encoder.numbers { bundle.numbers["encoder/\(name)"] = numbers }
    for (name, texts) in encoder.texts { bundle.texts["encoder/\(name)"] = texts }
    return bundle
  }

  /// Takes up a saved state.
  public mutating func restore(_ state: TensorBundle) throws(DataError) {
    guard state != TensorBundle() else {
      fitted = nil
      return
    }
    func own<Value>(_ values: [String: Value]) -> [String: Value] {
      let prefix = "encoder/"
      let pairs = values.filter { $0.key.hasPrefix(prefix) }.map {
        (String($0.key.dropFirst(prefix.count)), $0.value)
      }
      return Dictionary(uniqueKeysWithValues: pairs)
    }
    let encoder = try Encoder(
      tensors: TensorBundle(
        matrices: own(state.matrices), numbers: own(state.numbers), texts: own(state.texts)))
    let llms = data.llms.count
    var benchmarkBiases: [String: [Float]] = [:]
    for block in data.blocks where data.blocks.count > 1 {
      benchmarkBiases[block.benchmark] =
        try state.matrix("benchmark_biases/\(block.benchmark)", rows: 1, columns: llms).storage
    }
    let calibration = state.numbers["calibration"] ?? []
    let (names, values) = (try state.texts("chosen"), state.numbers["chosen"] ?? [])
    guard calibration.count == 2, names.count == values.count, Set(names).count == names.count else {
      throw DataError("numbers 'calibration' or 'chosen' are missing")
    }
    do {
      fitted = try model(
        try state.matrix("llm_factors"), try state.matrix("llm_biases", rows: 1, columns: llms).storage,
        benchmarkBiases, encoder,
        calibration: Calibration(slope: Float(calibration[0]), intercept: Float(calibration[1])),
        chosen: Dictionary(uniqueKeysWithValues: zip(names, values)))
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError("the model's parts do not fit: \(error)")
    }
    error = try state.number("error")
  }
}
