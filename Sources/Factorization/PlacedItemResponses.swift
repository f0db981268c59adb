import Learning
import NumericKernels
import RoutingData

/// An estimated item response model as a model of factors is made of it.
///
/// A query's factors are v = (a, b, q), an LLM's u = (θ, s, r) with the slope s of the difficulty b and the curvature r, see
/// `NewLLMPrior`, and the scores z = v·u + c. Known LLMs are placed as new ones will be: by all their answers, with the prior of new LLMs.
struct PlacedItemResponses {
  /// Queries (a, b, q, 0, 1) and LLMs (θ, s, r, 1, c).
  let factors: BiasedFactors
  /// The posterior standard deviations of (θ, s, r, c), m × (k + 3).
  let llmStandardErrors: Matrix
  /// What to expect of a new LLM.
  let newLLM: NewLLM

  /// Places the LLMs of a solver at a state; `families` are numbers of the LLMs' families, see `NewLLMPrior.learned`.
  ///
  /// - Throws: `NumericalError`.
  init(
    _ solver: ItemResponseSolver, at reached: ItemResponseState, families: [Int], intervalsUpTo most: Int?,
    seed: UInt64
  ) throws(NumericalError) {
    let state = try reached.inPrincipalAxes()
    let k = state.factors.factors
    newLLM = try NewLLMPrior(solver, at: state).learned(
      families: families, intervalsUpTo: most, seed: seed)
    let width = k + 3
    let prior = newLLM.abilities.widened(by: Abilities.Breadth())
    let precision = try Cholesky(
      PackedSymmetric.matrix(prior.covariance.map(Float.init), order: width)
    ).solve(Matrix(identity: width))
    let designs = NewLLMPrior.designs(of: state)
    let placed = try solver.abilities(
      designs, mean: prior.mean.map(Float.init), precision: precision)
    var factors = BiasedFactors(
      factors: k + 2, queryCounts: state.factors.queries.map(\.rows), llmCount: placed.means.rows)
    let latent = Array(0...k + 1)
    for block in factors.queries.indices {
      factors.queries[block].replaceColumns(latent, with: designs[block].selecting(columns: latent))
    }
    factors.llms.replaceColumns(latent, with: placed.means.selecting(columns: latent))
    factors.llms.replaceColumns([k + 3], with: placed.means.selecting(columns: [k + 2]))
    self.factors = factors
    var errors = Matrix(rows: placed.means.rows, columns: width)
    for llm in 0..<errors.rows {
      for column in 0..<width {
        errors[llm, column] = max(placed.covariances[llm, PackedSymmetric.place(column, column)], 0)
          .squareRoot()
      }
    }
    llmStandardErrors = errors
  }
}
