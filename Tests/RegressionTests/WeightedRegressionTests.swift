import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import Regression

/// A response of weight w is w responses: what fits without weights make of repeated rows.
@Suite struct WeightedRegressionTests {
  /// A problem whose LLMs have integer weights of their own, and the same with rows repeated instead.
  private struct Pair {
    let weighted: RegressionProblem
    let repeated: RegressionProblem

    init(llms: Int, shared: Bool, benchmarks: Int = 2) {
      let plain = RegressionSample.problem(
        rows: 40, dimensions: 3, llms: llms, benchmarks: benchmarks, seed: 3)
      var generator = SeededGenerator(seed: 4)
      var weights = Matrix(rows: llms, columns: 40)
      for row in 0..<40 {
        let own = Float(1 + generator.below(3))
        for llm in 0..<llms { weights[llm, row] = shared ? own : Float(generator.below(4)) }
      }
      var observed = BitMatrix(rows: llms, columns: 40)
      var more = BitMatrix(rows: llms, columns: 120)
      for row in 0..<40 {
        for llm in 0..<llms {
          observed[llm, row] = weights[llm, row] > 0
          for copy in 0..<3 { more[llm, 3 * row + copy] = Float(copy) < weights[llm, row] }
        }
      }
      func masked(_ targets: Matrix, _ seen: BitMatrix) -> Matrix {
        var result = targets
        for row in 0..<result.rows {
          for llm in 0..<llms where !seen[llm, row] { result[row, llm] = 0 }
        }
        return result
      }
      weighted = RegressionProblem(
        benchmarks: plain.benchmarks, benchmarkCount: benchmarks, inputs: plain.inputs,
        targets: masked(plain.targets, observed),
        groups: RegressionProblem.groups(observed, weights: weights))
      let rows = (0..<120).map { $0 / 3 }
      repeated = RegressionProblem(
        benchmarks: rows.map { plain.benchmarks[$0] }, benchmarkCount: benchmarks,
        inputs: plain.inputs.selecting(rows: rows),
        targets: masked(plain.targets.selecting(rows: rows), more), groups: RegressionProblem.groups(more))
    }
  }

  private func expectEqual(_ left: Matrix, _ right: Matrix, within tolerance: Float, _ what: String) {
    #expect(left.shapeText == right.shapeText)
    let most = zip(left.storage, right.storage).map { abs($0 - $1) }.max() ?? 0
    #expect(most < tolerance, "\(what): \(most)")
  }

  /// Few sets of weights, each factored, and many, solved together.
  @Test(arguments: [(4, true), (4, false), (20, false)])
  func ridge(llms: Int, shared: Bool) throws {
    let pair = Pair(llms: llms, shared: shared)
    #expect(pair.weighted.isWeighted && !pair.repeated.isWeighted)
    #expect((pair.weighted.groups.count > RegressionProblem.maximumGroups) == (llms > 8))
    let centres = BenchmarkMeans(
      pair.weighted.inputs, benchmarks: pair.weighted.benchmarks, count: pair.weighted.benchmarkCount)
    let weighted = try RidgeSolver(problem: pair.weighted).fit(l2: 2, centres: centres)
    let repeated = try RidgeSolver(problem: pair.repeated).fit(l2: 2, centres: centres)
    expectEqual(weighted.coefficients, repeated.coefficients, within: 2e-3, "weights")
    expectEqual(weighted.intercepts, repeated.intercepts, within: 2e-3, "intercepts")
  }

  @Test(arguments: [(4, true), (4, false), (20, false)])
  func kernelRidge(llms: Int, shared: Bool) throws {
    let pair = Pair(llms: llms, shared: shared)
    let kernel = KernelFunction.gaussian(gamma: 0.3)
    func predictions(_ problem: RegressionProblem) throws -> (Matrix, Matrix) {
      let fit = try KernelRidgeSolver(problem: problem, kernel: kernel, l2: 0.5).fit(tested: [])
      let map = KernelMap(kernel: kernel, landmarks: problem.inputs, coefficients: fit.coefficients)
      return (map.vectors(of: pair.weighted.inputs), fit.intercepts)
    }
    let (weighted, repeated) = (try predictions(pair.weighted), try predictions(pair.repeated))
    expectEqual(weighted.0, repeated.0, within: 2e-3, "values")
    expectEqual(weighted.1, repeated.1, within: 2e-3, "intercepts")
  }

