import Metrics
import Testing

@testable import Debiasing

@Suite struct SelectionResultTests {
  @Test func routersThatPickAlikeAreFoundByADifferenceWithoutError() {
    func entry(_ name: String, _ ends: (Double, Double)?) -> SelectionResult.Entry {
      SelectionResult.Entry(
        name: name, probability: 0.25,
        disadvantage: ends.map { Estimate(($0.0 + $0.1) / 2, Interval(low: $0.0, high: $0.1)) })
    }
    let result = SelectionResult(
      best: "b",
      routers: [entry("a", (0, 0)), entry("b", nil), entry("c", (-0.1, 0.1)), entry("d", (0.2, 0.2))])
    #expect(result.alike.map(\.name) == ["a", "b"])
  }
}
