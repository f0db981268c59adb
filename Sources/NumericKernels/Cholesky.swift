import COpenBLAS
import Foundation

/// The Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ.
///
/// A big matrix is cut into fixed blocks, so that all processors work and the bits do not depend on their number.
public struct Cholesky: Sendable {
  /// L in the lower triangle; what stands above the diagonal is not read.
  let factor: Matrix

  /// Factors a symmetric n × n matrix, of which the lower triangle is read; cost n³/3.
  ///
  /// A matrix that is handed over for good (`Cholesky(consume a)`) is factored where it lies.
  ///
  /// - Throws: `NumericalError.notPositiveDefinite` naming the first row that fails and the remedy;
  ///   `notFinite`.
  public init(_ matrix: consuming Matrix) throws(NumericalError) {
    try self.init(matrix) { _, enough in "add \(Self.short(enough)) to its diagonal" }
  }

  /// Factors a matrix; `remedy` says what to do about a row that fails, given what added to the diagonal is enough.
  public init(
    _ matrix: consuming Matrix, remedy: (_ row: Int, _ enough: Float) -> String
  ) throws(NumericalError) {
    var factor = matrix
    let size = factor.rows
    let largest = (0..<min(size, factor.columns)).reduce(Float(0)) { max($0, abs(factor[$1, $1])) }
    precondition(factor.rows == factor.columns, "matrix is \(factor.shapeText)")
    // OpenBLAS takes NaN for a good pivot.
    guard CholeskyBlocks.isFinite(factor) else { throw .notFinite(what: "a matrix to be factored") }
    if let row = CholeskyBlocks.factor(&factor) {
      throw .notPositiveDefinite(row: row, remedy: remedy(row, Self.enough(size: size, largest: largest)))
    }
    self.factor = factor
  }

  /// What added to the diagonal makes a positive semidefinite n × n matrix one that is factored in spite of rounding.
  ///
  /// Rounding moves an eigenvalue by a small multiple of n units in the last place of the largest element
  /// (Higham 2002, theorem 10.7); the matrix itself is a rounded product.
  public static func enough(size: Int, largest: Float) -> Float {
    16 * Float(max(size, 8)) * Float.ulpOfOne * max(largest, .leastNormalMagnitude / Float.ulpOfOne)
  }

  /// What to say of a penalty on the diagonal that is too small: the option and a value that serves.
  public static func remedy(_ option: String, _ value: Float, adding enough: Float) -> String {
    "choose \(option) of at least \(short(value + enough))"
  }

  /// A number of at least another, with one digit.
  private static func short(_ value: Float) -> String {
    let power = pow(10, log10(Double(value)).rounded(.down))
    return "\(Float((Double(value) / power).rounded(.up) * power))"
  }

  /// The lower triangle L, n × n, copied; above the diagonal stand zeros.
  public var lower: Matrix {
    var lower = factor
    let size = lower.rows
    Parallel.fillRows(of: &lower, blockRows: CholeskyBlocks.size) { rows, values in
      for (index, row) in rows.enumerated() {
        for column in row + 1..<max(size, row + 1) { values[index * size + column] = 0 }
      }
    }
    return lower
  }

  /// The squares of L's diagonal: what is left of A's diagonal in each row after the rows above it.
  public var pivots: [Float] { (0..<factor.rows).map { factor[$0, $0] * factor[$0, $0] } }

  /// The solution X of A·X = B, n × r; cost 2·n²·r.
  public func solve(_ b: Matrix) -> Matrix {
    var x = b
    CholeskyBlocks.solve(factor, &x)
    return x
  }

  /// Replaces each row g of an m × n matrix by g·A⁻¹ (STRSM).
  public func solveRows(of matrix: inout Matrix) {
    BLAS.solveTriangular(side: CblasRight, factor, .transposed, &matrix)
    BLAS.solveTriangular(side: CblasRight, factor, .asStored, &matrix)
  }

  /// Replaces each row g of an m × n matrix by g·L⁻ᵀ, which makes columns orthonormal when A = GᵀG.
  public func whitenRows(of matrix: inout Matrix) {
    BLAS.solveTriangular(side: CblasRight, factor, .transposed, &matrix)
  }

  /// Replaces an n × r matrix B by L⁻ᵀ·B (STRSM).
  public func solveTransposedFactor(of matrix: inout Matrix) {
    BLAS.solveTriangular(side: CblasLeft, factor, .transposed, &matrix)
  }

  /// Some elements of the diagonal of A⁻¹, in the order of `rows`, or all of them.
  ///
  /// (A⁻¹)ᵢᵢ is the squared length of column i of L⁻¹. Cost up to n² for each row, n³/3 for all, and
  /// n × 256 numbers of memory for each thread.
  public func inverseDiagonal(of rows: [Int]? = nil) -> [Float] {
    CholeskyBlocks.inverseDiagonal(factor, rows: rows ?? Array(0..<factor.rows))
  }
}
