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

  package init(
    points: [Point], hull: [CostHull.Point], averageQuality: Estimate, gain: Estimate, saving: Estimate?
  ) {
    self.points = points
    self.hull = hull
    self.averageQuality = averageQuality
    self.gain = gain
    self.saving = saving
  }

  private enum CodingKeys: String, CodingKey {
    case points, hull
    case averageQuality = "aiq"
    case gain = "aiq_gain"
    case saving = "cost_saved"
  }

  /// Reads a curve, which has points and a hull.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      points: try container.decode([Point].self, forKey: .points),
      hull: try container.decode([CostHull.Point].self, forKey: .hull),
      averageQuality: try container.decode(Estimate.self, forKey: .averageQuality),
      gain: try container.decode(Estimate.self, forKey: .gain),
      saving: try container.decodeIfPresent(Estimate.self, forKey: .saving))
    guard !points.isEmpty, !hull.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .points, in: container, debugDescription: "are none, or of no hull")
    }
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

  package init(
    costs: [Double], means: [Double], best: Int, hull: [CostHull.Point], averageQuality: Estimate
  ) {
    self.costs = costs
    self.means = means
    self.best = best
    self.hull = hull
    self.averageQuality = averageQuality
  }

  private enum CodingKeys: String, CodingKey {
    case costs, means, best, hull
    case averageQuality = "aiq"
  }

  /// Reads what must fit together: as many costs as means, the best LLM among them, and a hull.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      costs: try container.decode([Double].self, forKey: .costs),
      means: try container.decode([Double].self, forKey: .means),
      best: try container.decode(Int.self, forKey: .best),
      hull: try container.decode([CostHull.Point].self, forKey: .hull),
      averageQuality: try container.decode(Estimate.self, forKey: .averageQuality))
    guard costs.count == means.count, costs.indices.contains(best), !hull.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .costs, in: container,
        debugDescription: "do not fit the means, the best LLM or the hull beside them")
    }
  }
}
