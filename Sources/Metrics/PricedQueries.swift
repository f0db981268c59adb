import NumericKernels

/// What a router's picks earn and cost at each price λ: its picks on p − λ·cost.
public struct PricedQueries: Sendable {
  /// The prices in responses per unit of cost, ascending from 0.
  public let prices: [Double]
  /// The expected response to each query at each price, n × prices.
  public internal(set) var rewards: Matrix
  /// The expected cost of each query at each price, n × prices.
  public internal(set) var costs: Matrix

  /// Outcomes of no price for some queries, all 0.
  public init(prices: [Double], queries: Int) {
    self.prices = prices
    rewards = Matrix(rows: queries, columns: prices.count)
    costs = rewards
  }

  /// Notes the picks of some queries at a price; `picks` has a row for each of the queries and a column for each of the candidates,
  /// which are given by their places in the pool.
  package mutating func note(
    _ picks: Matrix, at place: Int, queries: [Int], candidates: [Int], of pool: PoolResponses,
    _ poolCosts: PoolCosts
  ) {
    for (row, query) in queries.enumerated() {
      var (reward, cost, total) = (0.0, 0.0, 0.0)
      for (pick, candidate) in zip(picks.row(row), candidates) where pick != 0 {
        reward += Double(pick) * Double(pool.values[query, candidate])
        cost += Double(pick) * Double(poolCosts.values[query, candidate])
        total += Double(pick)
      }
      guard total > 0 else { continue }
      rewards[query, place] = Float(reward / total)
      costs[query, place] = Float(cost / total)
    }
  }
}
