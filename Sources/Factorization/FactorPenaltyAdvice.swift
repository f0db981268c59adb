import NumericKernels

extension Cholesky {
  /// Factors a normal matrix with penalties on its diagonal, those of factors first and that of the bias last.
  ///
  /// - Throws: `NumericalError` that names the option of the penalty that is too small, and a value that serves.
  init(_ matrix: Matrix, penalties: [Float]) throws(NumericalError) {
    try self.init(matrix) { row, enough in
      let isBias = penalties.count == 1 || penalties[row] != penalties[0]
      return Cholesky.remedy(isBias ? "--bias-l2" : "--l2", penalties[row], adding: enough)
    }
  }
}
