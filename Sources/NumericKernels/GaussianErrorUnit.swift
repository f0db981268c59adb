/// The Gaussian error linear unit x·σ(a) with a = 2√(2/π)·(x + 0.044715x³), and its derivative.
///
/// The approximation by a sigmoid that is as fast as one; at most 5e-4 from x·Φ(x).
/// Source: Hendrycks and Gimpel 2016.
public enum GaussianErrorUnit {
  private typealias Lanes = VectorMath.Lanes

  private static let slope: Float = 1.595_769_1
  private static let cubic: Float = 0.044_715

  /// Replaces numbers by what the unit gives for them.
  public static func apply(_ values: inout [Float]) {
    let count = values.count
    values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for start in stride(from: 0, to: count, by: Lanes.scalarCount) {
        let x = VectorMath.load(values + start, count: count - start, padding: 0)
        VectorMath.store(
          x * VectorMath.sigmoid(argument(x)).probability, values + start, count: count - start)
      }
    }
  }

  /// Turns the gradient with respect to the unit's outputs into that with respect to its `inputs`.
  public static func backpropagate(_ gradient: inout [Float], inputs: [Float]) {
    precondition(gradient.count == inputs.count, "\(gradient.count) gradients, \(inputs.count) inputs")
    let count = inputs.count
    gradient.withUnsafeMutableBufferPointer { gradient in
      inputs.withUnsafeBufferPointer { inputs in
        guard let gradient = gradient.baseAddress, let inputs = inputs.baseAddress else { return }
        for start in stride(from: 0, to: count, by: Lanes.scalarCount) {
          let x = VectorMath.load(inputs + start, count: count - start, padding: 0)
          let delta = VectorMath.load(gradient + start, count: count - start, padding: 0)
          let share = VectorMath.sigmoid(argument(x)).probability
          let steepness = (x * x * (3 * cubic) + 1) * slope
          VectorMath.store(
            delta * (share + x * share * (1 - share) * steepness), gradient + start, count: count - start)
        }
      }
    }
  }

  @inline(__always)
  private static func argument(_ x: Lanes) -> Lanes { (x * x * cubic + 1) * x * slope }
}
