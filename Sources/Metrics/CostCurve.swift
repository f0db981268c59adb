/// What a router reaches at each cost.
public struct CostCurve: Codable, Equatable, Sendable {
  /// What its picks earn at one price.
  public struct Point: Codable, Equatable, Sendable {
    /// λ, in responses per unit of cost.
    public let price: Double
    /// The mean cost of a query.
    public let cost: Double
    /// The mean response.
    public let mu: Estimate
  }

  /// The points by ascending price: the first follows scores alone, the last takes the cheapest candidate.
  public let points: [Point]
  /// The non-decreasing convex hull of the points.
  public let hull: [CostHull.Point]
  /// AIQ: the hull's mean quality over the range of the single LLMs' costs (RouterBench, arXiv 2403.12031).
  public let averageQuality: Estimate
  /// How much that is above AIQ of the single LLMs, which mixing them without looking at queries reaches.
  public let gain: Estimate
  /// The share of the best single LLM's cost that is saved at its mean response; 0 where the router does not reach it, nil where
  /// that LLM is free.
  public let saving: Estimate?

  private enum CodingKeys: String, CodingKey {
    case points, hull
    case averageQuality = "aiq"
    case gain = "aiq_gain"
    case saving = "cost_saved"
  }
}

/// What the single LLMs of a pool cost, and what one reaches with them alone.
public struct SingleCosts: Codable, Equatable, Sendable {
  /// The mean cost of a query with each candidate, in the order of the pool.
  public let costs: [Double]
  /// The mean response of each candidate.
  public let means: [Double]
  /// The place of the best single candidate.
  public let best: Int
  /// Their non-decreasing convex hull.
  public let hull: [CostHull.Point]
  /// AIQ of that hull (RouterBench's zero router).
  public let averageQuality: Estimate

  private enum CodingKeys: String, CodingKey {
    case costs, means, best, hull
    case averageQuality = "aiq"
  }
}
