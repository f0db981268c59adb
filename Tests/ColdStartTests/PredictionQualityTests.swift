import Foundation
import NumericKernels
import Testing

@testable import ColdStart

/// Log-loss and V_B against sums by hand.
@Suite struct PredictionQualityTests {
  @Test func threeLLMsAreOnePool() throws {
    let responses = Matrix([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 1]])
    let predictions = Matrix([[0.9, 0.5, 0.1], [0.2, 0.6, 0.1], [0.4, 0.8, 0.1], [0.1, 0.2, 0.7]])
    let quality = PredictionQuality(predictions, responses: responses, seed: 1)
    // Picks 0, 1, 1 (wrong), 2: three right, the best single LLM has two.
    #expect(quality.ratios == [3: 1.5])
    let chances: [Double] = [0.9, 0.5, 0.9, 0.8, 0.6, 0.9, 0.4, 0.2, 0.9, 0.9, 0.2, 0.7]
    let expected = -chances.reduce(0.0) { $0 + log($1) } / 12
    #expect(abs(quality.logLoss - expected) < 1e-6)
  }

  @Test func missingResponsesDoNotCount() {
    let responses = Matrix([[1, 0, 0], [0, 1, .nan], [1, 0, 0]])
    let predictions = Matrix([[0.9, 0.5, 0.1], [0.2, 0.1, 0.9], [0.9, 0.8, 0.1]])
    let quality = PredictionQuality(predictions, responses: responses, seed: 1)
    #expect(quality.ratios == [3: 1])
  }

  @Test func fewerLLMsThanAPoolHaveNone() {
    let quality = PredictionQuality(
      Matrix([[0.5, 0.5]]), responses: Matrix([[1, 0]]), seed: 1)
    #expect(quality.ratios.isEmpty)
    #expect(abs(quality.logLoss - log(2)) < 1e-6)
  }
}
