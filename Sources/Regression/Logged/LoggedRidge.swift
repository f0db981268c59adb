import Learning
import NumericKernels
import RoutingData

/// Regression in closed form on a log's answers, with a correction for what its policy left unseen.
package struct LoggedRidge: Sendable {
  /// The correction.
  package var correction: LogCorrection
  /// The kernel; nil for a linear regression.
  package var family: KernelFamily?
  /// The kernel's width σ; nil for the one with the least leave-one-out error.
  package var width: Double?
  /// The number of queries that the kernel is approximated from, at most `LoggedFeatures.mostLandmarks`.
  package var landmarks: Int
  /// The number of factors; nil for as many as there are LLMs, at most 256.
  package var rank: Int?
  /// The seed of landmarks.
  package var seed: UInt64

  /// A regression of a trainer's settings.
  package init(_ correction: LogCorrection, like trainer: KernelRidgeTrainer) {
    self.correction = correction
    family = trainer.kernel
    width = trainer.width.fixed
    landmarks = trainer.landmarks
    rank = trainer.rank
    seed = trainer.seed
  }

  /// A linear regression of a trainer's settings.
  package init(_ correction: LogCorrection, like trainer: RidgeTrainer) {
    self.correction = correction
    family = nil
    landmarks = 0
    rank = trainer.rank
    seed = trainer.seed
  }

  /// What the log's cells are counted by; their queries are places in the train part of the data's only block.
  package struct Cells: Sendable {
    let plain: LoggedCells
    let weighted: LoggedCells
    let variance: LoggedCells
    let trustsPlainLevels: Bool

    /// The same cells, counted plainly, by the inverse of what they were seen with, and as `mrdr` does; and whether plain
    /// means say something of levels.
    package init(
      plain: LoggedCells, weighted: LoggedCells, variance: LoggedCells, trustsPlainLevels: Bool = true
    ) {
      self.plain = plain
      self.weighted = weighted
      self.variance = variance
      self.trustsPlainLevels = trustsPlainLevels
    }
  }

  /// What was made.
  package struct Result: Sendable {
    /// The model.
    package let model: FactorModel
    /// What the log taught.
    package let fit: LoggedFit
    /// The kernel's width; nil for a kernel without one, and for a linear regression.
    package let width: Double?
  }

  private static let searchedWidths = [0.35, 0.5, 0.7, 1, 1.4]
  private static let searchedQueries = 3_000
  private static let searchedLandmarks = 192

  /// Fits cells of the data's train queries.
  ///
  /// `halves` says of each train query in which of two halves it is. Cost for n cells and p features 16·n·p² and
  /// 24·(m + 1)·p³.
  ///
  /// - Throws: `DataError` for a rank above the number of LLMs or features, or embeddings that are all equal;
  ///   `NumericalError`.
  package func fit(_ data: TrainingData, cells: Cells, halves: [Bool]) throws -> Result {
    precondition(data.blocks.count == 1, "a log of \(data.blocks.count) benchmarks")
    let inputs = data.features.blocks[0]
    let width = try width ?? chosenWidth(inputs, cells.plain)
    let features =
      try family.map {
        try LoggedFeatures(
          inputs, kernel: $0.kernel(width: width), landmarks: min(landmarks, LoggedFeatures.mostLandmarks),
          seed: seed)
      } ?? LoggedFeatures(linear: inputs)
    let problem = LoggedProblem(
      features: features.values, plain: cells.plain, weighted: cells.weighted, halves: halves,
      trustsPlainLevels: cells.trustsPlainLevels)
    let fit = try correction.fit(problem, variance: cells.variance)
    let rank = try RidgeRegression.rank(rank, llms: cells.plain.llmCount, inputs: features.values.columns)
    let plain = try features.model(
      data.identity(family == nil ? RidgeTrainer.algorithm : KernelRidgeTrainer.algorithm),
      benchmark: data.blocks[0].benchmark, biases: fit.biases, coefficients: fit.coefficients, rank: rank,
      seed: seed,
      caution: ScoreCaution(
        standardErrors: fit.standardErrors.map { Float($0) }, margins: fit.margins.map { Float($0) }))
    return Result(
      model: try plain.calibrated(on: data), fit: fit, width: family == .rbf ? width : nil)
  }

  /// The width with the least leave-one-out error of a plain fit on some of the queries.
  private func chosenWidth(_ inputs: Matrix, _ cells: LoggedCells) throws -> Double? {
    guard family == .rbf else { return nil }
    let median = KernelSearch.medianDistance(inputs, seed: seed)
    guard median > 0 else {
      throw DataError("all train embeddings are equal: a kernel can't tell the queries apart")
    }
    let rows = KernelSearch.sample(
      inputs.rows, count: Self.searchedQueries, seed: seed, stream: "kernel-search")
    let place = Dictionary(uniqueKeysWithValues: zip(rows, rows.indices))
    let moved = cells.moved { place[$0] }
    guard moved.count > 1 else { return median }
    var best = (width: median, error: Double.infinity)
    for factor in Self.searchedWidths {
      let features = try LoggedFeatures(
        inputs.selecting(rows: rows), kernel: KernelFamily.rbf.kernel(width: factor * median),
        landmarks: Self.searchedLandmarks, seed: seed)
      let error = try SharedRidge(features.values, cells: moved).leaveOneOutError
      if error < best.error { best = (factor * median, error) }
    }
    return best.width
  }
}
