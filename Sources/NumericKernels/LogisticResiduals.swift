/// The residuals W∘(Y − σ(R·Cᵀ)) of a dense logistic model as a linear operator, in cache-sized blocks.
///
/// W are the cells' weights, 1 where they have none. A product with the other side's factors is the gradient of the
/// weighted log-likelihood.
public struct LogisticResiduals: Sendable {
  /// The graded cells Y, n × m.
  public let cells: GradedCells
  /// The row factors R, n × k.
  public let rows: Matrix
  /// The column factors C, m × k.
  public let columns: Matrix

  /// The residuals at given factors.
  public init(_ cells: GradedCells, rows: Matrix, columns: Matrix) {
    self.cells = cells
    self.rows = rows
    self.columns = columns
  }

  /// (W∘(Y − σ(Z)))·B, n × p for B of m × p; missing cells count 0.
  ///
  /// Cost 2·n·m·(k + p) operations and n·m sigmoids.
  public func times(_ multiplier: Matrix) -> Matrix {
    products(LogisticCells()).times(multiplier, forRows: true, loss: false).product
  }

  /// As `times`, together with the loss −Σ w·log p(y) over the observed cells.
  public func timesWithLoss(_ multiplier: Matrix) -> (product: Matrix, loss: Double) {
    products(LogisticCells()).times(multiplier, forRows: true, loss: true)
  }

  /// (W∘(Y − σ(Z)))ᵀ·B, m × p for B of n × p; missing cells count 0.
  ///
  /// Cost as `times`.
  public func transposedTimes(_ multiplier: Matrix) -> Matrix {
    products(LogisticCells()).times(multiplier, forRows: false, loss: false).product
  }

  /// −Σ w·log p(y) over the observed cells; cost 2·n·m·k operations and n·m sigmoids.
  public func loss() -> Double {
    products(LogisticCells()).times(Matrix(rows: cells.columns, columns: 0), forRows: true, loss: true).loss
  }

  /// As `loss`, with log-odds z taken for no surer than ±`bound`: what predictions are judged by.
  ///
  /// One answer against a certain prediction would else decide the whole.
  public func loss(within bound: Float) -> Double {
    products(BoundedLogisticCells(bound: bound))
      .times(Matrix(rows: cells.columns, columns: 0), forRows: true, loss: true).loss
  }

  /// Runs the four matrix products of a sweep (both sides, with the factors as multipliers) and nothing
  /// else: what a benchmark compares a sweep with.
  public func productsAlone() {
    _ = products(UnchangedCells()).times(columns, forRows: true, loss: false)
    _ = products(UnchangedCells()).times(rows, forRows: false, loss: false)
  }

  /// Hᵀ·B, m × p for B of n × p, where H holds the curvatures w·σ(z)(1 − σ(z)); missing cells count 0.
  ///
  /// Cost as `times`.
  public func curvatureTransposedTimes(_ multiplier: Matrix) -> Matrix {
    products(LogisticCurvatureCells()).times(multiplier, forRows: false, loss: false).product
  }

  /// H·B, n × p for B of m × p, with the same H; cost as `times`.
  public func curvatureTimes(_ multiplier: Matrix) -> Matrix {
    products(LogisticCurvatureCells()).times(multiplier, forRows: true, loss: false).product
  }

  func products<Function: CellFunction>(_ function: Function) -> CellProducts<Function> {
    CellProducts(cells, rows: rows, columns: columns, function)
  }
}
