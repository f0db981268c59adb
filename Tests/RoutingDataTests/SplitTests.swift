import RoutingData
import Testing

@Suite struct SplitTests {
  /// RouterEval's published splits have these sizes: 1,319 → 1,055/132/132 and 11,954 → 9,563/1,195/1,196.
  @Test(arguments: [(1_319, [1_055, 132, 132]), (11_954, [9_563, 1_195, 1_196])])
  func sizesAreThePublishedOnes(count: Int, sizes: [Int]) {
    let split = Split.stratified(subscenarios: Array(repeating: 0, count: count), benchmark: "b", seed: 1)
    #expect(SplitPart.allCases.map { split.queries(in: $0).count } == sizes)
  }

  @Test func partsReuniteInsideEachSubscenario() {
    let subscenarios = (0..<200).map { $0 % 3 == 0 ? 0 : 1 }
    let split = Split.stratified(subscenarios: subscenarios, benchmark: "b", seed: 2)
    #expect(SplitPart.allCases.flatMap { split.queries(in: $0) }.sorted() == Array(0..<200))
    for (subscenario, count) in [(0, 67), (1, 133)] {
      let train = split.queries(in: .train).filter { subscenarios[$0] == subscenario }
      #expect(train.count == count * 8 / 10)
    }
  }

  @Test func seedAndBenchmarkDecide() {
    func split(_ benchmark: String, _ seed: UInt64) -> Split {
      Split.stratified(subscenarios: Array(repeating: 0, count: 100), benchmark: benchmark, seed: seed)
    }
    #expect(split("a", 1) == split("a", 1))
    #expect(split("a", 1).parts != split("a", 2).parts)
    #expect(split("a", 1).parts != split("b", 1).parts)
  }
}
