/// The residuals Y − σ(R·Cᵀ) of a dense logistic model as a linear operator, in cache-sized blocks.
///
/// Z = R·Cᵀ never leaves the cache: a block of it is computed by SGEMM, turned into residuals in
/// place and multiplied away by a second SGEMM. Blocks are shared out to threads by the side of the
/// result, so sums run in one order whatever the number of threads. A product with the other side's
/// factors is the gradient of the log-likelihood.
public struct LogisticResiduals: Sendable {
  static let rowBlock = 256
  static let columnBlock = 512

  /// The graded cells Y, n × m.
  public let target: LogisticTarget
  /// The row factors R, n × k.
  public let rows: Matrix
  /// The column factors C, m × k.
  public let columns: Matrix

  /// The residuals at given factors.
  public init(_ target: LogisticTarget, rows: Matrix, columns: Matrix) {
    precondition(
      rows.rows == target.rows && columns.rows == target.columns && rows.columns == columns.columns,
      "factors \(rows.shapeText) and \(columns.shapeText) for a \(target.rows) × \(target.columns) target")
    self.target = target
    self.rows = rows
    self.columns = columns
  }

  /// (Y − σ(Z))·B, n × p for B of m × p; missing cells count 0.
  ///
  /// Cost 2·n·m·(k + p) operations and n·m sigmoids.
  public func times(_ multiplier: Matrix) -> Matrix {
    precondition(multiplier.rows == target.columns, "multiplier is \(multiplier.shapeText)")
    return run(multiplier, forRows: true, loss: false).product
  }

  /// As `times`, together with the loss −Σ log p(y) over the observed cells.
  public func timesWithLoss(_ multiplier: Matrix) -> (product: Matrix, loss: Double) {
    precondition(multiplier.rows == target.columns, "multiplier is \(multiplier.shapeText)")
    return run(multiplier, forRows: true, loss: true)
  }

  /// (Y − σ(Z))ᵀ·B, m × p for B of n × p; missing cells count 0.
  ///
  /// Cost as `times`.
  public func transposedTimes(_ multiplier: Matrix) -> Matrix {
    precondition(multiplier.rows == target.rows, "multiplier is \(multiplier.shapeText)")
    return run(multiplier, forRows: false, loss: false).product
  }

  /// −Σ log p(y) over the observed cells; cost 2·n·m·k operations and n·m sigmoids.
  public func loss() -> Double {
    run(Matrix(rows: target.columns, columns: 0), forRows: true, loss: true).loss
  }

  /// Runs the four matrix products of a sweep (both sides, with the factors as multipliers) and nothing
  /// else: what a benchmark compares a sweep with.
  public func productsAlone() {
    _ = run(columns, forRows: true, loss: false, kind: .products)
    _ = run(rows, forRows: false, loss: false, kind: .products)
  }

  /// Wᵀ·B, m × p for B of n × p, where W holds the curvatures σ(z)(1 − σ(z)); missing cells count 0.
  ///
  /// Cost as `times`.
  public func curvatureTransposedTimes(_ multiplier: Matrix) -> Matrix {
    precondition(multiplier.rows == target.rows, "multiplier is \(multiplier.shapeText)")
    return run(multiplier, forRows: false, loss: false, kind: .curvatures).product
  }

  /// What the blocks between the two products hold.
  private enum Kind {
    case residuals, curvatures, products
  }

  private func run(
    _ multiplier: Matrix, forRows: Bool, loss: Bool, kind: Kind = .residuals
  ) -> (product: Matrix, loss: Double) {
    let p = multiplier.columns
    let rowRanges = Parallel.blocks(of: target.rows, size: Self.rowBlock)
    let columnRanges = Parallel.blocks(of: target.columns, size: Self.columnBlock)
    let tasks = forRows ? rowRanges : columnRanges
    let steps = forRows ? columnRanges : rowRanges
    var product = Matrix(rows: forRows ? target.rows : target.columns, columns: p)
    let losses = product.storage.withUnsafeMutableBufferPointer { productBuffer in
      multiplier.storage.withUnsafeBufferPointer { multiplierBuffer in
        target.withBuffers { cells in
          let output = UncheckedSendable(productBuffer)
          let right = UncheckedSendable(multiplierBuffer)
          return Parallel.map(tasks.count) { task -> Double in
            let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.rowBlock * Self.columnBlock)
            defer { block.deallocate() }
            guard let base = block.baseAddress else { return 0 }
            // The last columns of a row are handled in a whole group of eight.
            block.initialize(repeating: 0)
            var sum = 0.0
            for step in steps {
              let rowRange = forRows ? tasks[task] : step
              let columnRange = forRows ? step : tasks[task]
              sum += fill(base, rowRange, columnRange, cells, loss: loss, kind: kind)
              guard p > 0, let outputBase = output.value.baseAddress, let rightBase = right.value.baseAddress
              else { continue }
              let from = forRows ? columnRange : rowRange
              let to = forRows ? rowRange : columnRange
              BLAS.gemm(
                forRows ? .asStored : .transposed, .asStored, m: to.count, n: p, k: from.count, scale: 1,
                a: base, aStride: Self.columnBlock, b: rightBase + from.lowerBound * p, bStride: p,
                c: outputBase + to.lowerBound * p, cStride: p, keep: 1)
            }
            return sum
          }
        }
      }
    }
    return (product, losses.reduce(0, +))
  }

  /// Fills a block with z, rows `columnBlock` apart.
  func products(_ block: UnsafeMutablePointer<Float>, _ rowRange: Range<Int>, _ columnRange: Range<Int>) {
    let k = rows.columns
    rows.storage.withUnsafeBufferPointer { left in
      columns.storage.withUnsafeBufferPointer { right in
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return }
        BLAS.gemm(
          .asStored, .transposed, m: rowRange.count, n: columnRange.count, k: k, scale: 1,
          a: leftBase + rowRange.lowerBound * k, aStride: k, b: rightBase + columnRange.lowerBound * k,
          bStride: k, c: block, cStride: Self.columnBlock, keep: 0)
      }
    }
  }

  /// Fills a block with what is multiplied, rows `columnBlock` apart, and returns its loss.
  private func fill(
    _ block: UnsafeMutablePointer<Float>, _ rowRange: Range<Int>, _ columnRange: Range<Int>,
    _ cells: LogisticTargetBuffers, loss: Bool, kind: Kind
  ) -> Double {
    products(block, rowRange, columnRange)
    guard kind != .products else { return 0 }
    return LogisticCells.spread.withUnsafeBufferPointer { table in
      guard let spread = table.baseAddress else { return 0 }
      var sum = 0.0
      for (offset, row) in rowRange.enumerated() {
        guard kind == .residuals else {
          LogisticCells.replaceWithCurvature(
            block + offset * Self.columnBlock, target: cells, row: row, columns: columnRange, spread: spread)
          continue
        }
        sum += LogisticCells.apply(
          block + offset * Self.columnBlock, target: cells, row: row, columns: columnRange, spread: spread,
          loss: loss)
      }
      return sum
    }
  }
}
