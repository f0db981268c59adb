import NumericKernels

/// The kernels that `kernel-ridge` knows.
package enum KernelFamily: String, CaseIterable, Codable, Sendable {
  /// exp(−‖x − y‖² / 2σ²).
  case rbf
  /// The cosine of the angle.
  case cosine

  /// The kernel with a width σ, which the cosine has not.
  func kernel(width: Double?) -> KernelFunction {
    guard self == .rbf, let width else { return .cosine }
    return .gaussian(gamma: Float(1 / (2 * width * width)))
  }
}
