import Foundation
import NumericKernels

/// Chooses the next query to grade: the one whose answer tells most about an LLM's accuracy.
///
/// The answer to q lowers the variance of the accuracy by w·(gᵀΣd)²/(1 + w·dᵀΣd) + φ·w/N², w = p(1 − p): what it says of
/// the abilities, and that its own chance is gone (van der Linden 1998, the criterion of minimal expected posterior
/// variance).
public struct AdaptiveAnchors: Sendable {
  private let placement: Placement
  /// The benchmarks whose mean accuracy is wanted, as places among the fold-in's.
  public let targets: [Int]

  /// The choice for some benchmarks; the accuracy wanted is the mean over them.
  public init(_ placement: Placement, targets: [Int]) {
    precondition(!targets.isEmpty, "no benchmark to ask queries of")
    self.placement = placement
    self.targets = targets
  }

  /// The query to grade next, as an anchor without its answer; nil where all are answered.
  ///
  /// Of equally good ones the first. Cost O(N·k²).
  public func next(
    given abilities: Abilities, dispersion: Double, answered: [GradedAnchor]
  ) -> (benchmark: Int, query: Int)? {
    let fold = placement.fold
    var isAsked = fold.benchmarks.map { Array(repeating: false, count: $0.count) }
    for answer in answered { isAsked[answer.benchmark][answer.query] = true }
    var slope = [Double](repeating: 0, count: fold.prior.mean.count)
    var chances: [[Float]] = []
    for target in targets {
      let known = fold.benchmarks[target]
      var own = placement.slopes(of: [abilities], on: target).column(0)
      for query in own.indices where isAsked[target][query] { own[query] = 0 }
      let sums = BLAS.multiply(
        Matrix(rows: 1, columns: own.count, storage: own), known.designs)
      for index in slope.indices {
        slope[index] += Double(sums[0, index]) / Double(known.count * targets.count)
      }
      chances.append(own)
    }
    let direction = abilities.covarianceTimes(slope).map(Float.init)
    let covariance = PackedSymmetric.matrix(
      abilities.covariance.map(Float.init), order: slope.count)
    var best: (gain: Float, benchmark: Int, query: Int)?
    for (target, own) in zip(targets, chances) {
      let known = fold.benchmarks[target]
      let along = BLAS.multiply(
        known.designs, .asStored, Matrix(rows: 1, columns: direction.count, storage: direction), .transposed)
      let spread = BLAS.multiply(known.designs, covariance).rowDots(known.designs)
      let share = Float(dispersion) / Float(known.count * known.count * targets.count * targets.count)
      for query in 0..<known.count where !isAsked[target][query] {
        let weight = own[query]
        let gain = weight * along[query, 0] * along[query, 0] / (1 + weight * spread[query])
        let whole = gain + share * own[query]
        if whole > best?.gain ?? -1 { best = (whole, target, query) }
      }
    }
    return best.map { ($0.benchmark, $0.query) }
  }
}
