/// The residuals of a pairwise logistic loss over discordant pairs of a row's cells, as a linear operator.
///
/// In row i, cell j is compared with the cell `offset` places on, round the end: a pair counts where both are
/// observed and their grades differ by the margin or more. Its loss is −log σ(z_better − z_worse), and the
/// residual of a cell is the sum of ±σ(z_worse − z_better) over its pairs. An offset drawn at random takes each
/// pair of cells with the same probability, reads memory in order, and needs no random number for each pair.
///
/// A pair weighs the product of its cells' weights: where those are the inverses of the probabilities with which each
/// was seen, that is the inverse of the probability with which the pair was, and a cell that is there twice is in twice
/// as many pairs. (A mean would keep the pairs of a cell of weight 0.) All weights times c are all pairs times c².
///
/// Source of the loss: Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009.
public struct PairwiseResiduals: Sendable {
  static let rowBlock = 32
  /// Rows whose contributions to the columns are summed before they are added to the others'.
  static let stripe = 2048

  /// The graded cells Y, n × m.
  public let cells: GradedCells
  /// The row factors R, n × k.
  public let rows: Matrix
  /// The column factors C, m × k.
  public let columns: Matrix
  /// The offsets of each row, one after the other, `offsets.count / n` for each, all in `1..<m`.
  public let offsets: [Int32]
  /// The least difference of grades that makes a pair, above 0.
  public let margin: Float

  /// The residuals at given factors.
  public init(_ cells: GradedCells, rows: Matrix, columns: Matrix, offsets: [Int32], margin: Float) {
    precondition(
      rows.rows == cells.rows && columns.rows == cells.columns && rows.columns == columns.columns,
      "factors \(rows.shapeText) and \(columns.shapeText) for a \(cells.rows) × \(cells.columns) cells")
    precondition(cells.rows == 0 ? offsets.isEmpty : offsets.count % cells.rows == 0)
    precondition(margin > 0 && offsets.allSatisfy { $0 > 0 && $0 < cells.columns })
    self.cells = cells
    self.rows = rows
    self.columns = columns
    self.offsets = offsets
    self.margin = margin
  }

  /// What the pairs of all rows add up to.
  public struct Loss: Equatable, Sendable {
    /// −Σ w·log σ(z_better − z_worse).
    public internal(set) var sum = 0.0
    /// The number of discordant pairs of a weight above 0.
    public internal(set) var pairs = 0
  }

  /// The residuals times B, n × p for B of m × p, and the loss.
  ///
  /// Cost 2·n·m·(k + p) operations and a sigmoid for each pair, concordant ones too.
  public func timesWithLoss(_ multiplier: Matrix) -> (product: Matrix, loss: Loss) {
    precondition(multiplier.rows == cells.columns, "multiplier is \(multiplier.shapeText)")
    let p = multiplier.columns
    let ranges = Parallel.blocks(of: cells.rows, size: Self.rowBlock)
    var product = Matrix(rows: cells.rows, columns: p)
    let losses = product.storage.withUnsafeMutableBufferPointer { output in
      multiplier.storage.withUnsafeBufferPointer { right in
        cells.withBuffers { buffers in
          let output = UncheckedSendable(output)
          let right = UncheckedSendable(right)
          return Parallel.map(ranges.count) { index -> Loss in
            withWorkspace { work in
              let loss = fill(ranges[index], buffers, work)
              guard p > 0, let to = output.value.baseAddress, let from = right.value.baseAddress else {
                return loss
              }
              BLAS.gemm(
                .asStored, .asStored, m: ranges[index].count, n: p, k: cells.columns, scale: 1,
                a: work.residuals, aStride: work.stride, b: from, bStride: p,
                c: to + ranges[index].lowerBound * p, cStride: p, keep: 0)
              return loss
            }
          }
        }
      }
    }
    var total = Loss()
    for loss in losses {
      total.sum += loss.sum
      total.pairs += loss.pairs
    }
    return (product, total)
  }

