import NumericKernels

/// What improves biased factors in sweeps: all query rows, then all LLM rows.
package protocol FactorSolver: Sendable {
  /// One sweep, and the objective at its start; nil, after half of the work, where that is above `limit`.
  ///
  /// - Throws: `NumericalError` for factors that overflow or a penalty that is too small.
  func sweep(from start: BiasedFactors, limit: Double?) throws(NumericalError) -> FactorSweep?

  /// The factors of a model, where sweeps leave something of it open.
  func completed(_ factors: BiasedFactors) -> BiasedFactors

  /// The standard deviations of each LLM's factors and bias, m × (k + 1); nil where the solver knows none.
  func standardErrors(of factors: BiasedFactors) throws(NumericalError) -> Matrix?
}

extension FactorSolver {
  package func completed(_ factors: BiasedFactors) -> BiasedFactors { factors }

  package func standardErrors(of factors: BiasedFactors) throws(NumericalError) -> Matrix? { nil }
}

/// What one sweep over queries and LLMs did.
package struct FactorSweep {
  /// The objective at the factors the sweep started from.
  package let objective: Double
  /// The factors after it.
  package let factors: BiasedFactors
}
