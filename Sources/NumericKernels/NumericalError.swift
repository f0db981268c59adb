/// Numbers that an algorithm can't work with: the data's fault, not the program's.
public enum NumericalError: Error, Equatable, Sendable {
  /// A matrix that should be positive definite is not; `row` (from 0) is the first leading minor to fail.
  case notPositiveDefinite(row: Int, remedy: String)
  /// An iterative decomposition did not converge.
  case noConvergence(operation: String)
  /// A value that should be finite is not.
  case notFinite(what: String)
}

extension NumericalError: CustomStringConvertible {
  /// One line with the remedy.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let row, let remedy):
      return "matrix is not positive definite (row \(row)): \(remedy)"
    case .noConvergence(let operation): return "\(operation) did not converge"
    case .notFinite(let what): return "\(what) is not finite"
    }
  }
}
