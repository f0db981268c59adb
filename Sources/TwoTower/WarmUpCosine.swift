import Foundation

/// A learning rate that rises linearly to its peak and falls to 0 along half a cosine.
///
/// Source of the fall: Loshchilov and Hutter 2017, without restarts.
struct WarmUpCosine: Equatable, Sendable {
  /// The largest rate.
  let peak: Double
  /// All steps.
  let steps: Int
  /// The steps of the rise, fewer than all.
  let warmUp: Int

  /// A schedule whose rise takes a share of all steps.
  init(peak: Double, steps: Int, warmUpShare: Double) {
    precondition(steps > 0 && (0..<1).contains(warmUpShare), "\(steps) steps, warm-up \(warmUpShare)")
    self.peak = peak
    self.steps = steps
    warmUp = Int(Double(steps) * warmUpShare)
  }

  /// The rate of a step, counted from 0.
  func rate(_ step: Int) -> Double {
    guard step >= warmUp else { return peak * Double(step + 1) / Double(warmUp + 1) }
    return peak * (1 + cos(.pi * Double(step - warmUp) / Double(steps - warmUp))) / 2
  }
}
