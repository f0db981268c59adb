import NumericKernels

/// What stands between the layers of a network.
public enum Activation: String, CaseIterable, Codable, Sendable {
  /// max(z, 0).
  case rectifier = "relu"
  /// The Gaussian error linear unit.
  case gaussian = "gelu"

  /// Replaces numbers by what the unit gives for them.
  package func apply(_ values: inout [Float]) {
    switch self {
    case .rectifier: Rectifier.apply(&values)
    case .gaussian: GaussianErrorUnit.apply(&values)
    }
  }

  /// Whether the derivative can be told from the unit's outputs alone.
  package var isKnownByOutputs: Bool { self == .rectifier }
}
