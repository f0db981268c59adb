import NumericKernels

/// Sets a share of the hidden units to 0 while training, and scales the others up to keep the mean.
///
/// Source: Srivastava et al. 2014.
package struct Dropout {
  /// The probability that a unit is dropped, in [0, 1).
  package let share: Float
  /// Where the choices come from.
  package var generator: SeededGenerator

  /// A dropout of a share of the units.
  package init(share: Float, generator: SeededGenerator) {
    self.share = share
    self.generator = generator
  }

  /// Multiplies units by 0 or by 1 / (1 − share), and returns these factors.
  package mutating func apply(_ units: inout Matrix) -> [Float] {
    let scale = 1 / (1 - share)
    let factors = units.storage.map { _ in generator.uniform() < share ? 0 : scale }
    units.multiplyElements(by: factors)
    return factors
  }
}
