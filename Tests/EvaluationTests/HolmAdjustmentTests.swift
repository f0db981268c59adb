import Baselines
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

@Suite struct HolmAdjustmentTests {
  @Test func aFamilyWorkedByHand() {
    // In ascending order 4 · 0.005, 3 · 0.01, 2 · 0.03 and 1 · 0.04, which may not be less than the 0.06
    // before it. R 4.3: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02.
    let adjusted = HolmAdjustment.adjusted([0.01, 0.04, 0.03, 0.005])
    for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
      #expect(abs(value - expected) < 1e-15)
    }
    #expect(HolmAdjustment.adjusted([0.7, 0.6]) == [1, 1])
    #expect(HolmAdjustment.adjusted([]) == [])
    // What the docstring says of 180 cells.
    let many = HolmAdjustment.adjusted(Array(repeating: 2.0 / 10_001, count: 180))
    #expect(abs((many.max() ?? 0) - 0.036) < 1e-4)
  }

  @Test func aFamilyIsOneRouterOverTheCellsInWhichItHasAValue() throws {
    var cells: [CellResult] = []
    for seed: UInt64 in 1...3 {
      let table = try TableBenchmark.random(queryCount: 60, llmCount: 3, seed: seed)
      // The second cell lacks the random router.
      cells.append(try table.cell(seed == 2 ? Array(table.baselines.prefix(1)) : table.baselines))
    }
    // A cell without train queries has no p-values.
    cells.append(try TableBenchmark([[1, 0], [0, 1]], parts: [.test, .test]).cell([RandomRouter()]))
    let holm = HolmAdjustment(cells)
    let oracle = HolmAdjustment.adjusted(cells.prefix(3).compactMap { $0.routers[0].pValue })
    #expect((0..<4).map { holm.pValue(cell: $0, router: "oracle") } == oracle + [nil])
    let random = HolmAdjustment.adjusted([cells[0], cells[2]].compactMap { $0.routers[1].pValue })
    #expect((0..<4).map { holm.pValue(cell: $0, router: "random") } == [random[0], nil, random[1], nil])
    #expect(holm.pValue(cell: 0, router: "nobody") == nil)
    // The table's last columns but those of missing answers.
    let rows = ResultTable.csv(cells).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).suffix(4).prefix(2).map(String.init)
    }
    #expect(rows[0] == ["\(try #require(cells[0].routers[0].pValue))", "\(oracle[0])"])
    #expect(rows[7] == ["", ""])
  }
}
