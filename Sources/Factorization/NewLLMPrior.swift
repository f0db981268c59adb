import Learning
import NumericKernels
import RoutingData

/// What an item response model may expect of an LLM that it never saw, learned from LLMs of families held out.
///
/// An LLM's answers to queries that were fitted to it agree with the fit better than a new one's will. So the queries'
/// weights are estimated again without each fold of families, and the abilities t of the families' LLMs with those
/// weights held fixed: η = a·θ + s·b + r·q + c with a slope s of the difficulty too, which new LLMs find steeper or
/// flatter than known ones, and a curvature r: q = ½(z² − 1) of the standardized difficulty z, since the log-odds of LLMs
/// far beyond the known ones are no straight line of it. The mean and covariance of t over all LLMs is the prior; how wide
/// intervals must be, some of the same LLMs tell, see `PriorTrials`. Cost: folds × 3 half-sweeps over queries, a Newton fit
/// of all LLMs, and the trials.
struct NewLLMPrior {
  /// Folds of families at most.
  private static let mostFolds = 8
  private static let querySteps = 3
  /// The fewest LLMs of which the best quarter is held out too.
  private static let leastOfFrontier = 8

  private let solver: ItemResponseSolver
  private let state: ItemResponseState

  /// LLMs that were held out together, and the queries as they are without them.
  struct Fold: Sendable {
    /// The LLMs.
    let heldOut: [Int]
    /// The best quarter, whose LLMs are in folds of families as well.
    let isFrontier: Bool
    /// The designs of each block's queries, see `designs(of:)`.
    let designs: [Matrix]
  }

  /// Looks at a state of a solver.
  init(_ solver: ItemResponseSolver, at state: ItemResponseState) {
    self.solver = solver
    self.state = state
  }

  /// The designs of each block's queries: (a, b, q, 1).
  static func designs(of state: ItemResponseState) -> [Matrix] {
    let k = state.factors.factors
    let difficulties = state.factors.queries.flatMap { $0.column(k) }
    let count = Float(difficulties.count)
    let mean = difficulties.reduce(0, +) / count
    let variance = difficulties.reduce(Float(0)) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = max(variance.squareRoot(), 1e-3)
    return state.factors.queries.map { queries in
      var design = Matrix(rows: queries.rows, columns: k + 3, repeating: 1)
      design.replace(rows: 0, columns: 0, with: queries.selecting(columns: Array(0...k)))
      for row in 0..<queries.rows {
        let z = (queries[row, k] - mean) / deviation
        design[row, k + 1] = (z * z - 1) / 2
      }
      return design
    }
  }

  /// What to expect of a new LLM, by families numbered for each LLM; and how wide intervals must be up to some number of answers,
  /// where that is wanted.
  ///
  /// - Throws: `NumericalError`.
  func learned(families: [Int], intervalsUpTo most: Int?, seed: UInt64) throws(NumericalError) -> NewLLM {
    let folds = try heldOut(families: families, withFrontier: most != nil, seed: seed)
    let abilities = try abilities(in: folds, count: families.count)
    let all = Self.moments(of: abilities)
    guard let most else { return NewLLM(all) }
    let trials = PriorTrials(
      solver.responses, folds: folds, families: families, abilities: abilities, seed: seed)
    return NewLLM(all, multipliers: try trials.multipliers(upTo: most))
  }

  /// Folds of families and, where it is wanted and there are enough LLMs, the best quarter.
  private func heldOut(
    families: [Int], withFrontier: Bool, seed: UInt64
  ) throws(NumericalError) -> [Fold] {
    let dealt = GroupFolds.dealt(families, most: Self.mostFolds, seed: seed)
    var folds: [Fold] = []
    for fold in 0...(dealt.max() ?? 0) {
      folds.append(try self.fold(holdingOut: dealt.indices.filter { dealt[$0] == fold }, of: families.count))
    }
    guard withFrontier, families.count >= Self.leastOfFrontier, folds.count > 1 else { return folds }
    let strengths = solver.responses.strengths()
    let order = strengths.indices.sorted { (strengths[$1], $0) < (strengths[$0], $1) }
    folds.append(
      try fold(holdingOut: order.prefix(families.count / 4).sorted(), of: families.count, isFrontier: true))
    return folds
  }

  private func fold(
    holdingOut out: [Int], of count: Int, isFrontier: Bool = false
  ) throws(NumericalError) -> Fold {
    let taken = Set(out)
    let kept = (0..<count).filter { !taken.contains($0) }
    // With one family alone nothing can be held out; its LLMs say what they can.
    var reduced = state
    if !kept.isEmpty {
      let others = solver.selecting(llms: kept)
      reduced = state.selecting(llms: kept)
      for _ in 0..<Self.querySteps { _ = try others.moveQueries(&reduced) }
    }
    return Fold(heldOut: out, isFrontier: isFrontier, designs: Self.designs(of: reduced))
  }

  /// The abilities (θ, s, r, c) of all LLMs, each by its own fold of families.
  private func abilities(in folds: [Fold], count: Int) throws(NumericalError) -> Matrix {
    let factors = state.factors.factors
    var result = Matrix(rows: count, columns: factors + 3)
    // Before anything is known: slopes near 1, the rest near 0, all loosely.
    var precision = Matrix(identity: factors + 3)
    precision[factors, factors] = 3
    precision[factors + 2, factors + 2] = 0.3
    let mean = Array(repeating: Float(0), count: factors) + [1, 0, 0]
    for fold in folds where !fold.isFrontier {
      let own = try solver.selecting(llms: fold.heldOut).abilities(
        fold.designs, mean: mean, precision: precision)
      result.replaceRows(at: fold.heldOut, with: own.means)
    }
    return result
  }

  /// The mean and covariance of the abilities of LLMs, all but some.
  static func moments(of abilities: Matrix, without left: [Int] = []) -> Abilities {
    let taken = Set(left)
    let kept = (0..<abilities.rows).filter { !taken.contains($0) }
    var centred = abilities.selecting(rows: kept)
    let means = (0..<centred.columns).map {
      centred.column($0).reduce(0, +) / Float(max(kept.count, 1))
    }
    centred.addToRows(means.map { -$0 })
    let covariance = BLAS.gram(centred, scale: 1 / Float(max(kept.count - 1, 1)))
    return Abilities(
      mean: means.map(Double.init), covariance: PackedSymmetric.packed(covariance).map(Double.init))
  }
}
