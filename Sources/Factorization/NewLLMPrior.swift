import Learning
import NumericKernels
import RoutingData

/// What an item response model may expect of an LLM that it never saw, learned from LLMs of families held out.
///
/// An LLM's answers to queries that were fitted to it agree with the fit better than a new one's will. So the queries'
/// weights are estimated again without each fold of families, and the abilities t of the families' LLMs with those
/// weights held fixed: η = a·θ + s·b + r·q + c with a slope s of the difficulty too, which new LLMs find steeper or
/// flatter than known ones, and a curvature r: q = ½(z² − 1) of the standardized difficulty z, since the log-odds of LLMs
/// far beyond the known ones are no straight line of it. The mean and covariance of t over all LLMs is the prior. Cost: folds × 3 half-sweeps over queries, and
/// a Newton fit of all LLMs.
struct NewLLMPrior {
  /// Folds of families at most.
  private static let mostFolds = 8
  private static let querySteps = 3

  private let solver: ItemResponseSolver
  private let state: ItemResponseState

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

  /// Of abilities (θ, s, r, c) before anything is known: slopes near 1, the rest near 0, all loosely.
  private static func loose(factors: Int) -> (mean: [Float], precision: Matrix) {
    var precision = Matrix(identity: factors + 3)
    precision[factors, factors] = 3
    precision[factors + 2, factors + 2] = 0.3
    return (Array(repeating: 0, count: factors) + [1, 0, 0], precision)
  }

  /// The prior of (θ, s, r, c), by families numbered for each LLM.
  ///
  /// - Throws: `NumericalError`.
  func learned(families: [Int], seed: UInt64) throws(NumericalError) -> Abilities {
    let count = families.count
    let width = state.factors.factors + 3
    let folds = GroupFolds.dealt(families, most: Self.mostFolds, seed: seed)
    let loose = Self.loose(factors: state.factors.factors)
    var abilities = Matrix(rows: count, columns: width)
    for fold in 0...(folds.max() ?? 0) {
      let out = folds.indices.filter { folds[$0] == fold }
      let kept = folds.indices.filter { folds[$0] != fold }
      // With one family alone nothing can be held out; its LLMs say what they can.
      var reduced = state
      if !kept.isEmpty {
        let others = solver.selecting(llms: kept)
        reduced = state.selecting(llms: kept)
        for _ in 0..<Self.querySteps { _ = try others.moveQueries(&reduced) }
      }
      let own = try solver.selecting(llms: out).abilities(
        Self.designs(of: reduced), mean: loose.mean, precision: loose.precision)
      abilities.replaceRows(at: out, with: own.means)
    }
    return Self.moments(of: abilities)
  }

  private static func moments(of abilities: Matrix) -> Abilities {
    var centred = abilities
    let means = (0..<abilities.columns).map {
      abilities.column($0).reduce(0, +) / Float(abilities.rows)
    }
    centred.addToRows(means.map { -$0 })
    let covariance = BLAS.gram(centred, scale: 1 / Float(max(abilities.rows - 1, 1)))
    return Abilities(
      mean: means.map(Double.init), covariance: PackedSymmetric.packed(covariance).map(Double.init))
  }
}

extension ItemResponseSolver {
  private static let abilitySteps = 12

  /// The same for some of the LLMs alone, numbered anew in the given order.
  func selecting(llms kept: [Int]) -> ItemResponseSolver {
    var places = [Int?](repeating: nil, count: responses.llmCount)
    for (place, llm) in kept.enumerated() { places[llm] = place }
    let blocks = responses.blocks.map { block in
      let columns = block.llms.indices.filter { places[block.llms[$0]] != nil }
      return ResponseBlocks.Block(
        cells: block.cells.selecting(columns: columns), llms: columns.compactMap { places[block.llms[$0]] })
    }
    return ItemResponseSolver(blocks: blocks, llmCount: kept.count)
  }

  /// The abilities of all LLMs given the designs of the queries, n × p for each block, and a normal prior: m × p, and
  /// their posterior covariances, m × p(p + 1)/2.
  ///
  /// Newton's method from the prior's mean with clipped steps. Cost of a step as that of the LLMs' half of a sweep.
  func abilities(
    _ designs: [Matrix], mean: [Float], precision: Matrix
  ) throws(NumericalError) -> (means: Matrix, covariances: Matrix) {
    let width = mean.count
    let triangle = PackedSymmetric.count(order: width)
    let products = designs.map { PackedSymmetric.outerProducts($0) }
    var means = Matrix(rows: responses.llmCount, columns: width)
    means.addToRows(mean)
    var covariances = Matrix(rows: responses.llmCount, columns: triangle)
    for _ in 0..<Self.abilitySteps {
      let current = means
      let sums = try responses.sum(columns: width + triangle) { index in
        let residuals = LogisticResiduals(
          responses.blocks[index].cells, rows: designs[index],
          columns: responses.factors(of: current, in: index))
        return residuals.transposedTimes(designs[index])
          .appending(columns: residuals.curvatureTransposedTimes(products[index]))
      }
      var gradient = sums.selecting(columns: Array(0..<width))
      var centred = current
      centred.addToRows(mean.map { -$0 })
      BLAS.add(centred, .asStored, precision, .asStored, scale: -1, to: &gradient)
      let systems = try RowSystems(
        sums.selecting(columns: Array(width..<width + triangle)), plus: precision, rightSides: gradient)
      let steps = Self.clipped(systems.solutions, Array(repeating: 1, count: width))
      means += steps
      covariances = systems.inverses
      if steps.rowDots(steps).allSatisfy({ $0 < 1e-8 }) { break }
    }
    return (means, covariances)
  }
}
