import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import Factorization

/// Standard errors and block biases of the logistic factorization against their definitions.
@Suite struct LLMUncertaintyTests {
  typealias Shape = FactorizationSample.Shape

  @Test(arguments: [
    Shape(seed: 3), Shape(missing: 0.4, seed: 4), Shape(missing: 0.3, isGraded: true, seed: 6),
  ])
  func standardErrorsAreTheInverseOfTheHessian(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    let found = try #require(try sample.solver.standardErrors(of: sample.start))
    let point = ReferenceLogisticMF.Point(sample.start)
    let width = shape.factors + 1
    for llm in 0..<shape.llmCount {
      var hessian = (0..<width).map { row in
        (0..<width).map { column -> Double in
          guard row == column else { return 0 }
          return Double(row < shape.factors ? FactorizationSample.l2 : FactorizationSample.biasL2)
        }
      }
      for (index, block) in sample.blocks.enumerated() {
        guard let column = block.llms.firstIndex(of: llm) else { continue }
        for query in 0..<block.cells.rows where block.cells.observed?[query, column] ?? true {
          let row = point.queries[index][query]
          let p = ReferenceLogisticMF.probability(query: row, llm: point.llms[llm])
          let inputs = row.dropLast() + [1]
          for a in 0..<width {
            for b in 0..<width { hessian[a][b] += p * (1 - p) * inputs[a] * inputs[b] }
          }
        }
      }
      for column in 0..<width {
        let unit = (0..<width).map { $0 == column ? 1.0 : 0 }
        let expected = ReferenceLinearSystem.solve(hessian, unit)[column].squareRoot()
        #expect(abs(Double(found[llm, column]) - expected) < 1e-4 * max(expected, 1))
      }
    }
  }

  /// Sweeps with block biases never raise the objective, and reach a point where its slopes vanish.
  @Test(arguments: [Shape(seed: 3), Shape(missing: 0.3, seed: 4)])
  func blockBiasesAreLearntToTheOptimum(_ shape: Shape) throws {
    let sample = FactorizationSample(shape)
    var factors = sample.start
    factors.blockBiases = sample.blocks.map { _ in Array(repeating: 0.3, count: shape.llmCount) }
    var last = Double.infinity
    for _ in 0..<300 {
      let sweep = try #require(try sample.solver.sweep(from: factors, limit: nil))
      #expect(sweep.objective <= last * (1 + 1e-6))
      last = sweep.objective
      factors = sweep.factors
    }
    let spread = factors.blockBiases.flatMap { $0 }.map { abs($0) }.max() ?? 0
    #expect(spread > 0.05, "nothing was learnt")
    for block in sample.blocks.indices {
      for llm in 0..<shape.llmCount {
        guard let column = sample.blocks[block].llms.firstIndex(of: llm) else {
          // A bias of an LLM that did not answer the block shrinks to nothing only if it is left alone at 0.3.
          #expect(factors.blockBiases[block][llm] == 0.3)
          continue
        }
        var slope = Double(FactorizationSample.biasL2 * factors.blockBiases[block][llm])
        let cells = sample.blocks[block].cells
        for query in 0..<cells.rows where cells.observed?[query, column] ?? true {
          var z = factors.blockBiases[block][llm]
          z += BLAS.dot(factors.queries[block].row(query), factors.llms.row(llm))
          guard case .bits(let bits) = cells.values else { continue }
          slope += Double(Elementwise.sigmoid(z)) - (bits[query, column] ? 1 : 0)
        }
        #expect(abs(slope) < 5e-3)
      }
    }
  }
}
