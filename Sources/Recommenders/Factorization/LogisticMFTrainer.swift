import LinearAlgebra
import RoutingData

/// Trains logistic matrix factorization and the map from embeddings to query factors.
public struct LogisticMFTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  public static let algorithm = "logistic-mf"

  /// A hyper-parameter: given, or chosen by validation log-loss.
  public enum Choice: Equatable, Sendable {
    /// This value.
    case fixed(Float)
    /// The best of a documented grid on the validation part.
    case auto
  }

  /// The grid that `auto` chooses the penalty from, strongest first.
  public static let l2Grid: [Float] = [100, 30, 10, 3, 1, 0.3]
  /// The grid that `auto` chooses the ridge from.
  public static let ridgeGrid: [Float] = [0.01, 0.1, 0.3, 1, 3, 10, 30, 100]

  /// The number of latent factors, k; at most as many as there are LLMs or train queries are used.
  public var factors: Int
  /// λ of the factors.
  public var l2: Choice
  /// λ of the biases.
  public var biasL2: Float
  /// The ridge on the weights of the embedding map.
  public var ridge: Choice
  /// The largest number of sweeps of a fit.
  public var maximumSweeps: Int
  /// A sweep that lowers the objective by less than this share of it is the last.
  public var tolerance: Double
  /// The seed of the randomized start.
  public var seed: UInt64

  /// A trainer with its hyper-parameters.
  public init(
    factors: Int = 32, l2: Choice = .auto, biasL2: Float = 0.1, ridge: Choice = .auto,
    maximumSweeps: Int = 200, tolerance: Double = 1e-5, seed: UInt64 = 42
  ) {
    precondition(factors > 0 && biasL2 > 0 && maximumSweeps > 0 && tolerance >= 0)
    self.factors = factors
    self.l2 = l2
    self.biasL2 = biasL2
    self.ridge = ridge
    self.maximumSweeps = maximumSweeps
    self.tolerance = tolerance
    self.seed = seed
  }

  /// A fitted candidate: factors, the best map for them, and how well they predict the validation part.
  private struct Candidate {
    let factors: BiasedFactors
    let map: EmbeddingMap
    let fit: TrainingRecord.Fit
  }

  /// Fits the penalties of the grid from the strongest on, until two in a row predict worse than the best.
  ///
  /// - Throws: `DataError` where there is nothing to choose hyper-parameters on; `NumericalError`.
  public func train(
    on data: TrainingData, report: (TrainingProgress) throws -> Void
  ) throws -> LogisticMFModel {
    let hasValidation = data.blocks.contains { $0.validation.target.observedCount > 0 }
    guard hasValidation || (l2 != .auto && ridge != .auto) else {
      throw DataError("there are no validation queries to choose on: give --l2 and --ridge numbers")
    }
    let llms = Set(data.blocks.flatMap(\.llms)).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(llms, llms.indices))
    let blocks = data.blocks.map { block in
      LogisticMFSolver.Block(target: block.train.target, llms: block.llms.compactMap { place[$0] })
    }
    let rank = min(factors, llms.count, data.trainQueryCount)
    let start = SpectralStart(blocks: blocks, llmCount: llms.count, seed: seed)
    let spectrum = try start.spectrum(rank: rank, biasL2: biasL2)
    let grid: [Float]
    if case .fixed(let value) = l2 { grid = [value] } else { grid = Self.l2Grid }

    let responseCount = Double(max(data.trainResponseCount, 1))
    var best: Candidate?
    var history: [TrainingRecord.Fit] = []
    var worse = 0
    for (index, penalty) in grid.enumerated() where worse < 2 {
      let solver = LogisticMFSolver(blocks: blocks, llmCount: llms.count, l2: penalty, biasL2: biasL2)
      let outcome = try AcceleratedSweeps(solver: solver, maximumSweeps: maximumSweeps, tolerance: tolerance)
        .run(from: SpectralStart.factors(from: spectrum, factors: rank, l2: penalty)) { objectives in
          let expected = AcceleratedSweeps.expectedSweeps(
            after: objectives, tolerance: tolerance, maximum: maximumSweeps)
          let share = Double(index) + min(Double(objectives.count) / expected, 0.99)
          try report(
            TrainingProgress(
              fit: index + 1, fits: grid.count, sweep: objectives.count, share: share / Double(grid.count),
              l2: penalty, loss: (objectives.last ?? 0) / responseCount))
        }
      let candidate = try finish(outcome, l2: penalty, data: data, blocks: blocks)
      history.append(candidate.fit)
      if let loss = candidate.fit.validationLogLoss, let least = best?.fit.validationLogLoss, loss >= least {
        worse += 1
      } else {
        best = candidate
        worse = 0
      }
    }
    guard let best else { throw NumericalError.noConvergence(operation: "the choice of a penalty") }
    return try model(best, rank: rank, llms: llms, data: data, history: history)
  }

  /// Chooses the map for some factors.
  private func finish(
    _ outcome: AcceleratedSweeps.Outcome, l2: Float, data: TrainingData, blocks: [LogisticMFSolver.Block]
  ) throws -> Candidate {
    let factors = outcome.factors
    let regression = EmbeddingRegression(
      benchmarks: data.blocks.map(\.benchmark), embeddings: data.blocks.map(\.train.embeddings),
      factors: factors.queries.map { $0.selecting(columns: factors.freeQueryColumns) })
    let grid: [Float]
    if case .fixed(let value) = ridge { grid = [value] } else { grid = Self.ridgeGrid }
    var best: (ridge: Float, map: EmbeddingMap, loss: Double?)?
    var failure = NumericalError.noConvergence(operation: "the choice of a ridge")
    for value in grid {
      let map: EmbeddingMap
      do throws(NumericalError) {
        map = try regression.map(ridge: value)
      } catch {
        // A small ridge of the grid can be too small for long embeddings; a larger one is not.
        failure = error
        continue
      }
      let loss = try validationLogLoss(factors, map, data: data, blocks: blocks)
      if let least = best?.loss, let loss, loss >= least { continue }
      best = (value, map, loss)
    }
    guard let best else { throw failure }
    let fit = TrainingRecord.Fit(
      l2: l2, ridge: best.ridge, objectives: outcome.objectives, converged: outcome.converged,
      validationLogLoss: best.loss)
    return Candidate(factors: factors, map: best.map, fit: fit)
  }

  /// The mean of −log p(y) over the observed responses to validation queries; nil where there are none.
  private func validationLogLoss(
    _ factors: BiasedFactors, _ map: EmbeddingMap, data: TrainingData, blocks: [LogisticMFSolver.Block]
  ) throws -> Double? {
    let (scoring, biases) = LogisticMFModel.scoring(
      factors.llms.selecting(columns: Array(0..<factors.factors)), factors.llms.column(factors.factors + 1),
      map.residualCovariance)
    var loss = 0.0
    var count = 0
    for (block, solverBlock) in zip(data.blocks, blocks) where !block.validation.queries.isEmpty {
      let predicted = try map.factors(of: block.validation.embeddings, benchmark: block.benchmark)
      let width = predicted.columns
      var rows = Matrix(rows: predicted.rows, columns: width + 1, repeating: 1)
      for row in 0..<rows.rows {
        for column in 0..<width { rows[row, column] = predicted[row, column] }
      }
      var columns = Matrix(rows: solverBlock.llms.count, columns: width + 1)
      for (index, llm) in solverBlock.llms.enumerated() {
        for column in 0..<width { columns[index, column] = scoring[llm, column] }
        columns[index, width] = biases[llm]
      }
      loss += LogisticResiduals(block.validation.target, rows: rows, columns: columns).loss()
      count += block.validation.target.observedCount
    }
    guard loss.isFinite else { throw NumericalError.notFinite(what: "the validation log-loss") }
    return count > 0 ? loss / Double(count) : nil
  }

  private func model(
    _ best: Candidate, rank: Int, llms: [Int], data: TrainingData, history: [TrainingRecord.Fit]
  ) throws -> LogisticMFModel {
    let latent = Array(0..<rank)
    let queries = data.blocks.indices.map { index in
      LogisticMFModel.Queries(
        benchmark: data.blocks[index].benchmark, rows: data.blocks[index].train.queries,
        factors: best.factors.queries[index].selecting(columns: latent),
        biases: best.factors.queries[index].column(rank))
    }
    let record = TrainingRecord(
      algorithm: Self.algorithm, factors: rank, l2: best.fit.l2, biasL2: biasL2, ridge: best.fit.ridge,
      isL2Chosen: l2 == .auto, isRidgeChosen: ridge == .auto, maximumSweeps: maximumSweeps,
      tolerance: tolerance, seed: seed, datasetHash: data.datasetHash, encoder: data.encoder,
      benchmarks: data.blocks.map(\.benchmark), history: history)
    return try LogisticMFModel(
      llmNames: llms.map { data.llmNames[$0] }, llmFactors: best.factors.llms.selecting(columns: latent),
      llmBiases: best.factors.llms.column(rank + 1), queries: queries, map: best.map, training: record)
  }
}
