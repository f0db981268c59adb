import NumericKernels
import Testing

@testable import Factorization

@Suite(.serialized) struct LeastSquaresSpectrumTests {
  @Test func noiselessFactorsAreRecovered() throws {
    // One block and no bias penalty to speak of: the decomposition itself is the answer.
    let truth = PlantedFactors(queries: [60], llmCount: 25)
    let factors = try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 25, seed: 1)
      .spectrum(rank: PlantedFactors.rank, biasL2: 1e-5).factors(PlantedFactors.rank, shrinkage: 0)
    #expect(truth.angle(to: factors) < 2e-3)
    #expect(truth.worstError(of: factors) < 1e-3)
  }

  @Test func biasesAreTheMeansOfAWholeBlock() throws {
    let truth = PlantedFactors(queries: [60], llmCount: 25, noise: 0.05)
    let biases = try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 25, seed: 1)
      .spectrum(rank: 1, biasL2: 1e-5).biases
    let values = truth.values[0]
    let all = values.storage.reduce(0, +) / Float(values.storage.count)
    for query in 0..<60 {
      for (column, llm) in truth.blocks[0].llms.enumerated() {
        let expected =
          values.row(query).reduce(0, +) / 25 + values.column(column).reduce(0, +) / 60 - all
        #expect(abs(biases.queries[0][query, 0] + biases.llms[llm, 1] - expected) < 1e-4)
      }
    }
  }

  @Test func moreFactorsThanTheMatrixHasAreZero() throws {
    let truth = PlantedFactors(queries: [6], llmCount: 4)
    let factors = try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 4, seed: 1)
      .spectrum(rank: 9, biasL2: 1e-5).factors(9, shrinkage: 0)
    #expect(factors.llms.columns == 11 && factors.llms.isFinite)
    #expect(truth.worstError(of: factors) < 1e-3)
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let truth = PlantedFactors(queries: [600, 300], llmCount: 700, missing: 0.1)
    func right() throws -> Matrix {
      try LeastSquaresSpectrum(blocks: truth.blocks, llmCount: 700, seed: 1).spectrum(rank: 4, biasL2: 0.1)
        .decomposition.right
    }
    Threads.count = 1
    let one = try right()
    Threads.count = 2
    #expect(try right() == one)
  }
}
