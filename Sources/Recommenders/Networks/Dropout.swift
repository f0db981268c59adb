import NumericKernels

/// Sets a share of the hidden units to 0 while training, and scales the others up to keep the mean.
///
/// Source: Srivastava et al. 2014.
struct Dropout {
  /// The probability that a unit is dropped, in [0, 1).
  let share: Float
  /// Where the choices come from.
  var generator: SeededGenerator

  /// Multiplies units by 0 or by 1 / (1 − share), and returns these factors.
  mutating func apply(_ units: inout Matrix) -> [Float] {
    let scale = 1 / (1 - share)
    let factors = units.storage.map { _ in generator.uniform() < share ? 0 : scale }
    for index in factors.indices { units.storage[index] *= factors[index] }
    return factors
  }
}
