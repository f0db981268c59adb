import NumericKernels

/// What is learned from a log: features of queries and the cells that it saw, counted in two ways.
package struct LoggedProblem: Sendable {
  /// The features of all queries, with mean 0, n × p.
  let features: Matrix
  /// The cells, each counted as often as it was seen.
  let plain: LoggedCells
  /// The same cells, each counted by the inverse of the probability to see it; of mean 1 for each LLM.
  let weighted: LoggedCells
  /// One of two halves for each query; no prediction sees its own half.
  let halves: [Bool]
  /// Whether plain means say something of levels; not where an answer's grading may depend on the answer.
  let trustsPlainLevels: Bool

  /// A problem from its parts, cells in the same order.
  package init(
    features: Matrix, plain: LoggedCells, weighted: LoggedCells, halves: [Bool],
    trustsPlainLevels: Bool = true
  ) {
    precondition(
      plain.queries == weighted.queries && plain.llms == weighted.llms && halves.count == features.rows,
      "cells or halves of other queries")
    self.features = features
    self.plain = plain
    self.weighted = weighted
    self.halves = halves
    self.trustsPlainLevels = trustsPlainLevels
  }

  /// Whether the weights say nothing: both ways to count are one.
  var isPlain: Bool { plain == weighted }

  /// The number of LLMs, m.
  var llmCount: Int { plain.llmCount }

  /// Predictions of each cell by a fit of the other half, and their part that varies with the query.
  struct CrossFit {
    var predictions: [Double]
    var slopes: [Double]
  }

  /// Fits cells on each half and predicts those of the other one.
  func crossFit(_ cells: LoggedCells) throws(NumericalError) -> CrossFit {
    var result = CrossFit(
      predictions: [Double](repeating: 0, count: cells.count),
      slopes: [Double](repeating: 0, count: cells.count))
    for half in [false, true] {
      let held = cells.queries.indices.filter { halves[cells.queries[$0]] == half }
      let rest = cells.queries.indices.filter { halves[cells.queries[$0]] != half }
      let fit = try SharedRidge(features, cells: cells.selecting(rest))
      let own = cells.selecting(held)
      let slopes = fit.slopes(features, cells: own)
      for (index, place) in held.enumerated() {
        result.slopes[place] = slopes[index]
        result.predictions[place] = slopes[index] + fit.biases[own.llms[index]]
      }
    }
    return result
  }
}

/// What a log taught: linear predictions of each LLM, and how sure they are.
package struct LoggedFit: Sendable {
  /// The prediction of each LLM where all features are 0.
  package var biases: [Double]
  /// What features add, p × m.
  package var coefficients: Matrix
  /// The standard deviation of each LLM's level.
  package var standardErrors: [Double]
  /// What is taken from each LLM's score.
  package var margins: [Double]
  /// The share α of the weighted fit; nil for a method that mixes none.
  package var weightedShare: Double?
  /// The spread of the LLMs' levels; nil for a method that doesn't ask.
  package var spread: Double?
  /// The spread of the bias that the logger left in plain means; nil for a method that doesn't ask.
  package var confounding: Double?
  /// The mean squared error of predictions without the query.
  package var leaveOneOutError: Double
}
