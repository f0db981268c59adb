import NumericKernels
import Testing

@testable import Regression

/// Levels of LLMs whose truth is known.
@Suite struct OffsetPosteriorTests {
  /// Answers of 6 LLMs of levels 0.4 to 0.6, many or few of each, those of the plain count moved by a bias.
  private static func posterior(
    answers: Int, bias: [Float], seed: UInt64
  ) -> (posterior: OffsetPosterior, plain: OffsetEstimates, weighted: OffsetEstimates) {
    var generator = SeededGenerator(seed: seed, stream: "offset posterior")
    var (llms, straight, bent) = ([Int](), [Float](), [Float]())
    for llm in 0..<6 {
      for _ in 0..<answers {
        llms.append(llm)
        let answer = 0.4 + 0.04 * Float(llm) + 0.3 * generator.normal()
        straight.append(answer)
        bent.append(answer + bias[llm])
      }
    }
    func cells(_ responses: [Float]) -> LoggedCells {
      LoggedCells(
        queries: Array(0..<llms.count), llms: llms, responses: responses,
        weights: [Float](repeating: 1, count: llms.count), llmCount: 6)
    }
    let nothing = [Double](repeating: 0, count: llms.count)
    let plain = OffsetEstimates(cells(bent), predictions: nothing)
    let weighted = OffsetEstimates(cells(straight), predictions: nothing)
    let covariances = plain.covariances(with: weighted, cells(bent), cells(straight))
    return (
      OffsetPosterior(plain: plain, weighted: weighted, covariances: covariances), plain, weighted
    )
  }

  @Test func followsTheWeightedLevelsWhereTheLoggerBentThePlainOnes() {
    let bias: [Float] = [0.3, -0.2, 0.1, -0.1, 0.2, -0.3]
    let (posterior, plain, _) = Self.posterior(answers: 2_000, bias: bias, seed: 1)
    for llm in 0..<6 {
      let truth = 0.4 + 0.04 * Double(llm)
      #expect(abs(posterior.means[llm] - truth) < 0.03)
      #expect(abs(plain.offsets[llm] - truth) > 0.05)
    }
    #expect(posterior.bias > 0.1)
  }

  @Test func keepsLLMsTogetherWhereAnswersAreFew() {
    let (posterior, plain, _) = Self.posterior(
      answers: 8, bias: [Float](repeating: 0, count: 6), seed: 2)
    func range(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
    #expect(range(posterior.means) < 0.7 * range(plain.offsets))
    #expect(posterior.bias < 0.05)
  }

  @Test func isSurerWithMoreAnswers() {
    let none = [Float](repeating: 0, count: 6)
    let few = Self.posterior(answers: 20, bias: none, seed: 3).posterior
    let many = Self.posterior(answers: 2_000, bias: none, seed: 3).posterior
    for llm in 0..<6 {
      #expect(many.deviations[llm] < 0.5 * few.deviations[llm])
      #expect(few.samplingDeviations[llm] <= few.deviations[llm] + 1e-12)
    }
  }
}
