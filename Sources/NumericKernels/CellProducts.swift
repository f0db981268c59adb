/// The shape of the blocks in which cells are worked on: half a megabyte, which a core's cache holds.
enum CellBlock {
  static let rows = 256
  static let columns = 512
}

/// What becomes of the products z of a block of cells before they are multiplied on.
protocol CellFunction: Sendable {
  /// Replaces z for at most `CellBlock.columns` cells of a row, of which the first stands on a byte.
  ///
  /// `z` has room for whole groups of sixteen. Missing cells must become 0. With `loss`, returns the loss of the
  /// observed cells.
  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double
}

/// Leaves the products as they are.
struct UnchangedCells: CellFunction {
  @inline(__always)
  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double { 0 }
}

/// A function of dense cells, f(R·Cᵀ; Y), as a linear operator in cache-sized blocks.
///
/// Z = R·Cᵀ never leaves the cache: a block of it is computed by SGEMM, changed in place and multiplied away
/// by a second SGEMM. Blocks are shared out to threads by the side of the result, so sums run in one order
/// whatever the number of threads.
struct CellProducts<Function: CellFunction> {
  let cells: GradedCells
  let rows: Matrix
  let columns: Matrix
  let function: Function

  init(_ cells: GradedCells, rows: Matrix, columns: Matrix, _ function: Function) {
    precondition(
      rows.rows == cells.rows && columns.rows == cells.columns && rows.columns == columns.columns,
      "factors \(rows.shapeText) and \(columns.shapeText) for a \(cells.rows) × \(cells.columns) cells")
    self.cells = cells
    self.rows = rows
    self.columns = columns
    self.function = function
  }

  /// f(Z)·B for the rows, n × p, or f(Z)ᵀ·B for the columns, m × p; and the loss, where wanted.
  ///
  /// Cost 2·n·m·(k + p) operations and n·m steps of the function.
  func times(_ multiplier: Matrix, forRows: Bool, loss: Bool) -> (product: Matrix, loss: Double) {
    precondition(
      multiplier.rows == (forRows ? cells.columns : cells.rows), "multiplier is \(multiplier.shapeText)")
    let p = multiplier.columns
    let rowRanges = Parallel.blocks(of: cells.rows, size: CellBlock.rows)
    let columnRanges = Parallel.blocks(of: cells.columns, size: CellBlock.columns)
    let tasks = forRows ? rowRanges : columnRanges
    let steps = forRows ? columnRanges : rowRanges
    var product = Matrix(rows: forRows ? cells.rows : cells.columns, columns: p)
    let losses = product.storage.withUnsafeMutableBufferPointer { productBuffer in
      multiplier.storage.withUnsafeBufferPointer { multiplierBuffer in
        cells.withBuffers { buffers in
          let output = UncheckedSendable(productBuffer)
          let right = UncheckedSendable(multiplierBuffer)
          return Parallel.map(tasks.count) { task -> Double in
            let block = UnsafeMutableBufferPointer<Float>.allocate(
              capacity: CellBlock.rows * CellBlock.columns)
            defer { block.deallocate() }
            guard let base = block.baseAddress else { return 0 }
            // The last columns of a row are handled in a whole group of sixteen.
            block.initialize(repeating: 0)
            var sum = 0.0
            for step in steps {
              let rowRange = forRows ? tasks[task] : step
              let columnRange = forRows ? step : tasks[task]
              fill(base, rowRange, columnRange)
              sum += change(base, rowRange, columnRange, buffers, loss: loss)
              guard p > 0, let outputBase = output.value.baseAddress, let rightBase = right.value.baseAddress
              else { continue }
              let from = forRows ? columnRange : rowRange
              let to = forRows ? rowRange : columnRange
              BLAS.gemm(
                forRows ? .asStored : .transposed, .asStored, m: to.count, n: p, k: from.count, scale: 1,
                a: base, aStride: CellBlock.columns, b: rightBase + from.lowerBound * p, bStride: p,
                c: outputBase + to.lowerBound * p, cStride: p, keep: 1)
            }
            return sum
          }
        }
      }
    }
    return (product, losses.reduce(0, +))
  }

  /// Fills a block with z, rows `CellBlock.columns` apart.
  func fill(_ block: UnsafeMutablePointer<Float>, _ rowRange: Range<Int>, _ columnRange: Range<Int>) {
    let k = rows.columns
    if k == 0 { block.update(repeating: 0, count: rowRange.count * CellBlock.columns) }
    rows.storage.withUnsafeBufferPointer { left in
      columns.storage.withUnsafeBufferPointer { right in
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return }
        BLAS.gemm(
          .asStored, .transposed, m: rowRange.count, n: columnRange.count, k: k, scale: 1,
          a: leftBase + rowRange.lowerBound * k, aStride: k, b: rightBase + columnRange.lowerBound * k,
          bStride: k, c: block, cStride: CellBlock.columns, keep: 0)
      }
    }
  }

  /// Replaces z by f(z) in a block, and returns its loss.
  private func change(
    _ block: UnsafeMutablePointer<Float>, _ rowRange: Range<Int>, _ columnRange: Range<Int>,
    _ buffers: GradedCellBuffers, loss: Bool
  ) -> Double {
    var sum = 0.0
    for (offset, row) in rowRange.enumerated() {
      sum += function.apply(
        block + offset * CellBlock.columns, cells: buffers, row: row, columns: columnRange, loss: loss)
    }
    return sum
  }
}