  /// The whole regression, whose fitted values take another way without weights.
  @Test func kernelRidgeToTheEnd() throws {
    let pair = Pair(llms: 4, shared: true, benchmarks: 1)
    func scores(_ problem: RegressionProblem) throws -> Matrix {
      let found = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(problem)
      var scores = BLAS.multiply(
        found.map.vectors(of: pair.weighted.inputs), .asStored, found.llmFactors, .transposed)
      scores.addToRows(zip(found.biases.llms, found.biases.benchmarks.row(0)).map { $0 + $1 })
      return scores
    }
    expectEqual(try scores(pair.weighted), try scores(pair.repeated), within: 2e-3, "scores")
  }

  /// Leave-one-out errors leave a row out with all of its weight, and count with it.
  @Test func leaveOneOutErrorsAreWeighted() throws {
    let problem = Pair(llms: 1, shared: true, benchmarks: 1).weighted
    let group = problem.groups[0]
    let weights = try #require(group.weights)
    let kernel = KernelFunction.gaussian(gamma: 0.3)
    let centres = BenchmarkMeans(problem.inputs, benchmarks: problem.benchmarks, count: 1)
    let byRidge = try RidgeSolver(problem: problem).fit(l2: 2, centres: centres).leaveOneOut.mean
    let byKernel = try KernelRidgeSolver(problem: problem, kernel: kernel, l2: 0.5)
      .fit(tested: Array(0..<40)).leaveOneOut.mean
    var (ridge, kernels, total) = (0.0, 0.0, 0.0)
    for place in group.rows.indices {
      let row = group.rows[place]
      let kept = group.rows.indices.filter { $0 != place }
      let rest = RegressionProblem(
        benchmarks: problem.benchmarks, benchmarkCount: 1, inputs: problem.inputs, targets: problem.targets,
        groups: [
          .init(rows: kept.map { group.rows[$0] }, columns: [0], weights: kept.map { weights[$0] })
        ])
      let input = problem.inputs.selecting(rows: [row])
      let fit = try RidgeSolver(problem: rest).fit(l2: 2, centres: centres)
      var moved = input
      centres.centre(&moved, benchmarks: [0])
      let guess = BLAS.multiply(moved, fit.coefficients)[0, 0] + fit.intercepts[0, 0]
      let kernelFit = try KernelRidgeSolver(problem: rest, kernel: kernel, l2: 0.5).fit(tested: [])
      let map = KernelMap(kernel: kernel, landmarks: problem.inputs, coefficients: kernelFit.coefficients)
      let other = map.vectors(of: input)[0, 0] + kernelFit.intercepts[0, 0]
      let weight = Double(weights[place])
      ridge += weight * pow(Double(problem.targets[row, 0] - guess), 2)
      kernels += weight * pow(Double(problem.targets[row, 0] - other), 2)
      total += weight
    }
    #expect(abs(byRidge / (ridge / total) - 1) < 1e-3)
    #expect(abs(byKernel / (kernels / total) - 1) < 1e-3)
  }

  /// A weight next to nothing neither makes a system singular nor changes what the others say.
  @Test func tinyWeightsAreHarmless() throws {
    let problem = RegressionSample.problem(rows: 40, dimensions: 3, llms: 2, seed: 5)
    var observed = BitMatrix(rows: 2, columns: 40, repeating: true)
    var weights = Matrix(rows: 2, columns: 40, repeating: 1)
    for row in 0..<10 {
      for llm in 0..<2 { weights[llm, row] = 1e-9 }
    }
    func fit(_ groups: [RegressionProblem.MaskGroup]) throws -> RegressionFit {
      try KernelRidgeSolver(
        problem: RegressionProblem(
          benchmarks: problem.benchmarks, benchmarkCount: 1, inputs: problem.inputs,
          targets: problem.targets, groups: groups),
        kernel: .gaussian(gamma: 0.3), l2: 0.01
      ).fit(tested: [])
    }
    let light = try fit(RegressionProblem.groups(observed, weights: weights))
    for row in 0..<10 {
      for llm in 0..<2 { observed[llm, row] = false }
    }
    let missing = try fit(RegressionProblem.groups(observed))
    expectEqual(light.coefficients, missing.coefficients, within: 1e-3, "coefficients")
  }
}
