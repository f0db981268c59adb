import COpenBLAS

/// Whether an operand of a product is used as it is stored or transposed.
public enum Transposition: Sendable {
  /// As stored.
  case asStored
  /// Rows and columns exchanged.
  case transposed

  var cblas: CBLAS_TRANSPOSE { self == .asStored ? CblasNoTrans : CblasTrans }
}

/// Matrix products through CBLAS.
///
/// OpenBLAS itself runs on one thread: big products are cut into fixed blocks of rows that a
/// parallel loop shares out, so that the bits do not depend on the number of threads.
public enum BLAS {
  static let panelRows = 256

  /// One thread inside OpenBLAS, set once before its first use.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Settles OpenBLAS's threads; every call into BLAS or LAPACK does this first.
  static func prepare() { _ = singleThreaded }

  /// α · op(A) · op(B), shape m × n; cost 2·m·n·k floating-point operations (SGEMM).
  public static func multiply(
    _ a: Matrix, _ aForm: Transposition, _ b: Matrix, _ bForm: Transposition, scale: Float = 1
  ) -> Matrix {
    var result = Matrix(
      rows: aForm == .asStored ? a.rows : a.columns, columns: bForm == .asStored ? b.columns : b.rows)
    add(a, aForm, b, bForm, scale: scale, to: &result)
    return result
  }

  /// A · B, shape m × n.
  public static func multiply(_ a: Matrix, _ b: Matrix) -> Matrix { multiply(a, .asStored, b, .asStored) }

  /// C ← C + α · op(A) · op(B) (SGEMM).
  public static func add(
    _ a: Matrix, _ aForm: Transposition, _ b: Matrix, _ bForm: Transposition, scale: Float = 1,
    to c: inout Matrix
  ) {
    let (m, k) = aForm == .asStored ? (a.rows, a.columns) : (a.columns, a.rows)
    let (bRows, n) = bForm == .asStored ? (b.rows, b.columns) : (b.columns, b.rows)
    precondition(k == bRows, "inner lengths \(k) and \(bRows) of a product differ")
    precondition(c.rows == m && c.columns == n, "result is \(c.shapeText), the product \(m) × \(n)")
    guard m > 0, n > 0, k > 0 else { return }
    a.storage.withUnsafeBufferPointer { aBuffer in
      b.storage.withUnsafeBufferPointer { bBuffer in
        let left = UncheckedSendable(aBuffer)
        let right = UncheckedSendable(bBuffer)
        Parallel.fillRows(of: &c, blockRows: panelRows) { range, span in
          guard let aBase = left.value.baseAddress, let bBase = right.value.baseAddress else { return }
          span.withUnsafeMutableBufferPointer { target in
            gemm(
              aForm, bForm, m: range.count, n: n, k: k, scale: scale,
              a: aForm == .asStored ? aBase + range.lowerBound * a.columns : aBase + range.lowerBound,
              aStride: a.columns, b: bBase, bStride: b.columns, c: target.baseAddress, cStride: n, keep: 1)
          }
        }
      }
    }
  }

  /// y ← y + op(A) · x for an m × n matrix A as stored, on one thread (SGEMV).
  ///
  /// Cost 2·m·n operations, limited by reading A.
  public static func add(_ a: Matrix, _ form: Transposition, _ x: [Float], to y: inout [Float]) {
    let (outputs, inputs) = form == .asStored ? (a.rows, a.columns) : (a.columns, a.rows)
    precondition(
      x.count == inputs && y.count == outputs,
      "product of \(outputs) × \(inputs) with \(x.count) elements, added to \(y.count)")
    guard a.rows > 0, a.columns > 0 else { return }
    prepare()
    cblas_sgemv(
      CblasRowMajor, form.cblas, blasint(a.rows), blasint(a.columns), 1, a.storage, blasint(a.columns), x, 1,
      1,
      &y, 1)
  }

