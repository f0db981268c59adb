import Metrics
import NumericKernels
import Routing
import RoutingData

/// The validation part of the data, ready to judge one model after the other.
///
/// A response of weight w counts as w responses in every mean, of a pick too.
public struct ValidationSet: Sendable {
  private struct Block: Sendable {
    let observations: Observations
    let candidates: Candidates
    let pools: [Pool]
  }

  /// The candidates of a pool and their responses to the queries that all of them answered.
  private struct Pool: Sendable {
    let candidates: Candidates
    /// Places of the queries in the batch.
    let rows: [Int]
    /// rows × candidates.
    let responses: Matrix
    /// rows × candidates; nil where all weigh 1.
    let weights: Matrix?
    let bestSingle: Double

    /// The mean response of picks, each with its cell's weight.
    func value(of picks: Matrix) -> Double {
      guard let weights else {
        let rewards = Rewards.expected(picks: picks, responses: responses)
        return rewards.reduce(0, +) / Double(rewards.count)
      }
      var weighted = picks
      weighted.update(with: weights) { $0 *= $1 }
      let reward = Matrix.columnDots(weighted, responses).reduce(0, +)
      let sum = Matrix.columnDots(picks, weights).reduce(0, +)
      return sum > 0 ? reward / sum : 0
    }
  }

  private let blocks: [Block]
  /// The weights of all responses together; without weights their number.
  private let weight: Double

  /// The validation part of some data; nil where it holds no response.
  public init?(_ data: TrainingData) {
    blocks = data.blocks.filter { $0.validation.cells.observedCount > 0 }.map { block in
      let names = block.llms.map { data.llmNames[$0] }
      let means = ResponseMatrix(block.train.cells).llmMeans()
      let responses = ResponseMatrix(block.validation.cells)
      let pools = block.validationPools.compactMap { pool -> Pool? in
        let chosen = responses.selecting(llms: pool.llms).dense()
        let rows = (0..<chosen.rows).filter { chosen.row($0).allSatisfy { !$0.isNaN } }
        guard !rows.isEmpty else { return nil }
        let complete = chosen.selecting(rows: rows)
        let weights = block.validation.cells.weights(rows: rows)?.selecting(columns: pool.llms)
        let best = (weights.map { Self.means(of: complete, $0) } ?? SingleLLMs.means(of: complete)).max() ?? 0
        guard best > 0 else { return nil }
        return Pool(
          candidates: Candidates(pool.llms.map { names[$0] }, trainMeans: pool.llms.map { means[$0] }),
          rows: rows, responses: complete, weights: weights, bestSingle: best)
      }
      return Block(
        observations: block.validation, candidates: Candidates(names, trainMeans: means), pools: pools)
    }
    weight = blocks.reduce(0) { $0 + $1.observations.cells.weightSum }
    guard weight > 0 else { return nil }
  }

  /// The weighted mean response of each LLM.
  private static func means(of responses: Matrix, _ weights: Matrix) -> [Double] {
    let sums = Matrix.columnDots(responses, weights)
    let counts = (0..<weights.columns).map { weights.column($0).reduce(0.0) { $0 + Double($1) } }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The mean log-loss of a model; see `metrics`.
  package func logLoss(of model: some Router) throws -> Double {
    try predictionQuality(of: model, wantsArea: false).logLoss
  }

  /// The metrics of a model that knows all LLMs of the data; cost about 4·n·m·k operations for one of factors.
  ///
  /// - Throws: `NumericalError.notFinite` where predictions are not; what the model throws.
  public func metrics(of model: some Router) throws -> ValidationMetrics {
    let (loss, auc) = try predictionQuality(of: model, wantsArea: true)
    let policy = model.policy ?? HighestScore()
    var values: [Double] = []
    for block in blocks {
      for pool in block.pools {
        let scores = try model.scores(for: block.observations.queries, among: pool.candidates)
        let picks = policy.picks(scores, among: pool.candidates).selecting(rows: pool.rows)
        values.append(pool.value(of: picks) / pool.bestSingle)
      }
    }
    return ValidationMetrics(
      logLoss: loss, auc: auc,
      bestSingleModelValue: values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
  }

  /// The mean log-loss over all cells, and the area under the ROC curve averaged over the benchmarks.
  private func predictionQuality(
    of model: some Router, wantsArea: Bool
  ) throws -> (logLoss: Double, auc: Double?) {
    var loss = 0.0
    var (areas, weights) = (0.0, 0.0)
    for block in blocks {
      let (sum, area) = try Self.quality(of: model, on: block, wantsArea: wantsArea)
      loss += sum
      let weight = block.observations.cells.weightSum
      if let area { (areas, weights) = (areas + area * weight, weights + weight) }
    }
    guard loss.isFinite else { throw NumericalError.notFinite(what: "the validation log-loss") }
    return (loss / weight, weights > 0 ? areas / weights : nil)
  }

  private static func quality(
    of model: some Router, on block: Block, wantsArea: Bool
  ) throws -> (logLossSum: Double, auc: Double?) {
    let observations = block.observations
    if let model = model as? any PredictsByProducts {
      let residuals = try model.logOdds(
        for: observations.queries, among: block.candidates, cells: observations.cells)
      let loss = residuals.loss(within: LogLoss.believedLogOdds)
      return (loss, wantsArea ? residuals.areaUnderCurve() : nil)
    }
    let scores = try model.scores(for: observations.queries, among: block.candidates)
    guard let predicted = scores.probabilities else {
      throw DataError("router '\(model.name)' predicts no responses, so validation can't judge it")
    }
    let responses = ResponseMatrix(observations.cells).dense()
    let weights = observations.cells.weights
    var sum = 0.0
    for row in 0..<responses.rows {
      for (column, (prediction, response)) in zip(predicted.row(row), responses.row(row)).enumerated()
      where !response.isNaN {
        let loss = LogLoss.of(Double(prediction), Double(response))
        sum += weights.map { Double($0[row, column]) * loss } ?? loss
      }
    }
    let area =
      wantsArea ? AreaUnderCurve.of(predicted: predicted, responses: responses, weights: weights) : nil
    return (sum, area)
  }
}
