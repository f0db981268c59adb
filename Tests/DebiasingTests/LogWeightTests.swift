import RoutingData
import Testing

@testable import Debiasing

@Suite("Propensity of a seen answer") struct LogWeightTests {
  @Test func isThatOfThePickTimesThatOfItsGrading() {
    #expect(LoggedPick(query: 0, llm: 0, response: 1, propensity: 0.5).seenPropensity == 0.5)
    #expect(
      LoggedPick(query: 0, llm: 0, response: 1, propensity: 0.5, gradePropensity: 0.2).seenPropensity == 0.1)
    #expect(LoggedPick(query: 0, llm: 0, response: 1, gradePropensity: 0.2).seenPropensity == nil)
  }

  @Test(arguments: [1e-200, 1, 1e200]) func effectiveSizeHasNoScale(scale: Double) {
    #expect(abs(EffectiveSize.of([scale, scale, 2 * scale]) - 16 / 6) < 1e-12)
    #expect(EffectiveSize.of([0, 0]) == 0)
    #expect(EffectiveSize.of([]) == 0)
  }
}
