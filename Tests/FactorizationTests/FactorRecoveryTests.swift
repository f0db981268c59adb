import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Factorization

/// Synthetic responses of known factors, with a twentieth of the cells held out.
@Suite struct FactorRecoveryTests {
  private struct Problem {
    let blocks: [ResponseBlocks.Block]
    let heldOut: [GradedCells]
    let llmCount: Int
    let abilities: Matrix
    /// The log-odds that the responses were drawn from, by block.
    let truth: [Matrix]
  }

  private func problem() throws -> Problem {
    let dataset = try SyntheticGenerator.generate(
      SyntheticOptions(llms: 900, queries: 2_400, factors: 3, dimensions: 4, seed: 7))
    let abilities = try #require(dataset.truth["llm_factors"]).matrix()
    var blocks: [ResponseBlocks.Block] = []
    var heldOut: [GradedCells] = []
    var truth: [Matrix] = []
    for benchmark in dataset.benchmarks where benchmark.responses.isBinary {
      let cells = benchmark.responses.cells
      var kept = BitMatrix(rows: cells.rows, columns: cells.columns, repeating: true)
      var left = BitMatrix(rows: cells.rows, columns: cells.columns)
      var generator = SeededGenerator(seed: 3, stream: benchmark.name)
      for row in 0..<cells.rows {
        for column in 0..<cells.columns where generator.uniform() < 0.05 {
          kept[row, column] = false
          left[row, column] = true
        }
      }
      blocks.append(
        ResponseBlocks.Block(cells: GradedCells(cells.values, observed: kept), llms: benchmark.llms))
      heldOut.append(GradedCells(cells.values, observed: left))
      let factors = try #require(dataset.truth["query_factors/\(benchmark.name)"]).matrix()
      let biases = try #require(dataset.truth["query_biases/\(benchmark.name)"]).floats()
      var logOdds = BLAS.multiply(factors, .asStored, abilities.selecting(rows: benchmark.llms), .transposed)
      for row in 0..<logOdds.rows {
        for column in 0..<logOdds.columns { logOdds[row, column] += biases[row] }
      }
      truth.append(logOdds)
    }
    return Problem(
      blocks: blocks, heldOut: heldOut, llmCount: abilities.rows, abilities: abilities, truth: truth)
  }

  @Test func factorsAndLogLossComeNearTheTruth() throws {
    let problem = try problem()
    let solver = LogisticMFSolver(blocks: problem.blocks, llmCount: problem.llmCount, l2: 1, biasL2: 0.1)
    let spectrum = try SpectralStart(blocks: problem.blocks, llmCount: problem.llmCount, seed: 1)
      .spectrum(rank: 3)
    let outcome = try AcceleratedSweeps(solver: solver, maximumSweeps: 200, tolerance: 1e-6)
      .run(from: SpectralStart.factors(from: spectrum, factors: 3, l2: 1)) { _ in }
    var (loss, truth, count) = (0.0, 0.0, 0.0)
    for index in problem.blocks.indices {
      let cells = problem.heldOut[index]
      loss += LogisticResiduals(
        cells, rows: outcome.factors.queries[index], columns: solver.columns(of: outcome.factors, in: index)
      ).loss()
      let z = problem.truth[index]
      truth += LogisticResiduals(cells, rows: z, columns: Matrix(identity: z.columns)).loss()
      count += Double(cells.observedCount)
    }
    #expect(count > 50_000)
    #expect(loss < 1.01 * truth, "held-out log-loss \(loss / count), the truth's \(truth / count)")
    // Up to a linear map, which the product leaves open, the factors are the true abilities.
    let fitted = explained(problem.abilities, by: outcome.factors.llms)
    #expect(fitted > 0.97, "explains \(fitted) of the true abilities' variance")
  }

  /// The share of a matrix's variance that a linear regression on another one's columns explains.
  private func explained(_ cells: Matrix, by inputs: Matrix) -> Double {
    let x = (0..<inputs.rows).map { inputs.row($0).map(Double.init) }
    let width = inputs.columns
    var gram = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    for row in x {
      for a in 0..<width { for b in 0..<width { gram[a][b] += row[a] * row[b] } }
    }
    for a in 0..<width { gram[a][a] += 1e-6 }
    var (residual, total) = (0.0, 0.0)
    for column in 0..<cells.columns {
      let y = cells.column(column).map(Double.init)
      let mean = y.reduce(0, +) / Double(y.count)
      let cross = (0..<width).map { a in zip(x, y).reduce(0.0) { $0 + $1.0[a] * $1.1 } }
      let weights = ReferenceLinearSystem.solve(gram, cross)
      for (row, value) in zip(x, y) {
        let error = value - zip(row, weights).reduce(0.0) { $0 + $1.0 * $1.1 }
        residual += error * error
        total += (value - mean) * (value - mean)
      }
    }
    return 1 - residual / total
  }
}
