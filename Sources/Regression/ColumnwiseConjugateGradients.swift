import NumericKernels

/// Conjugate gradients for A·X = B with one system for each column, all advanced by the same products
/// (Hestenes and Stiefel 1952).
///
/// Where every LLM has a mask of its own, its exact fit would need a factorization of its own. The fits are the
/// fixed point of filling the missing cells with the current predictions and fitting again; these gradients
/// reach the same point in far fewer rounds, each with one product for all LLMs.
struct ColumnwiseConjugateGradients {
  /// A column whose residual fell to this share of its first one is done.
  var tolerance = 1e-5
  /// The largest number of rounds.
  var maximumRounds = 300

  /// The solution for positive semidefinite A, with an approximate inverse of it (a preconditioner).
  ///
  /// The systems may be different ones: column j of `product` is Aⱼ times column j of its argument.
  ///
  /// - Throws: `NumericalError.noConvergence`.
  func solve(
    _ b: Matrix, what: String, product: (Matrix) -> Matrix, precondition: (Matrix) -> Matrix
  ) throws(NumericalError) -> Matrix {
    var x = Matrix(rows: b.rows, columns: b.columns)
    var residual = b
    var direction = precondition(residual)
    var size = Matrix.columnDots(residual, direction)
    let goals = size.map { $0 * tolerance * tolerance }
    for _ in 0..<maximumRounds {
      guard zip(size, goals).contains(where: { $0 > $1 }) else { return x }
      let image = product(direction)
      let curvature = Matrix.columnDots(direction, image)
      let steps = size.indices.map {
        size[$0] > goals[$0] && curvature[$0] > 0 ? size[$0] / curvature[$0] : 0
      }
      Self.add(direction, times: steps, to: &x)
      Self.add(image, times: steps.map { -$0 }, to: &residual)
      let next = precondition(residual)
      let nextSize = Matrix.columnDots(residual, next)
      let shares = size.indices.map { size[$0] > 0 ? nextSize[$0] / size[$0] : 0 }
      var turned = next
      Self.add(direction, times: shares, to: &turned)
      direction = turned
      size = nextSize
    }
    throw .noConvergence(operation: what)
  }

  /// Adds each column times a number.
  private static func add(_ a: Matrix, times factors: [Double], to b: inout Matrix) {
    b.addProduct(of: a, with: factors.map { Float($0) }, scale: 1)
  }
}

extension Matrix {
  /// Every element times that of another matrix of the same shape.
  func multiplied(elementwise other: Matrix) -> Matrix {
    var result = self
    result.update(with: other) { $0 *= $1 }
    return result
  }
}
