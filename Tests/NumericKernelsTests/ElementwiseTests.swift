import Foundation
import NumericKernels
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: [-1000, -100, -1, 0, 1, 100, 1000] as [Float]) func sigmoidsAreStable(z: Float) {
    #expect(abs(Double(Elementwise.sigmoid(z)) - ReferenceKernels.sigmoid(Double(z))) < 1e-7)
    let expected = Double(z) < -30 ? Double(z) : -log1p(exp(-Double(z)))
    #expect(abs(Double(Elementwise.logSigmoid(z)) - expected) < 1e-6 * max(abs(expected), 1))
  }

  @Test func logitInvertsSigmoid() {
    #expect(abs(Elementwise.sigmoid(Elementwise.logit(0.3)) - 0.3) < 1e-6)
  }

  /// By hand: scores log 1, log 2, log 5 give 1/8, 2/8, 5/8, whatever is added to all.
  @Test func softmaxByHand() {
    let scores = Matrix([[0, log(2), log(5)], [1000, 1000 + log(2), 1000 + log(5)]])
    let result = Elementwise.softmaxRows(scores)
    for row in 0..<2 {
      for (column, expected) in [Float(0.125), 0.25, 0.625].enumerated() {
        #expect(abs(result[row, column] - expected) < 1e-4)
      }
    }
  }

  @Test func highTemperatureIsUniform() {
    let result = Elementwise.softmaxRows(Matrix([[0, 5]]), temperature: 1e6)
    #expect(abs(result[0, 0] - 0.5) < 1e-5)
  }

  @Test func sigmoidOfMatrix() {
    #expect(Elementwise.sigmoid(Matrix([[0, 0], [0, 0]])) == Matrix(rows: 2, columns: 2, repeating: 0.5))
  }
}