  /// One single-threaded SGEMM on raw memory, C ← α·op(A)·op(B) + keep·C.
  static func gemm(
    _ aForm: Transposition, _ bForm: Transposition, m: Int, n: Int, k: Int, scale: Float,
    a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>?, cStride: Int, keep: Float
  ) {
    prepare()
    cblas_sgemm(
      CblasRowMajor, aForm.cblas, bForm.cblas, blasint(m), blasint(n), blasint(k), scale, a, blasint(aStride),
      b, blasint(bStride), keep, c, blasint(cStride))
  }

  /// α · Σᵢ wᵢ aᵢaᵢᵀ over the rows of an n × k matrix and weights wᵢ ≥ 0, all 1 where they are nil; see `gram`.
  public static func gram(_ a: Matrix, weights: [Float]?, scale: Float = 1) -> Matrix {
    gram(weights.map { a.scalingRows(by: $0.map { $0.squareRoot() }) } ?? a, scale: scale)
  }

  /// α · AᵀA of an n × k matrix, k × k, both triangles filled (SSYRK over fixed blocks of rows).
  public static func gram(_ a: Matrix, scale: Float = 1) -> Matrix {
    let ranges = Parallel.blocks(of: a.rows, size: 4096)
    let size = a.columns
    guard size > 0 else { return Matrix(rows: 0, columns: 0) }
    let parts = a.storage.withUnsafeBufferPointer { buffer in
      let source = UncheckedSendable(buffer)
      return Parallel.map(ranges.count) { index -> Matrix in
        var part = Matrix(rows: size, columns: size)
        prepare()
        guard let base = source.value.baseAddress else { return part }
        cblas_ssyrk(
          CblasRowMajor, CblasLower, CblasTrans, blasint(size), blasint(ranges[index].count), scale,
          base + ranges[index].lowerBound * size, blasint(size), 0, &part.storage, blasint(size))
        return part
      }
    }
    var result = Matrix(rows: size, columns: size)
    for part in parts { result += part }
    for row in 0..<size {
      for column in row + 1..<max(size, row + 1) { result[row, column] = result[column, row] }
    }
    return result
  }

  /// The sum of the products of two vectors of one length (SDOT).
  public static func dot(_ x: some Collection<Float>, _ y: some Collection<Float>) -> Float {
    precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) elements")
    prepare()
    let product = x.withContiguousStorageIfAvailable { xBuffer in
      y.withContiguousStorageIfAvailable { yBuffer in
        cblas_sdot(blasint(xBuffer.count), xBuffer.baseAddress, 1, yBuffer.baseAddress, 1)
      }
    }
    if let inner = product, let value = inner { return value }
    return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Solves X·op(T) = B or op(T)·X = B in place for a lower triangular T (STRSM).
  ///
  /// `side` says on which side of X the triangle stands. B is n × k with the triangle k × k on the
  /// right, or k × n with it on the left.
  static func solveTriangular(
    side: CBLAS_SIDE, _ triangle: Matrix, _ form: Transposition, _ b: inout Matrix
  ) {
    precondition(triangle.rows == triangle.columns, "triangle is \(triangle.shapeText)")
    precondition(
      (side == CblasLeft ? b.rows : b.columns) == triangle.rows,
      "triangle is \(triangle.shapeText), right-hand side \(b.shapeText)")
    guard b.rows > 0, b.columns > 0 else { return }
    prepare()
    let (rows, columns) = (b.rows, b.columns)
    // The triangle stands on one side, so that the other one can be cut into blocks.
    let blocks = Parallel.blocks(of: side == CblasLeft ? columns : rows, size: 512)
    triangle.storage.withUnsafeBufferPointer { source in
      b.storage.withUnsafeMutableBufferPointer { buffer in
        let (triangle, target) = (UncheckedSendable(source), UncheckedSendable(buffer))
        Parallel.forEach(blocks.count) { index in
          guard let base = target.value.baseAddress else { return }
          let block = blocks[index]
          cblas_strsm(
            CblasRowMajor, side, CblasLower, form.cblas, CblasNonUnit,
            blasint(side == CblasLeft ? rows : block.count),
            blasint(side == CblasLeft ? block.count : columns), 1,
            triangle.value.baseAddress, blasint(side == CblasLeft ? rows : columns),
            base + block.lowerBound * (side == CblasLeft ? 1 : columns), blasint(columns))
        }
      }
    }
  }
}
