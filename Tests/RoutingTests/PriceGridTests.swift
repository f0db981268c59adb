import NumericKernels
import TestSupport
import Testing

@testable import Routing

/// The prices that are looked at are all that matter.
@Suite struct PriceGridTests {
  private func picks(_ scores: Scores, _ costs: [Double], price: Double) -> Matrix {
    let candidates = Candidates(costs.indices.map { "llm\($0)" }, costs: costs)
    return PricedPolicy(HighestScore(), price: price).picks(scores, among: candidates)
  }

  private func sample(_ seed: Int, queries: Int, candidates: Int) -> (scores: Scores, costs: [Double]) {
    var generator = SeededGenerator(seed: 9, stream: "prices", seed)
    var values = Matrix(rows: queries, columns: candidates)
    for row in 0..<queries {
      for column in 0..<candidates { values[row, column] = Float(generator.below(100)) / 100 }
    }
    return (
      Scores(values, probabilities: values), (0..<candidates).map { _ in Double(1 + generator.below(20)) }
    )
  }

  @Test(arguments: 0..<20) func everySetOfPicksIsMet(seed: Int) {
    let (scores, costs) = sample(seed, queries: 4, candidates: 5)
    var grid = PriceGrid()
    grid.add(scores, costs: costs)
    let prices = grid.prices
    #expect(prices == prices.sorted() && prices[0] == 0)
    let met = prices.map { picks(scores, costs, price: $0) }
    for step in 0...3000 {
      // Uneven steps, which fall on no turn of two-digit scores and whole costs.
      let own = picks(scores, costs, price: Double(step) * 0.000_417_3 + 0.000_013)
      #expect(met.contains(own), "step \(step)")
    }
    let cheapest = costs.min()
    let last = met[met.count - 1]
    for row in 0..<last.rows {
      #expect(last.row(row).enumerated().allSatisfy { $0.element == 0 || costs[$0.offset] == cheapest })
    }
  }

  @Test func manyTurnsAreThinnedOut() {
    let (scores, costs) = sample(1, queries: 500, candidates: 6)
    var grid = PriceGrid()
    grid.add(scores, costs: costs)
    let prices = grid.prices
    #expect(prices.count > 20 && prices.count <= PriceGrid.most + 2 && Set(prices).count == prices.count)
  }

  @Test func nothingTurnsWhereAllCostTheSame() {
    let (scores, _) = sample(1, queries: 5, candidates: 3)
    var grid = PriceGrid()
    grid.add(scores, costs: [2, 2, 2])
    #expect(grid.prices == [0])
  }

  @Test func equalScoresTurnAtTheLeastPrice() {
    var grid = PriceGrid()
    grid.add(Scores(Matrix(rows: 3, columns: 2)), costs: [1, 4])
    #expect(grid.prices == [0, 0.25])
  }

  /// Costs that nearly agree make prices beside which a response has few digits.
  @Test(arguments: [1e-3, 1e-5, 1e-7]) func nearlyEqualCostsTurnWhereTheyShould(gap: Double) {
    let (scores, _) = sample(5, queries: 200, candidates: 2)
    let costs = [1000, 1000 * (1 + gap)]
    var grid = PriceGrid()
    grid.add(scores, costs: costs)
    for price in grid.prices.dropFirst() {
      let own = picks(scores, costs, price: price)
      for row in 0..<own.rows {
        let worth =
          Double(scores.values[row, 1]) - Double(scores.values[row, 0]) - price * (costs[1] - costs[0])
        #expect(own[row, 1] == (worth > 0 ? 1 : 0), "price \(price), row \(row)")
      }
    }
  }

  @Test func theScaleOfCostsIsThatOfPrices() {
    let (scores, costs) = sample(3, queries: 30, candidates: 4)
    var (grid, scaled) = (PriceGrid(), PriceGrid())
    grid.add(scores, costs: costs)
    scaled.add(scores, costs: costs.map { $0 * 1024 })
    #expect(scaled.prices.map { $0 * 1024 } == grid.prices)
  }
}
