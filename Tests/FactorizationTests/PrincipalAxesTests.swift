import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Factorization

@Suite struct PrincipalAxesTests {
  typealias Shape = FactorizationSample.Shape

  private func product(_ factors: BiasedFactors) -> Matrix {
    BLAS.multiply(.stacked(factors.queries), .asStored, factors.llms, .transposed)
  }

  private func distance(_ left: Matrix, _ right: Matrix) -> Float {
    zip(left.storage, right.storage).map { abs($0 - $1) }.max() ?? .nan
  }

  @Test func theProductStaysAndTheGramMatrixIsDiagonal() throws {
    let sample = FactorizationSample(Shape(seed: 3))
    let turned = try sample.start.inPrincipalAxes()
    #expect(distance(product(turned), product(sample.start)) < 1e-5)
    let gram = BLAS.gram(turned.llms.selecting(columns: [0, 1, 2]))
    for row in 0..<3 {
      for column in 0..<3 where row != column { #expect(abs(gram[row, column]) < 1e-4 * gram[0, 0]) }
      let axis = turned.llms.column(row)
      #expect(axis.max() == axis.map { abs($0) }.max(), "the largest factor is positive")
    }
    #expect(gram[0, 0] > gram[1, 1] && gram[1, 1] > gram[2, 2])
    #expect(turned.llms.column(4) == sample.start.llms.column(4), "biases stay")
  }

  @Test func roundingDoesNotDecideTheSign() {
    #expect(AxisSign.of([1, -1.000_001]) == 1 && AxisSign.of([-1, 1.000_001]) == -1)
    #expect(AxisSign.of([0.5, -1]) == -1 && AxisSign.of([0, 0]) == 1 && AxisSign.of([Float]()) == 1)
  }

  /// Two fits from different starts are comparable factor by factor.
  @Test func runsWithOtherSeedsHaveTheSameFactors() throws {
    // Abilities of clearly different spread along three axes, which make the axes unique.
    let (queryCount, llmCount) = (300, 100)
    var generator = SeededGenerator(seed: 21)
    var abilities = Matrix(rows: llmCount, columns: 3)
    for llm in 0..<llmCount {
      for (axis, spread) in [Float(2), 1.2, 0.7].enumerated() {
        abilities[llm, axis] = spread * (generator.normal() + 0.5)
      }
    }
    var bits = BitMatrix(rows: queryCount, columns: llmCount)
    for query in 0..<queryCount {
      let row = (0..<3).map { _ in generator.normal() }
      for llm in 0..<llmCount {
        let probability = Elementwise.sigmoid(BLAS.dot(row, abilities.row(llm)))
        bits[query, llm] = generator.uniform() < probability
      }
    }
    let blocks = [ResponseBlocks.Block(cells: GradedCells(.bits(bits)), llms: Array(0..<llmCount))]
    let solver = LogisticMFSolver(blocks: blocks, llmCount: llmCount, l2: 2, biasL2: 0.1)
    func factors(seed: UInt64) throws -> Matrix {
      let spectrum = try SpectralStart(blocks: blocks, llmCount: llmCount, seed: seed).spectrum(rank: 3)
      return try AcceleratedSweeps(solver: solver, maximumSweeps: 1_000, tolerance: 1e-7)
        .run(from: SpectralStart.factors(from: spectrum, factors: 3, l2: 2)) { _ in }
        .factors.inPrincipalAxes().llms
    }
    let (one, two) = (try factors(seed: 1), try factors(seed: 2))
    let spread = (BLAS.gram(one)[2, 2] / Float(llmCount)).squareRoot()
    #expect(spread > 0.3 && distance(one, two) < 0.05 * spread)
  }
}
