import CLAPACKE
import COpenBLAS

/// The Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ (SPOTRF).
public struct Cholesky: Sendable {
  /// The lower triangle L, n × n; above the diagonal stand zeros.
  public let lower: Matrix

  /// Factors a symmetric n × n matrix, of which the lower triangle is read; cost n³/3.
  ///
  /// - Throws: `NumericalError.notPositiveDefinite` naming the first row that fails and the remedy;
  ///   `notFinite`.
  public init(_ matrix: Matrix, remedy: String = "add a larger ridge to its diagonal") throws(NumericalError)
  {
    precondition(matrix.rows == matrix.columns, "matrix is \(matrix.shapeText)")
    // LAPACK takes a NaN for a mistake of the caller's.
    guard matrix.isFinite else { throw .notFinite(what: "a matrix to be factored") }
    var factor = matrix
    let size = matrix.rows
    if size > 0 {
      BLAS.prepare()
      // A row-major lower triangle is a column-major upper one; LAPACKE would copy row-major input.
      let info = LAPACKE_spotrf(LAPACK_COL_MAJOR, 0x55 /* U */, Int32(size), &factor.storage, Int32(size))
      precondition(info >= 0, "SPOTRF: argument \(-info)")
      guard info == 0 else { throw .notPositiveDefinite(row: Int(info) - 1, remedy: remedy) }
      for row in 0..<size {
        for column in row + 1..<max(size, row + 1) { factor[row, column] = 0 }
      }
    }
    lower = factor
  }

  /// The solution X of A·X = B, n × r (STRSM).
  public func solve(_ b: Matrix) -> Matrix {
    var x = b
    BLAS.solveTriangular(side: CblasLeft, lower, .asStored, &x)
    BLAS.solveTriangular(side: CblasLeft, lower, .transposed, &x)
    return x
  }

  /// Replaces each row g of an m × n matrix by g·A⁻¹ (STRSM).
  public func solveRows(of matrix: inout Matrix) {
    BLAS.solveTriangular(side: CblasRight, lower, .transposed, &matrix)
    BLAS.solveTriangular(side: CblasRight, lower, .asStored, &matrix)
  }

  /// Replaces each row g of an m × n matrix by g·L⁻ᵀ, which makes columns orthonormal when A = GᵀG.
  public func whitenRows(of matrix: inout Matrix) {
    BLAS.solveTriangular(side: CblasRight, lower, .transposed, &matrix)
  }
}
