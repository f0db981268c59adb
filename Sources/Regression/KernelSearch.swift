import Foundation
import Learning
import NumericKernels
import RoutingData

/// Chooses a kernel's width and λ by the leave-one-out error on seeded subsamples of the train queries.
///
/// λ is the variance of what no query tells of another, in units of the kernel's own. It does not depend on how
/// many queries there are, so that it is used for all queries as it is; but more queries see finer
/// detail, so that narrower widths, with less noise beside them, come to be better. The search therefore has two
/// parts. The first goes from the median distance and λ = 1 to a neighbour on the grid, along both axes, as long as
/// that helps. The second takes two and a half times the queries and goes to a narrower width, a smaller λ or both, as
/// long as that helps. Together some 15 fits; one costs up to two thirds of n³ for n queries of the subsample.
struct KernelSearch {
  /// The kernel's family.
  let family: KernelFamily
  /// λ, where it is given.
  let l2: Double?
  /// σ, where it is given.
  let width: Double?
  /// The first subsample.
  let problem: RegressionProblem
  /// The second subsample, two and a half times the first; nil where the first one holds all queries.
  let larger: RegressionProblem?
  /// The rows of the second subsample whose errors count.
  private let tested: [Int]?
  /// The median distance of two queries.
  let median: Double

  private static let testedQueries = 600

  /// The penalties to choose from.
  static let penalties: [Double] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000]
  /// What the median distance is multiplied with to get the widths to choose from.
  static let widths: [Double] = [0.09, 0.13, 0.18, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8]

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
    func part(_ count: Int) -> RegressionProblem {
      whole.selecting(rows: Self.sample(whole.inputs.rows, count: count, seed: seed, stream: "kernel-search"))
    }
    problem = part(max(share, 1))
    larger = share < whole.inputs.rows ? part(max(5 * share / 2, 1)) : nil
    tested = larger.map {
      Self.sample($0.inputs.rows, count: Self.testedQueries, seed: seed, stream: "kernel-search-test")
    }
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
  static func medianDistance(_ inputs: Matrix, seed: UInt64) -> Double {
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

  /// A place on the grid.
  private struct Place: Hashable {
    var width: Int
    var l2: Int
  }

  /// Fits on one subsample, each made once.
  private struct Trials {
    let problem: RegressionProblem
    let tested: [Int]
    let family: KernelFamily
    let penalties: [Double]
    let widths: [Double?]
    /// Whether a λ that is too small for a width is passed over.
    let isLenient: Bool
    private(set) var known: [Place: Choice] = [:]
    /// K of each width that was tried.
    private var matrices: [Int: Matrix] = [:]

    init(
      problem: RegressionProblem, tested: [Int], family: KernelFamily, penalties: [Double],
      widths: [Double?], isLenient: Bool
    ) {
      self.problem = problem
      self.tested = tested
      self.family = family
      self.penalties = penalties
      self.widths = widths
      self.isLenient = isLenient
    }

    mutating func choice(_ place: Place) throws(NumericalError) -> Choice {
      if let found = known[place] { return found }
      let kernel = family.kernel(width: widths[place.width])
      let matrix = matrices[place.width] ?? kernel.matrix(problem.inputs)
      matrices[place.width] = matrix
      var error = Double.infinity
      do throws(NumericalError) {
        error = try KernelRidgeSolver(
          problem: problem, kernel: kernel, l2: Float(penalties[place.l2]), matrix: matrix
        ).fit(tested: tested).leaveOneOut.mean
      } catch let failure {
        guard isLenient else { throw failure }
      }
      let made = Choice(
        l2: penalties[place.l2], width: widths[place.width], kernel: kernel, error: error)
      known[place] = made
      return made
    }

    /// The better of two places, the first one where they are equal.
    mutating func better(_ first: Place, _ second: Place) throws(NumericalError) -> Place {
      try choice(second).error < choice(first).error ? second : first
    }
  }

  /// The best choice; with λ and σ given, just those with their error.
  ///
  /// - Throws: `NumericalError` where a given λ is too small.
  func run() throws(NumericalError) -> Choice {
    let penalties = l2.map { [$0] } ?? Self.penalties
    var widths: [Double?] = [nil]
    if family == .rbf { widths = width.map { [$0] } ?? Self.widths.map { $0 * median } }
    func trials(_ problem: RegressionProblem, _ tested: [Int]) -> Trials {
      Trials(
        problem: problem, tested: tested, family: family, penalties: penalties, widths: widths,
        isLenient: l2 == nil)
    }
    var first = trials(problem, Array(0..<problem.inputs.rows))
    var place = Place(width: widths.count / 2, l2: penalties.count / 2)
    while true {
      var best = place
      for step in [-1, 1] where penalties.indices.contains(place.l2 + step) {
        best = try first.better(best, Place(width: place.width, l2: place.l2 + step))
      }
      for step in [-1, 1] where widths.indices.contains(place.width + step) {
        best = try first.better(best, Place(width: place.width + step, l2: best.l2))
      }
      guard best != place else { break }
      place = best
    }
    guard let larger, let tested else { return try first.choice(place) }
    var second = trials(larger, tested)
    while true {
      var best = place
      for (width, l2) in [
        (place.width - 1, place.l2), (place.width - 1, place.l2 - 1), (place.width, place.l2 - 1),
      ]
      where width >= 0 && l2 >= 0 {
        best = try second.better(best, Place(width: width, l2: l2))
      }
      guard best != place else { return try second.choice(place) }
      place = best
    }
  }
}
