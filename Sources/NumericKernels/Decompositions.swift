import CLAPACKE

/// The eigenvalues and eigenvectors of a symmetric matrix (SSYEVD).
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Float]
  /// The eigenvectors of unit length, one a row, n × n.
  public let vectors: Matrix

  /// Decomposes a symmetric n × n matrix, of which the lower triangle is read; cost about 4n³.
  ///
  /// - Throws: `NumericalError.noConvergence`; `notFinite` for elements or eigenvalues beyond `Float`.
  public init(_ matrix: Matrix) throws(NumericalError) {
    precondition(matrix.rows == matrix.columns, "matrix is \(matrix.shapeText)")
    let size = matrix.rows
    // LAPACK answers NaN with an invalid argument, or never.
    guard matrix.isFinite else { throw .notFinite(what: "a matrix to be decomposed") }
    var vectors = matrix
    var values = [Float](repeating: 0, count: size)
    if size > 0 {
      BLAS.prepare()
      let info = LAPACKE_ssyevd(
        LAPACK_COL_MAJOR, 0x56 /* V */, 0x55 /* U */, Int32(size), &vectors.storage, Int32(size),
        &values)
      guard info == 0 else { throw .noConvergence(operation: "symmetric eigenvalue decomposition") }
      // Finite elements can have eigenvalues that are not.
      guard values.allSatisfy(\.isFinite) else { throw .notFinite(what: "an eigenvalue") }
    }
    self.values = values
    self.vectors = vectors
  }
}

/// The thin singular value decomposition A = U·diag(σ)·Vᵀ (SGESDD).
public struct SingularValueDecomposition: Sendable {
  /// Left singular vectors, one a column, m × r with r = min(m, n).
  public let left: Matrix
  /// The singular values, descending, r of them.
  public let values: [Float]
  /// Right singular vectors, one a row, r × n.
  public let right: Matrix

  /// Decomposes an m × n matrix; cost of order m·n·min(m, n).
  ///
  /// - Throws: `NumericalError.noConvergence`; `notFinite` for elements or singular values beyond `Float`.
  public init(_ matrix: Matrix) throws(NumericalError) {
    let (m, n) = (matrix.rows, matrix.columns)
    let rank = min(m, n)
    guard matrix.isFinite else { throw .notFinite(what: "a matrix to be decomposed") }
    var copy = matrix.storage
    var values = [Float](repeating: 0, count: rank)
    var left = Matrix(rows: m, columns: rank)
    var right = Matrix(rows: rank, columns: n)
    if rank > 0 {
      BLAS.prepare()
      // Row-major A is column-major Aᵀ = V·diag(σ)·Uᵀ, so the two sets of vectors trade places.
      let info = LAPACKE_sgesdd(
        LAPACK_COL_MAJOR, 0x53 /* S */, Int32(n), Int32(m), &copy, Int32(n), &values,
        &right.storage, Int32(n), &left.storage, Int32(rank))
      guard info == 0 else { throw .noConvergence(operation: "singular value decomposition") }
      guard values.allSatisfy(\.isFinite) else { throw .notFinite(what: "a singular value") }
    }
    self.left = left
    self.values = values
    self.right = right
  }
}
