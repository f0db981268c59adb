/// Gradients of a dense logistic model Z = R·Cᵀ in cache-sized blocks of matrix products.
///
/// Z never leaves the cache: a block of it is computed by SGEMM, turned into residuals in place and
/// multiplied away by a second SGEMM. Blocks are shared out to threads by the side whose gradient is
/// wanted, so sums run in one order whatever the number of threads.
public enum LogisticGradient {
  static let rowBlock = 256
  static let columnBlock = 512

  /// The gradient of the log-likelihood with respect to one side's factors, and the loss.
  public struct Result: Sendable {
    /// (Y − σ(Z))·C for rows, n × k, or (Y − σ(Z))ᵀ·R for columns, m × k; missing cells count 0.
    public let gradient: Matrix
    /// −Σ log p(y) over the observed cells; 0 where it was not asked for.
    public let loss: Double
  }

  /// The gradient with respect to the row factors; cost 4·n·m·k operations and n·m sigmoids.
  ///
  /// Shapes: target n × m, `rows` n × k, `columns` m × k.
  public static func forRows(
    _ target: LogisticTarget, rows: Matrix, columns: Matrix, loss: Bool
  ) -> Result {
    run(target, rows: rows, columns: columns, loss: loss, forRows: true)
  }

  /// The gradient with respect to the column factors; shapes and cost as `forRows`.
  public static func forColumns(
    _ target: LogisticTarget, rows: Matrix, columns: Matrix, loss: Bool
  ) -> Result {
    run(target, rows: rows, columns: columns, loss: loss, forRows: false)
  }

  private static func run(
    _ target: LogisticTarget, rows: Matrix, columns: Matrix, loss: Bool, forRows: Bool
  ) -> Result {
    precondition(
      rows.rows == target.rows && columns.rows == target.columns && rows.columns == columns.columns,
      "factors \(rows.shapeText) and \(columns.shapeText) for a \(target.rows) × \(target.columns) target")
    let k = rows.columns
    let rowRanges = Parallel.blocks(of: target.rows, size: rowBlock)
    let columnRanges = Parallel.blocks(of: target.columns, size: columnBlock)
    let tasks = forRows ? rowRanges : columnRanges
    let steps = forRows ? columnRanges : rowRanges
    var gradient = Matrix(rows: forRows ? target.rows : target.columns, columns: k)
    guard k > 0, target.rows > 0, target.columns > 0 else { return Result(gradient: gradient, loss: 0) }

    let losses = gradient.storage.withUnsafeMutableBufferPointer { gradientBuffer in
      rows.storage.withUnsafeBufferPointer { rowBuffer in
        columns.storage.withUnsafeBufferPointer { columnBuffer in
          target.withBuffers { cells in
            let output = UncheckedSendable(gradientBuffer)
            let left = UncheckedSendable(rowBuffer)
            let right = UncheckedSendable(columnBuffer)
            return Parallel.map(tasks.count) { task -> Double in
              guard let outputBase = output.value.baseAddress, let rowBase = left.value.baseAddress,
                let columnBase = right.value.baseAddress
              else { return 0 }
              var scratch = Scratch(count: rowBlock * columnBlock)
              defer { scratch.free() }
              var sum = 0.0
              for step in steps {
                let rowRange = forRows ? tasks[task] : step
                let columnRange = forRows ? step : tasks[task]
                sum += residuals(
                  cells, rowRange, columnRange, k: k, rows: rowBase, columns: columnBase, into: scratch.base,
                  loss: loss)
                if forRows {
                  BLAS.gemm(
                    .asStored, .asStored, m: rowRange.count, n: k, k: columnRange.count, scale: 1,
                    a: scratch.base, aStride: columnBlock, b: columnBase + columnRange.lowerBound * k,
                    bStride: k, c: outputBase + rowRange.lowerBound * k, cStride: k, keep: 1)
                } else {
                  BLAS.gemm(
                    .transposed, .asStored, m: columnRange.count, n: k, k: rowRange.count, scale: 1,
                    a: scratch.base, aStride: columnBlock, b: rowBase + rowRange.lowerBound * k, bStride: k,
                    c: outputBase + columnRange.lowerBound * k, cStride: k, keep: 1)
                }
              }
              return sum
            }
          }
        }
      }
    }
    return Result(gradient: gradient, loss: losses.reduce(0, +))
  }

  /// Fills the scratch block with y − σ(z), rows `columnBlock` apart, and returns its loss.
  private static func residuals(
    _ cells: LogisticTargetBuffers, _ rowRange: Range<Int>, _ columnRange: Range<Int>, k: Int,
    rows: UnsafePointer<Float>, columns: UnsafePointer<Float>, into block: UnsafeMutablePointer<Float>,
    loss: Bool
  ) -> Double {
    BLAS.gemm(
      .asStored, .transposed, m: rowRange.count, n: columnRange.count, k: k, scale: 1,
      a: rows + rowRange.lowerBound * k, aStride: k, b: columns + columnRange.lowerBound * k, bStride: k,
      c: block, cStride: columnBlock, keep: 0)
    return LogisticResidual.spread.withUnsafeBufferPointer { table in
      guard let spread = table.baseAddress else { return 0 }
      var sum = 0.0
      for (offset, row) in rowRange.enumerated() {
        sum += LogisticResidual.apply(
          block + offset * columnBlock, target: cells, row: row, columns: columnRange, spread: spread,
          loss: loss)
      }
      return sum
    }
  }

  /// Uninitialised working memory of one task.
  private struct Scratch {
    let base: UnsafeMutablePointer<Float>
    init(count: Int) {
      base = .allocate(capacity: count)
      base.initialize(repeating: 0, count: count)
    }
    mutating func free() { base.deallocate() }
  }
}
