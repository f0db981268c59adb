import Foundation
import Learning
import NumericKernels
import RoutingData

/// Makes models of learnt factors: a map from embeddings to query factors, and a calibration where scores are no log-odds.
struct MappedFactors: Sendable {
  /// The grid that `auto` chooses the ridge of the map from.
  static let ridgeGrid = [0.01, 0.1, 0.3, 1, 3, 10, 30, 100]
  /// How many steps a choice at the grid's edge may go beyond it, each by a factor of 10.
  private static let stepsBeyond = 4
  /// The ridge of models on the way, where it is to be chosen at the end.
  private static let provisionalRidge = 1.0

  /// What scores are.
  enum Scale {
    /// Log-odds of a good answer.
    case logOdds
    /// Anything that grows with it: a calibration makes log-odds of them.
    case arbitrary
  }

  let data: TrainingData
  /// The LLMs that have factors, as places in the catalogue.
  let llms: [Int]
  private let identity: RouterIdentity
  private let ridge: Choice
  private let scale: Scale
  /// The map's regression and its system in models on the way; nil without embeddings, where there is no map.
  private let mapping: (regression: EmbeddingRegression, provisional: EmbeddingRegression.System)?
  private let validation: ValidationSet?

  /// Prepares the map for an algorithm's models of some data; `llms` are the LLMs of all blocks.
  ///
  /// - Throws: `DataError` where the ridge is to be chosen and there are no validation responses;
  ///   `NumericalError` for a ridge that is too small.
  init(_ data: TrainingData, for algorithm: String, ridge: Choice, scale: Scale) throws {
    validation = ValidationSet(data)
    guard ridge != .auto || validation != nil || !data.hasEmbeddings else {
      throw DataError("there are no validation responses to choose on: give --ridge a number")
    }
    self.data = data
    llms = data.llms
    identity = data.identity(algorithm)
    self.ridge = ridge
    self.scale = scale
    guard data.hasEmbeddings else {
      mapping = nil
      return
    }
    let regression = EmbeddingRegression(
      benchmarks: data.blocks.map(\.benchmark), features: data.features.blocks)
    mapping = (regression, try Self.provisionalSystem(of: regression, ridge: ridge))
  }

  private static func provisionalSystem(
    of regression: EmbeddingRegression, ridge: Choice
  ) throws(NumericalError) -> EmbeddingRegression.System {
    // A ridge of the grid can be too small for long embeddings; a larger one is not.
    for value in ridgeGrid where ridge == .auto && value >= provisionalRidge && value < (ridgeGrid.last ?? 0)
    {
      if let system = try? regression.system(ridge: Float(value)) { return system }
    }
    return try regression.system(ridge: Float(ridge.fixed ?? ridgeGrid[ridgeGrid.count - 1]))
  }

  /// The columns of each block as places in `llms`.
  var columns: [[Int]] {
    let places = Dictionary(uniqueKeysWithValues: zip(llms, llms.indices))
    return data.blocks.map { $0.llms.compactMap { places[$0] } }
  }

  /// The train responses as solvers take them.
  var responses: [ResponseBlocks.Block] {
    zip(data.blocks, columns).map { ResponseBlocks.Block(cells: $0.train.cells, llms: $1) }
  }

  /// The weights of all train responses, each 1 without weights; 1 where there is no response.
  var trainWeight: Double {
    let sum = data.blocks.reduce(0) { $0 + $1.train.cells.weightSum }
    return sum > 0 ? sum : 1
  }

  /// The model of some factors, in their own axes; a final one chooses its ridge, where that is to be chosen.
  ///
  /// - Throws: `NumericalError` where no ridge serves.
  func model(
    _ factors: BiasedFactors, standardErrors: Matrix? = nil, newLLM: Abilities? = nil, isFinal: Bool
  ) throws -> FittedModel<FactorModel> {
    guard let (regression, provisional) = mapping else {
      return FittedModel(
        try self.model(factors, standardErrors, newLLM, NoQueryEncoder(factors: factors.factors)))
    }
    func model(_ map: EmbeddingMap) throws -> FactorModel {
      // What the map can't know is allowed for where scores are log-odds; a calibration takes it in anyway.
      let encoder =
        scale == .logOdds
        ? map : EmbeddingMap(benchmarks: map.benchmarks, weights: map.weights, residualCovariance: nil)
      return try self.model(factors, standardErrors, newLLM, encoder)
    }
    let targets = factors.queries.map { $0.selecting(columns: factors.freeQueryColumns) }
    guard isFinal, ridge == .auto, let validation else {
      let made = try model(regression.map(to: targets, by: provisional))
      return isFinal ? try made.orMeans(on: data, chosen: [:]) : FittedModel(made)
    }
    var best: (ridge: Double, model: FactorModel, loss: Double)?
    var failure = NumericalError.noConvergence(operation: "the choice of a ridge")
    /// Tries a ridge; says whether it is the best so far.
    func tried(_ value: Double) throws -> Bool {
      let system: EmbeddingRegression.System
      do throws(NumericalError) {
        system = try regression.system(ridge: Float(value))
      } catch {
        // A small ridge can be too small for many queries; a larger one is not.
        failure = error
        return false
      }
      let candidate = try model(regression.map(to: targets, by: system))
      let loss = try validation.logLoss(of: candidate)
      if let best, loss >= best.loss { return false }
      best = (value, candidate, loss)
      return true
    }
    for value in Self.ridgeGrid { _ = try tried(value) }
    if best?.ridge == Self.ridgeGrid.last {
      for value in Self.beyond(Self.ridgeGrid[Self.ridgeGrid.count - 1], by: 10) where try !tried(value) {
        break
      }
    } else if best?.ridge == Self.ridgeGrid.first {
      for value in Self.beyond(Self.ridgeGrid[0], by: 0.1) where try !tried(value) { break }
    }
    guard let best else { throw failure }
    return try best.model.orMeans(on: data, chosen: ["ridge": best.ridge])
  }

  /// Values beyond the edge of a grid, for a choice that falls on it.
  private static func beyond(_ edge: Double, by factor: Double) -> [Double] {
    (1...stepsBeyond).map { edge * pow(factor, Double($0)) }
  }

  private func model(
    _ factors: BiasedFactors, _ standardErrors: Matrix?, _ newLLM: Abilities?,
    _ encoder: any QueryEncoder
  ) throws -> FactorModel {
    let k = factors.factors
    let latent = Array(0..<k)
    let queries = data.blocks.indices.map { index in
      FactorModel.Queries(
        benchmark: data.blocks[index].benchmark, rows: data.blocks[index].train.rows,
        factors: factors.queries[index].selecting(columns: latent), biases: factors.queries[index].column(k))
    }
    var benchmarkBiases: [String: [Float]] = [:]
    for (block, biases) in zip(data.blocks, factors.blockBiases) { benchmarkBiases[block.benchmark] = biases }
    let plain = try FactorModel(
      identity, llmFactors: factors.llms.selecting(columns: latent), llmBiases: factors.llms.column(k + 1),
      benchmarkBiases: benchmarkBiases, llmStandardErrors: standardErrors, queries: queries, newLLM: newLLM,
      queryEncoder: encoder)
    return scale == .logOdds ? plain : try plain.calibrated(on: data)
  }
}
