import NumericKernels

/// What a router's picks earn and cost at each price λ: its picks on p − λ·cost.
public struct PricedQueries: Sendable {
  /// The prices in responses per unit of cost, ascending from 0.
  public let prices: [Double]
  /// By price, the expected response to each query, n numbers.
  public private(set) var rewards: [[Double]]
  /// By price, the expected cost of each query, n numbers.
  public private(set) var costs: [[Double]]

  /// Outcomes of no price for some queries, all 0.
  package init(prices: [Double], queries: Int) {
    self.prices = prices
    rewards = prices.map { _ in Array(repeating: 0, count: queries) }
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
        cost += Double(pick) * poolCosts.cost(of: query, with: candidate)
        total += Double(pick)
      }
      guard total > 0 else { continue }
      rewards[place][query] = reward / total
      costs[place][query] = cost / total
    }
  }
}
