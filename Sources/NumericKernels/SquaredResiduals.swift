/// The weighted residuals W∘(Y − R·Cᵀ) of dense least squares as a linear operator, in cache-sized blocks.
///
/// W holds w·(1 + α·y), where w is the cell's own weight, 1 where the cells have none, and 0 for a missing cell (Hu,
/// Koren and Volinsky 2008, but for what is missing, which never counts as a zero here).
public struct SquaredResiduals: Sendable {
  /// The graded cells Y, n × m.
  public let cells: GradedCells
  /// The row factors R, n × k.
  public let rows: Matrix
  /// The column factors C, m × k.
  public let columns: Matrix
  /// α ≥ 0.
  public let gain: Float

  /// The residuals at given factors.
  public init(_ cells: GradedCells, rows: Matrix, columns: Matrix, gain: Float = 0) {
    self.cells = cells
    self.rows = rows
    self.columns = columns
    self.gain = gain
  }

  /// (W∘(Y − Z))·B, n × p for B of m × p, and ½ Σ w·(1 + α·y)·(y − z)²; cost 2·n·m·(k + p) operations.
  public func timesWithLoss(_ multiplier: Matrix) -> (product: Matrix, loss: Double) {
    CellProducts(cells, rows: rows, columns: columns, SquaredCells(gain: gain))
      .times(multiplier, forRows: true, loss: true)
  }

  /// (W∘(Y − Z))·B, n × p for B of m × p.
  public func times(_ multiplier: Matrix) -> Matrix {
    CellProducts(cells, rows: rows, columns: columns, SquaredCells(gain: gain))
      .times(multiplier, forRows: true, loss: false).product
  }

  /// (W∘(Y − Z))ᵀ·B, m × p for B of n × p.
  public func transposedTimes(_ multiplier: Matrix) -> Matrix {
    CellProducts(cells, rows: rows, columns: columns, SquaredCells(gain: gain))
      .times(multiplier, forRows: false, loss: false).product
  }

  /// ½ Σ w·(1 + α·y)·(y − z)²; cost 2·n·m·k operations.
  public func loss() -> Double { timesWithLoss(Matrix(rows: cells.columns, columns: 0)).loss }

  /// (W∘(R·Cᵀ))·B, n × p: the curvature of all rows at once, in directions R.
  public func curvatureTimes(_ multiplier: Matrix) -> Matrix {
    CellProducts(cells, rows: rows, columns: columns, WeightedCells(gain: gain))
      .times(multiplier, forRows: true, loss: false).product
  }

  /// (W∘(R·Cᵀ))ᵀ·B, m × p: the curvature of all columns at once, in directions C.
  public func transposedCurvatureTimes(_ multiplier: Matrix) -> Matrix {
    CellProducts(cells, rows: rows, columns: columns, WeightedCells(gain: gain))
      .times(multiplier, forRows: false, loss: false).product
  }
}