  /// The residuals' transpose times B, m × p for B of n × p; cost as `timesWithLoss`.
  public func transposedTimes(_ multiplier: Matrix) -> Matrix {
    precondition(multiplier.rows == cells.rows, "multiplier is \(multiplier.shapeText)")
    let p = multiplier.columns
    let stripes = Parallel.blocks(of: cells.rows, size: Self.stripe)
    let parts = multiplier.storage.withUnsafeBufferPointer { right in
      cells.withBuffers { buffers in
        let right = UncheckedSendable(right)
        return Parallel.map(stripes.count) { index -> Matrix in
          var part = Matrix(rows: cells.columns, columns: p)
          withWorkspace { work in
            for block in Parallel.blocks(of: stripes[index].count, size: Self.rowBlock) {
              let start = stripes[index].lowerBound + block.lowerBound
              _ = fill(start..<start + block.count, buffers, work)
              part.storage.withUnsafeMutableBufferPointer { output in
                guard p > 0, let from = right.value.baseAddress else { return }
                BLAS.gemm(
                  .transposed, .asStored, m: cells.columns, n: p, k: block.count, scale: 1,
                  a: work.residuals, aStride: work.stride, b: from + start * p, bStride: p,
                  c: output.baseAddress, cStride: p, keep: 1)
              }
            }
          }
          return part
        }
      }
    }
    var result = Matrix(rows: cells.columns, columns: p)
    for part in parts { result += part }
    return result
  }

  /// Memory for a block of rows: products, residuals, and the grades of one row.
  private struct Workspace {
    let products: UnsafeMutablePointer<Float>
    let residuals: UnsafeMutablePointer<Float>
    let grades: UnsafeMutablePointer<Float>
    let stride: Int
  }

  private func withWorkspace<Result>(_ body: (Workspace) -> Result) -> Result {
    let stride = (cells.columns + 7) / 8 * 8
    let size = stride * Self.rowBlock
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2 * size + stride)
    memory.initialize(repeating: 0, count: 2 * size + stride)
    defer { memory.deallocate() }
    return body(
      Workspace(products: memory, residuals: memory + size, grades: memory + 2 * size, stride: stride))
  }

  private func fill(_ range: Range<Int>, _ buffers: GradedCellBuffers, _ work: Workspace) -> Loss {
    let k = rows.columns
    let count = cells.columns
    var loss = Loss()
    guard count > 0 else { return loss }
    rows.storage.withUnsafeBufferPointer { left in
      columns.storage.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return }
        BLAS.gemm(
          .asStored, .transposed, m: range.count, n: count, k: k, scale: 1, a: left + range.lowerBound * k,
          aStride: k, b: right, bStride: k, c: work.products, cStride: work.stride, keep: 0)
      }
    }
    work.residuals.update(repeating: 0, count: range.count * work.stride)
    let perRow = offsets.count / max(cells.rows, 1)
    for (place, row) in range.enumerated() {
      expand(row, buffers, into: work.grades)
      let z = work.products + place * work.stride
      let residuals = work.residuals + place * work.stride
      let pairs = PairwiseCells(
        z: z, grades: work.grades, residuals: residuals, weights: buffers.weights.map { $0 + row * count },
        margin: margin)
      for index in row * perRow..<(row + 1) * perRow {
        let offset = Int(offsets[index])
        pairs.compare(0, with: offset, count: count - offset, &loss)
        pairs.compare(count - offset, with: 0, count: offset, &loss)
      }
    }
    return loss
  }

  /// The grades of a row, NaN where they are missing.
  private func expand(_ row: Int, _ buffers: GradedCellBuffers, into grades: UnsafeMutablePointer<Float>) {
    GradedCellBuffers.spread.withUnsafeBufferPointer { table in
      guard let spread = table.baseAddress else { return }
      for start in stride(from: 0, to: cells.columns, by: 8) {
        let count = min(cells.columns - start, 8)
        let y = buffers.values(row: row, column: start, count: count, spread: spread)
        let seen = buffers.seen(row: row, column: start, count: count, spread: spread)
        UnsafeMutableRawPointer(grades + start).storeBytes(
          of: y.replacing(with: .nan, where: seen .== 0), as: SIMD8<Float>.self)
      }
    }
  }
}
