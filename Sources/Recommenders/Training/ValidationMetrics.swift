import NumericKernels
import RoutingData

/// How well a model predicts the responses to validation queries.
public struct ValidationMetrics: Codable, Equatable, Sendable {
  /// The mean of −log p(y) over the observed responses, in nats.
  public let logLoss: Double
  /// The probability that a right answer gets a higher probability than a wrong one, averaged over the
  /// benchmarks by responses; nil where all are one of them.
  public let auc: Double?
  /// μ over the best single LLM's mean, both on the validation queries, averaged over the validation pools; nil without pools.
  public let bestSingleModelValue: Double?

  private enum CodingKeys: String, CodingKey {
    case auc
    case logLoss = "log_loss"
    case bestSingleModelValue = "v_b"
  }
}

/// The validation part of the data, ready to judge one model after the other.
public struct ValidationSet: Sendable {
  private struct Block: Sendable {
    let batch: QueryBatch
    let llms: [String]
    let cells: GradedCells
    let pools: [Pool]
  }

  /// The candidates of a pool and their responses to the queries that all of them answered.
  private struct Pool: Sendable {
    let llms: [String]
    /// Places of the queries in the batch.
    let rows: [Int]
    /// rows × candidates.
    let responses: Matrix
    let bestSingle: Double
  }

  private let blocks: [Block]
  private let count: Int

  /// The validation part of some data; nil where it holds no response.
  public init?(_ data: TrainingData) {
    blocks = data.blocks.filter { $0.validation.cells.observedCount > 0 }.map { block in
      let names = block.llms.map { data.llmNames[$0] }
      let responses = ResponseMatrix(block.validation.cells)
      let pools = block.validationPools.compactMap { pool -> Pool? in
        let chosen = responses.selecting(llms: pool.llms).dense()
        let rows = (0..<chosen.rows).filter { chosen.row($0).allSatisfy { !$0.isNaN } }
        let complete = chosen.selecting(rows: rows)
        let sums = (0..<complete.columns).map { column in
          complete.column(column).reduce(0.0) { $0 + Double($1) }
        }
        guard let best = sums.max(), best > 0 else { return nil }
        return Pool(
          llms: pool.llms.map { names[$0] }, rows: rows, responses: complete,
          bestSingle: best / Double(rows.count))
      }
      return Block(
        batch: block.validation.batch(of: block.benchmark), llms: names, cells: block.validation.cells,
        pools: pools)
    }
    count = blocks.reduce(0) { $0 + $1.cells.observedCount }
    guard count > 0 else { return nil }
  }

  /// The mean log-loss of a model; see `metrics`.
  func logLoss(of model: FactorModel) throws -> Double {
    var loss = 0.0
    for block in blocks {
      loss += try model.logOdds(for: block.batch, llms: block.llms, cells: block.cells).loss()
    }
    guard loss.isFinite else { throw NumericalError.notFinite(what: "the validation log-loss") }
    return loss / Double(count)
  }

  /// The metrics of a model that knows all LLMs of the data; cost about 4·n·m·k operations.
  ///
  /// - Throws: `NumericalError.notFinite` where predictions are not; what the model throws.
  public func metrics(of model: FactorModel) throws -> ValidationMetrics {
    let loss = try logLoss(of: model)
    var areas: [(value: Double, weight: Double)] = []
    var values: [Double] = []
    for block in blocks {
      let residuals = try model.logOdds(for: block.batch, llms: block.llms, cells: block.cells)
      if let area = residuals.areaUnderCurve() { areas.append((area, Double(block.cells.observedCount))) }
      for pool in block.pools {
        let scores = try model.scores(for: block.batch, llms: pool.llms)
        var sum = 0.0
        for (place, row) in pool.rows.enumerated() {
          var pick = 0
          for column in 1..<max(scores.columns, 1) where scores[row, column] > scores[row, pick] {
            pick = column
          }
          sum += Double(pool.responses[place, pick])
        }
        values.append(sum / Double(pool.rows.count) / pool.bestSingle)
      }
    }
    let weight = areas.reduce(0) { $0 + $1.weight }
    return ValidationMetrics(
      logLoss: loss,
      auc: weight > 0 ? areas.reduce(0) { $0 + $1.value * $1.weight } / weight : nil,
      bestSingleModelValue: values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
  }
}

extension FactorModel {
  /// The calibrated log-odds of some LLMs beside their graded cells, as a product of two matrices.
  func logOdds(for batch: QueryBatch, llms: [String], cells: GradedCells) throws -> LogisticResiduals {
    let vectors = try encoder.vectors(of: batch)
    let (factors, biases) = try scoringParts(for: llms, benchmark: batch.benchmark)
    let width = vectors.columns
    var rows = Matrix(rows: vectors.rows, columns: width + 1, repeating: 1)
    for row in 0..<rows.rows {
      for column in 0..<width { rows[row, column] = vectors[row, column] }
    }
    var columns = Matrix(rows: factors.rows, columns: width + 1)
    for llm in 0..<columns.rows {
      for column in 0..<width { columns[llm, column] = calibration.slope * factors[llm, column] }
      columns[llm, width] = calibration.slope * biases[llm] + calibration.intercept
    }
    return LogisticResiduals(cells, rows: rows, columns: columns)
  }
}
