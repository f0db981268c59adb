import Foundation
import LinearAlgebra
import RoutingData

/// Chooses a kernel's width and λ by the leave-one-out error on a seeded subsample of the train queries.
///
/// λ is the variance of what no query tells of another, in units of the kernel's own: it does not depend on how many
/// queries there are, so that the subsample's λ is used for all of them as it is. On MMLU-Pro the best λ is
/// the same from 500 to 4,000 queries.
///
/// The search goes along one axis of the grid after the other, from the median distance and λ = 1, until
/// neither helps. It takes some 20 fits, of which each costs two thirds of n³ for n queries of the subsample.
struct KernelSearch {
  /// The kernel's family.
  let family: KernelFamily
  /// λ, where it is given.
  let l2: Double?
  /// σ, where it is given.
  let width: Double?
  /// The subsample.
  let problem: RegressionProblem
  /// The median distance of two queries.
  let median: Double

  /// The penalties to choose from.
  static let penalties: [Double] = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
  /// What the median distance is multiplied with to get the widths to choose from.
  static let widths: [Double] = [0.18, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4]

  /// A choice and its error.
  struct Choice: Equatable, Sendable {
    /// λ.
    let l2: Double
    /// σ; nil for a kernel without one.
    let width: Double?
    /// The kernel.
    let kernel: KernelFunction
    /// The mean squared leave-one-out error on the subsample.
    let error: Double
  }

  /// A search on at most `count` train queries of a problem; where LLMs have several masks, of which each needs
  /// a factorization, on as many fewer as keep the cost.
  ///
  /// - Throws: `DataError` where all embeddings are equal.
  init(
    _ whole: RegressionProblem, family: KernelFamily, l2: Double?, width: Double?, count: Int, seed: UInt64
  ) throws(DataError) {
    self.family = family
    self.l2 = l2
    self.width = width
    let masks = min(whole.groups.count, RegressionProblem.maximumGroups)
    let share = Int(Double(count) / cbrt(Double(max(masks, 1))))
    problem = whole.selecting(
      rows: Self.sample(whole.inputs.rows, count: max(share, 1), seed: seed, stream: "kernel-search"))
    median = Self.medianDistance(whole.inputs, seed: seed)
    guard median > 0 else {
      throw DataError("all train embeddings are equal: a kernel can't tell the queries apart")
    }
  }

  /// Some of `0..<size`, ascending; all of them where `count` is as many.
  static func sample(_ size: Int, count: Int, seed: UInt64, stream: String) -> [Int] {
    guard count < size else { return Array(0..<size) }
    var rows = Array(0..<size)
    var generator = SeededGenerator(seed: seed, stream: stream)
    generator.shuffle(&rows)
    return rows.prefix(count).sorted()
  }

  /// The median distance of two different rows among 500; 0 where all are equal.
  private static func medianDistance(_ inputs: Matrix, seed: UInt64) -> Double {
    let rows = inputs.selecting(rows: sample(inputs.rows, count: 500, seed: seed, stream: "median-distance"))
    let products = BLAS.multiply(rows, .asStored, rows, .transposed)
    var squares: [Double] = []
    for row in 0..<rows.rows {
      for column in 0..<row {
        let own = Double(products[row, row]) + Double(products[column, column])
        let square = own - 2 * Double(products[row, column])
        // Below this share the difference of the products is rounding.
        if square > 1e-5 * own { squares.append(square) }
      }
    }
    squares.sort()
    return squares.isEmpty ? 0 : squares[squares.count / 2].squareRoot()
  }

  /// The best choice; with λ and σ given, just those with their error on the subsample.
  ///
  /// - Throws: `NumericalError` where no choice gives a fit.
  func run() throws(NumericalError) -> Choice {
    let penalties = l2.map { [$0] } ?? Self.penalties
    let widths: [Double?]
    if family == .cosine {
      widths = [nil]
    } else {
      widths = width.map { [$0] } ?? Self.widths.map { $0 * median }
    }
    var known: [Int: Choice] = [:]
    func choice(_ place: (width: Int, l2: Int)) throws(NumericalError) -> Choice {
      let key = place.width * penalties.count + place.l2
      if let found = known[key] { return found }
      let kernel = family.kernel(width: widths[place.width])
      let fit: RegressionFit?
      do throws(NumericalError) {
        fit = try KernelRidgeSolver(problem: problem, kernel: kernel, l2: Float(penalties[place.l2]))
          .fit(tested: Array(0..<problem.inputs.rows))
      } catch {
        // A λ of the grid may be too small for a width; a given one must do.
        guard l2 == nil else { throw error }
        fit = nil
      }
      let made = Choice(
        l2: penalties[place.l2], width: widths[place.width], kernel: kernel,
        error: fit?.leaveOneOut.mean ?? .infinity)
      known[key] = made
      return made
    }
    var place = (width: widths.count / 2, l2: penalties.count / 2)
    while true {
      var best = place
      for l2 in penalties.indices where try choice((place.width, l2)).error < choice(best).error {
        best.l2 = l2
      }
      for width in widths.indices where try choice((width, best.l2)).error < choice(best).error {
        best.width = width
      }
      guard best != place else { return try choice(best) }
      place = best
    }
  }
}
