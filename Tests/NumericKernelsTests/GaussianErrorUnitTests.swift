import Foundation
import NumericKernels
import Testing

@Suite struct GaussianErrorUnitTests {
  static func reference(_ x: Double) -> Double {
    x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  @Test func agreesWithTheFormulaAndLiesNearTheExactUnit() {
    let inputs = (-60...60).map { Float($0) / 10 }
    var outputs = inputs
    GaussianErrorUnit.apply(&outputs)
    for (x, y) in zip(inputs.map(Double.init), outputs.map(Double.init)) {
      #expect(abs(y - Self.reference(x)) < 2e-6)
      #expect(abs(y - x * erfc(-x / 2.0.squareRoot()) / 2) < 5e-4)
    }
  }

  @Test func derivativeAgreesWithFiniteDifferences() {
    let inputs = (-47...47).map { Float($0) / 8 }
    var gradient = [Float](repeating: 2, count: inputs.count)
    GaussianErrorUnit.backpropagate(&gradient, inputs: inputs)
    for (x, slope) in zip(inputs.map(Double.init), gradient) {
      let expected = (Self.reference(x + 1e-5) - Self.reference(x - 1e-5)) / 2e-5
      #expect(abs(Double(slope) - 2 * expected) < 1e-5)
    }
  }
}
