import Testing

@testable import RoutingData

@Suite struct SplitTests {
  private static let subscenarios = (0..<503).map { $0 * $0 % 7 }

  @Test(arguments: [0, 1, 42] as [UInt64])
  func thePartsReuniteInsideEverySubscenario(seed: UInt64) {
    let split = Split.stratified(subscenarios: Self.subscenarios, benchmark: "x", seed: seed)
    let parts = SplitPart.allCases.map { split.queries(in: $0) }
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<503))
    for subscenario in Set(Self.subscenarios) {
      let count = Self.subscenarios.filter { $0 == subscenario }.count
      let sizes = parts.map { $0.filter { Self.subscenarios[$0] == subscenario }.count }
      #expect(sizes[0] == count * 8 / 10)
      #expect(sizes[1] == (count - sizes[0]) / 2)
      #expect(sizes.reduce(0, +) == count)
    }
    #expect(split.origin == .seeded(seed))
  }

  @Test func aSeedAlwaysGivesTheSameSplit() {
    func split(_ benchmark: String, _ seed: UInt64) -> Split {
      .stratified(subscenarios: Self.subscenarios, benchmark: benchmark, seed: seed)
    }
    #expect(split("x", 5) == split("x", 5))
    #expect(split("x", 5).parts != split("x", 6).parts)
    #expect(split("x", 5).parts != split("y", 5).parts)
  }

  /// The sizes of RouterEval's published splits of gsm8k and mmlu_pro (the latter without 78 queries).
  @Test(arguments: [(1_319, [1_055, 132, 132]), (11_954, [9_563, 1_195, 1_196])])
  func sizesAreThoseOfThePublishedSplits(count: Int, sizes: [Int]) {
    let split = Split.stratified(
      subscenarios: Array(repeating: 0, count: count), benchmark: "x", seed: 0)
    #expect(SplitPart.allCases.map { split.queries(in: $0).count } == sizes)
  }
}
