import LinearAlgebra
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

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
      let sum = turned.llms.column(row).reduce(0, +)
      #expect(sum >= 0)
    }
    #expect(gram[0, 0] > gram[1, 1] && gram[1, 1] > gram[2, 2])
    #expect(turned.llms.column(4) == sample.start.llms.column(4), "biases stay")
  }

  /// Two fits from different starts are comparable factor by factor.
  @Test func runsWithOtherSeedsHaveTheSameFactors() throws {
    let dataset = try TrainingSample.synthetic()
    func factors(seed: UInt64) throws -> FactorModel {
      var trainer = LogisticMFTrainer(factors: 6, l2: .fixed(5), maximumSweeps: 400, seed: seed)
      trainer.tolerance = 1e-9
      return try TrainingRun(trainer, patience: nil).train(on: TrainingData(dataset)) { _ in }
    }
    let (one, two) = (try factors(seed: 1), try factors(seed: 2))
    let scale = (BLAS.gram(one.llmFactors)[5, 5] / Float(one.llmFactors.rows)).squareRoot()
    #expect(distance(one.llmFactors, two.llmFactors) < 0.05 * scale)
  }
}
