import Foundation
import NumericKernels
import TestSupport

@testable import Regression

/// Small regression problems and what a slow fit makes of them.
enum RegressionSample {
  /// Responses that are smooth in the embeddings, with noise, in [0, 1]; `isMissing` says which cells are.
  static func problem(
    rows: Int = 40, dimensions: Int = 3, llms: Int = 4, benchmarks: Int = 1, seed: UInt64 = 1,
    isMissing: (Int, Int) -> Bool = { _, _ in false }
  ) -> RegressionProblem {
    var generator = SeededGenerator(seed: seed)
    let inputs = Matrix(
      rows: rows, columns: dimensions, storage: (0..<rows * dimensions).map { _ in generator.normal() })
    let slopes = Matrix(
      rows: dimensions, columns: llms, storage: (0..<dimensions * llms).map { _ in generator.normal() })
    var targets = BLAS.multiply(inputs, slopes)
    for row in 0..<rows {
      for llm in 0..<llms {
        let noisy = targets[row, llm] + 0.5 * generator.normal() + 0.3 * Float(row % benchmarks)
        targets[row, llm] = 0.5 + 0.3 * sin(noisy)
      }
    }
    var observed = BitMatrix(rows: llms, columns: rows, repeating: true)
    for row in 0..<rows {
      for llm in 0..<llms where isMissing(row, llm) {
        observed[llm, row] = false
        targets[row, llm] = 0
      }
    }
    return RegressionProblem(
      benchmarks: (0..<rows).map { $0 % benchmarks }, benchmarkCount: benchmarks, inputs: inputs,
      targets: targets, groups: RegressionProblem.groups(observed))
  }

  /// The rows that an LLM answered.
  static func rows(of llm: Int, in problem: RegressionProblem) -> [Int] {
    problem.groups.first { $0.columns.contains(llm) }?.rows ?? []
  }

  /// The prediction of an LLM's response to one input by a fit on some rows, with free intercepts, in `Double`.
  ///
  /// Solves [[K + λI, E], [Eᵀ, 0]]·(α, b) = (y, 0), for any kernel; ridge has the inner product.
  static func prediction(
    _ problem: RegressionProblem, llm: Int, rows: [Int], l2: Double, at input: [Double], benchmark: Int,
    kernel: ([Double], [Double]) -> Double
  ) -> Double {
    let inputs = rows.map { problem.inputs.row($0).map(Double.init) }
    let present = Set(rows.map { problem.benchmarks[$0] }).sorted()
    let size = rows.count + present.count
    var system = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    var right = [Double](repeating: 0, count: size)
    for i in rows.indices {
      for j in rows.indices { system[i][j] = kernel(inputs[i], inputs[j]) + (i == j ? l2 : 0) }
      for (place, value) in present.enumerated() where problem.benchmarks[rows[i]] == value {
        system[i][rows.count + place] = 1
        system[rows.count + place][i] = 1
      }
      right[i] = Double(problem.targets[rows[i], llm])
    }
    let solution = ReferenceLinearSystem.solve(system, right)
    let intercept = present.firstIndex(of: benchmark).map { solution[rows.count + $0] } ?? 0
    return inputs.indices.reduce(intercept) { $0 + solution[$1] * kernel(inputs[$1], input) }
  }

  /// The mean squared error of predictions by fits without the query, by really fitting without it.
  static func leaveOneOutError(
    _ problem: RegressionProblem, l2: Double, kernel: ([Double], [Double]) -> Double
  ) -> Double {
    var sum = 0.0
    var count = 0
    for llm in 0..<problem.targets.columns {
      let rows = rows(of: llm, in: problem)
      for row in rows {
        let guess = prediction(
          problem, llm: llm, rows: rows.filter { $0 != row }, l2: l2,
          at: problem.inputs.row(row).map(Double.init), benchmark: problem.benchmarks[row], kernel: kernel)
        sum += pow(Double(problem.targets[row, llm]) - guess, 2)
        count += 1
      }
    }
    return sum / Double(count)
  }

  static func innerProduct(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func gaussian(_ gamma: Double) -> ([Double], [Double]) -> Double {
    { x, y in exp(-gamma * zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }) }
  }
}
