import NumericKernels
import Routing
import RoutingData

extension FactorModel {
  /// The largest number of cells that a calibration looks at.
  private static let calibrationCells = 200_000

  /// The same model with scores calibrated on validation queries, or on train queries where there are none.
  ///
  /// - Throws: As `scores(for:among:)`.
  package func calibrated(on data: TrainingData) throws -> FactorModel {
    let hasValidation = data.blocks.contains { $0.validation.cells.observedCount > 0 }
    let parts = data.blocks.map { hasValidation ? $0.validation : $0.train }
    let cells = parts.reduce(0) { $0 + $1.cells.rows * $1.cells.columns }
    let step = max((cells + Self.calibrationCells - 1) / Self.calibrationCells, 1)
    var scores: [Float] = []
    var labels: [Float] = []
    var weights: [Float]? = parts.contains { $0.cells.weights != nil } ? [] : nil
    for (block, part) in zip(data.blocks, parts) {
      let places = Array(stride(from: 0, to: part.count, by: step))
      let candidates = Candidates(block.llms.map { data.llmNames[$0] })
      let own = try self.scores(for: part.queries.selecting(places), among: candidates).values
      let responses = ResponseMatrix(part.cells).selecting(queries: places).dense()
      for row in places.indices {
        scores += own.row(row)
        labels += responses.row(row)
      }
      if weights != nil {
        let own = part.cells.weights(rows: places)
        for row in places.indices {
          weights? += own.map { Array($0.row(row)) } ?? Array(repeating: 1, count: responses.columns)
        }
      }
    }
    return try with(calibration: Calibration.fit(scores: scores, labels: labels, weights: weights))
  }
}
