import CLAPACKE
import COpenBLAS

/// Cholesky factorization, solves and the inverse's diagonal over fixed blocks in parallel.
///
/// The blocks depend on the matrix's size alone, which costs about an eighth against LAPACK's own factorization with
/// as many threads of OpenBLAS's (n = 10,000 on two cores).
enum CholeskyBlocks {
  /// The rows and columns of a block.
  static let size = 256

  /// Whether every element of the lower triangle is a finite number.
  static func isFinite(_ matrix: Matrix) -> Bool {
    let blocks = Parallel.blocks(of: matrix.rows, size: size)
    let parts = Parallel.map(blocks.count) { index in
      blocks[index].allSatisfy { row in matrix.row(row).prefix(row + 1).allSatisfy(\.isFinite) }
    }
    return parts.allSatisfy { $0 }
  }

  /// Replaces the lower triangle of A by L, block column by block column; what is above the diagonal is spoilt.
  ///
  /// A diagonal block is factored by LAPACK (SPOTRF), the panel below it solved (STRSM), and its product taken
  /// from the triangle that is left (SGEMM). Returns the first row that fails, or nil.
  static func factor(_ matrix: inout Matrix) -> Int? {
    precondition(matrix.rows == matrix.columns, "matrix is \(matrix.shapeText)")
    let n = matrix.rows
    BLAS.prepare()
    return matrix.storage.withUnsafeMutableBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      let source = UncheckedSendable(base)
      for block in Parallel.blocks(of: n, size: size) {
        let (k, width) = (block.lowerBound, block.count)
        // A row-major lower triangle is a column-major upper one; LAPACKE would copy row-major input.
        let info = LAPACKE_spotrf_work(
          LAPACK_COL_MAJOR, 0x55 /* U */, Int32(width), base + k * n + k, Int32(n))
        precondition(info >= 0, "SPOTRF: argument \(-info)")
        guard info == 0 else { return k + Int(info) - 1 }
        let below = block.upperBound
        let strips = Parallel.blocks(of: n - below, size: size)
        Parallel.forEach(strips.count) { index in
          let base = source.value
          cblas_strsm(
            CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(strips[index].count),
            blasint(width), 1, base + k * n + k, blasint(n),
            base + (below + strips[index].lowerBound) * n + k,
            blasint(n))
        }
        // The longest strip first, so that the threads end together.
        Parallel.forEach(strips.count) { index in
          let strip = strips[strips.count - 1 - index]
          let rows = source.value + (below + strip.lowerBound) * n
          BLAS.gemm(
            .asStored, .transposed, m: strip.count, n: strip.upperBound, k: width, scale: -1, a: rows + k,
            aStride: n, b: source.value + below * n + k, bStride: n, c: rows + below, cStride: n, keep: 1)
        }
      }
      return nil
    }
  }

  /// Replaces B, n × r, by A⁻¹·B: down with L, then up with Lᵀ; each block of L is read once a pass.
  static func solve(_ factor: Matrix, _ b: inout Matrix) {
    let (n, width) = (factor.rows, b.columns)
    precondition(b.rows == n, "factor is \(factor.shapeText), right-hand side \(b.shapeText)")
    guard n > 0, width > 0 else { return }
    BLAS.prepare()
    factor.storage.withUnsafeBufferPointer { source in
      b.storage.withUnsafeMutableBufferPointer { target in
        guard let lower = source.baseAddress, let x = target.baseAddress else { return }
        let system = System(lower: lower, n: n, x: x, width: width)
        let blocks = Parallel.blocks(of: n, size: size)
        for (index, block) in blocks.enumerated() {
          system.divide(block, CblasNoTrans)
          let others = blocks[(index + 1)...]
          Parallel.forEach(others.count) {
            system.subtract(block, from: others[others.startIndex + $0], .asStored)
          }
        }
        for (index, block) in blocks.enumerated().reversed() {
          system.divide(block, CblasTrans)
          Parallel.forEach(index) { system.subtract(block, from: blocks[$0], .transposed) }
        }
      }
    }
  }

  /// A triangular system on raw memory.
  private struct System: @unchecked Sendable {
    let lower: UnsafePointer<Float>
    let n: Int
    let x: UnsafeMutablePointer<Float>
    let width: Int

    /// Solves with a diagonal block of L, or its transpose, for all columns.
    func divide(_ block: Range<Int>, _ form: CBLAS_TRANSPOSE) {
      let columns = Parallel.blocks(of: width, size: 512)
      Parallel.forEach(columns.count) { index in
        cblas_strsm(
          CblasRowMajor, CblasLeft, CblasLower, form, CblasNonUnit, blasint(block.count),
          blasint(columns[index].count), 1, lower + block.lowerBound * (n + 1), blasint(n),
          x + block.lowerBound * width + columns[index].lowerBound, blasint(width))
      }
    }

    /// Takes the product with a solved block of rows from other rows.
    func subtract(_ block: Range<Int>, from rows: Range<Int>, _ form: Transposition) {
      let part =
        form == .asStored
        ? lower + rows.lowerBound * n + block.lowerBound : lower + block.lowerBound * n + rows.lowerBound
      BLAS.gemm(
        form, .asStored, m: rows.count, n: width, k: block.count, scale: -1, a: part, aStride: n,
        b: x + block.lowerBound * width, bStride: width, c: x + rows.lowerBound * width, cStride: width,
        keep: 1)
    }
  }

  /// The squared lengths of some columns of L⁻¹, a block of them at a time.
  ///
  /// A column of L⁻¹ is zero above its diagonal element, so that a block starts at its first one.
  static func inverseDiagonal(_ factor: Matrix, rows: [Int]) -> [Float] {
    let n = factor.rows
    precondition(rows.allSatisfy { $0 >= 0 && $0 < n }, "a row outside of \(factor.shapeText)")
    let order = rows.indices.sorted { (rows[$0], $0) < (rows[$1], $1) }
    let blocks = Parallel.blocks(of: rows.count, size: size)
    BLAS.prepare()
    let lengths = factor.storage.withUnsafeBufferPointer { buffer in
      let source = UncheckedSendable(buffer)
      return Parallel.map(blocks.count) { index -> [Float] in
        let members = blocks[index].map { rows[order[$0]] }
        guard let first = members.first, let lower = source.value.baseAddress else { return [] }
        var columns = Matrix(rows: n - first, columns: members.count)
        for (column, member) in members.enumerated() { columns[member - first, column] = 1 }
        cblas_strsm(
          CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, blasint(columns.rows),
          blasint(columns.columns), 1, lower + first * (n + 1), blasint(n), &columns.storage,
          blasint(columns.columns))
        var sums = [Double](repeating: 0, count: columns.columns)
        for row in 0..<columns.rows {
          let start = row * columns.columns
          for column in 0..<columns.columns {
            let value = Double(columns.storage[start + column])
            sums[column] += value * value
          }
        }
        return sums.map { Float($0) }
      }
    }
    var result = [Float](repeating: 0, count: rows.count)
    for (place, length) in zip(order, lengths.joined()) { result[place] = length }
    return result
  }
}
