import Foundation
import NumericKernels

/// Learns the abilities of a new LLM from graded answers, with the queries held fixed.
///
/// The posterior of (θ, c) given the answers and a normal prior, by Laplace's approximation: Newton's method from the
/// prior's mean, whose steps are clipped, then the inverse of the Hessian. Cost (n·k² + k³) a step.
public struct FoldIn: Sendable {
  private static let steps = 50
  /// A step moves nothing by more prior standard deviations than this.
  private static let longestStep = 1.0
  private static let tolerance = 1e-8

  /// The queries of each benchmark.
  public let benchmarks: [KnownQueries]
  /// What is known of a new LLM before any answer.
  public let prior: Abilities
  /// The lower triangle of the prior's precision.
  private let precision: [Double]

  /// A fold-in of a model's queries and a prior, of the same number of abilities.
  ///
  /// - Throws: `NumericalError.notPositiveDefinite` for a prior without variance, `notFinite` for queries and a prior whose
  ///   log-odds, or the variances of these, overflow.
  public init(_ benchmarks: [KnownQueries], prior: Abilities) throws(NumericalError) {
    self.benchmarks = benchmarks
    self.prior = prior
    var system = SmallCholesky(order: prior.mean.count)
    system.factor = prior.covariance
    guard system.decompose() else {
      throw .notPositiveDefinite(
        row: 0, remedy: "the model's LLMs are all the same: train it on more of them")
    }
    system.invert()
    precision = system.inverse
    let covariance = PackedSymmetric.matrix(prior.covariance.map { Float($0) }, order: prior.mean.count)
    let mean = Matrix(rows: 1, columns: prior.mean.count, storage: prior.mean.map { Float($0) })
    for known in benchmarks {
      let logOdds = BLAS.multiply(known.designs, .asStored, mean, .transposed)
      let variances = BLAS.multiply(known.designs, covariance).rowDots(known.designs)
      guard logOdds.isFinite, variances.allSatisfy(\.isFinite) else {
        throw .notFinite(what: "what benchmark '\(known.benchmark)' makes of a new LLM")
      }
    }
  }

  /// The abilities after some answers, and how much wider than binomial the answers scatter about them.
  ///
  /// - Throws: `NumericalError.notFinite` where numbers overflow.
  public func posterior(of answers: [GradedAnchor]) throws(NumericalError) -> Abilities {
    let order = prior.mean.count
    let gathered = GatheredAnswers(answers.sorted(by: GradedAnchor.isBefore), to: benchmarks)
    let deviations = (0..<order).map { prior.variance(of: $0).squareRoot() }
    var mean = prior.mean
    var system = SmallCholesky(order: order)
    for _ in 0..<Self.steps {
      system.factor = precision
      system.vector = pull(of: mean)
      gathered.add(at: mean, to: &system)
      guard system.decompose() else { throw .notFinite(what: "the abilities of a new LLM") }
      system.solve()
      let longest = zip(system.vector, deviations).reduce(0.0) { max($0, abs($1.0) / $1.1) }
      let share = longest > Self.longestStep ? Self.longestStep / longest : 1
      for index in 0..<order { mean[index] += share * system.vector[index] }
      if longest < Self.tolerance { break }
    }
    system.factor = precision
    gathered.add(at: mean, to: &system)
    guard system.decompose() else { throw .notFinite(what: "the abilities of a new LLM") }
    system.invert()
    return Abilities(mean: mean, covariance: system.inverse)
  }

  /// The log-odds of a good answer to a query at some abilities.
  public func logOdds(of query: Int, in benchmark: Int, at abilities: [Double]) -> Double {
    let known = benchmarks[benchmark]
    var sum = Double(known.offsets[query])
    let design = known.designs.row(query)
    for (value, ability) in zip(design, abilities) { sum += Double(value) * ability }
    return sum
  }

  /// How much more or less than binomial answers scatter: Σ(y − p)²/Σp(1 − p) at some abilities; 1 for right or wrong,
  /// less for continuous grades.
  ///
  /// Two answers of binomial scatter are added, so that few answers say little.
  public func dispersion(of answers: [GradedAnchor], at abilities: [Double]) -> Double {
    var (squares, expected) = (0.5, 0.5)
    for answer in answers {
      let p = Self.probability(logOdds(of: answer.query, in: answer.benchmark, at: abilities))
      let residual = Double(answer.response) - p
      squares += Double(answer.weight) * residual * residual
      expected += Double(answer.weight) * p * (1 - p)
    }
    return squares / expected
  }

  /// σ(η).
  public static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  /// −P·(x − m): the slope of the prior.
  private func pull(of mean: [Double]) -> [Double] {
    (0..<mean.count).map { row in
      -mean.indices.reduce(0.0) {
        $0 + precision[PackedSymmetric.place(row, $1)] * (mean[$1] - prior.mean[$1])
      }
    }
  }
}
