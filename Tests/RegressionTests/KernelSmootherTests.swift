import NumericKernels
import Testing

@testable import Regression

/// Kernel ridge regression as weights of responses.
@Suite struct KernelSmootherTests {
  private func sample(_ count: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "smoother")
    return Matrix(rows: count, columns: 3, storage: (0..<count * 3).map { _ in generator.normal() })
  }

  private func targets(_ inputs: Matrix, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "smoother-targets")
    return Matrix(
      rows: inputs.rows, columns: 2,
      storage: (0..<inputs.rows).flatMap { row in
        (0..<2).map { inputs[row, $0] + 0.3 * generator.normal() + 1 }
      })
  }

  @Test func predictionsAreThoseOfTheSolver() throws {
    let (inputs, others) = (sample(60, seed: 1), sample(20, seed: 2))
    let targets = targets(inputs, seed: 3)
    let choice = KernelSmoother.Choice(l2: 0.5, width: 1.5)
    let weights = try KernelSmoother(inputs, choice).weights(of: others)
    let problem = RegressionProblem(
      benchmarks: Array(repeating: 0, count: 60), benchmarkCount: 1, inputs: inputs, targets: targets,
      groups: [RegressionProblem.MaskGroup(rows: Array(0..<60), columns: [0, 1])])
    let kernel = KernelFamily.rbf.kernel(width: 1.5)
    let fit = try KernelRidgeSolver(problem: problem, kernel: kernel, l2: 0.5).fit(tested: [])
    var expected = BLAS.multiply(kernel.matrix(others, inputs), fit.coefficients)
    expected.addToRows(fit.intercepts.row(0).map { $0 })
    let found = BLAS.multiply(weights, targets)
    for row in 0..<20 {
      for column in 0..<2 { #expect(abs(found[row, column] - expected[row, column]) < 1e-3) }
    }
  }

  @Test func weightsSumToOne() throws {
    let weights = try KernelSmoother(sample(50, seed: 4), KernelSmoother.Choice(l2: 1, width: 1))
      .weights(of: sample(10, seed: 5))
    for row in 0..<10 { #expect(abs(weights.row(row).reduce(0, +) - 1) < 1e-4) }
  }

  @Test func groupsThatTellNothingOfEachOtherRaiseThePenalty() throws {
    var generator = SeededGenerator(seed: 6, stream: "smoother-groups")
    var (inputs, targets) = (sample(300, seed: 7), Matrix(rows: 300, columns: 1))
    let groups = (0..<300).map { $0 % 6 }
    let levels = (0..<6).map { _ in generator.normal() }
    for row in 0..<300 {
      inputs[row, 0] += 3 * Float(groups[row] % 3)
      inputs[row, 1] += 3 * Float(groups[row] / 3)
      targets[row, 0] = 2 * levels[groups[row]] + 0.1 * generator.normal()
    }
    let near = try KernelSmoother.choice(inputs, targets: targets, seed: 8)
    let far = try KernelSmoother.choice(inputs, targets: targets, groups: groups, seed: 8)
    #expect(far.l2 > near.l2)
    #expect(far.width == near.width)
  }
}
