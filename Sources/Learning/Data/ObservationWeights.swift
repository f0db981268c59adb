import NumericKernels
import RoutingData

/// What a weight of an observation means to every trainer, decided here alone.
///
/// A response of weight w counts as w responses, and one of weight 0 is missing. Weights of train responses have the mean
/// 1 over all benchmarks together, so that a penalty means the same whatever scale they were given in; those of
/// validation responses have it for themselves. Weights that have the mean 1 for each LLM stay as they are. Weights that
/// are all equal are none. Features are standardized by the queries, which have no weights.
enum ObservationWeights {
  /// The blocks with normalized weights; cost some passes over the weights, nothing without.
  static func normalized(_ blocks: [TrainingData.Block]) -> [TrainingData.Block] {
    let train = factor(of: blocks.map(\.train.cells))
    let validation = factor(of: blocks.map(\.validation.cells))
    guard train != nil || validation != nil else { return blocks }
    return blocks.map { block in
      TrainingData.Block(
        benchmark: block.benchmark, llms: block.llms, train: scaled(block.train, by: train),
        validation: scaled(block.validation, by: validation), validationPools: block.validationPools,
        loadPrompts: block.loadPrompts)
    }
  }

  /// What makes the mean weight 1; nil without weights, or where nothing weighs anything.
  private static func factor(of parts: [GradedCells]) -> Double? {
    guard parts.contains(where: { $0.weights != nil }) else { return nil }
    let count = parts.reduce(0) { $0 + $1.observedCount }
    let sum = parts.reduce(0) { $0 + $1.weightSum }
    return sum > 0 && sum.isFinite ? Double(count) / sum : nil
  }

  private static func scaled(_ part: Observations, by factor: Double?) -> Observations {
    guard let factor else { return part }
    // Blocks without weights weigh 1 a response beside those with.
    let cells = part.cells
    let weighted =
      cells.weights != nil || factor == 1
      ? cells
      : GradedCells(
        cells.values, observed: cells.observed,
        weights: Matrix(rows: cells.rows, columns: cells.columns, repeating: 1))
    return Observations(part.queries, cells: weighted.scalingWeights(by: factor))
  }
}

extension Benchmark {
  /// The same benchmark, responses of weight 0 missing.
  ///
  /// - Throws: Nothing that the benchmark itself did not.
  func withoutZeroWeights() throws(DataError) -> Benchmark {
    guard responses.cells.weights != nil else { return self }
    return try with(responses: ResponseMatrix(responses.cells.withoutZeroWeights))
  }
}
