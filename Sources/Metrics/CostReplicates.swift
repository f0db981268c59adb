import NumericKernels

/// Costs and qualities of a pool's single LLMs and routers on each resample of the measured queries.
///
/// The corners of hulls, the best single LLM and the ends of the range of costs are settled on the measured queries as they
/// are, and their costs and qualities are those of the resample. A corner is chosen because it is the highest, so that to
/// the first order choosing again moves nothing; but it would flatter each hull once more by its own chance, that of many
/// single LLMs most.
package struct CostReplicates: Sendable {
  /// Points of cost and quality, and which of them are corners of their hull.
  private struct Curve: Sendable {
    /// Costs, then rewards, each n numbers, by point.
    let columns: (costs: [[Double]], rewards: [[Double]])
    let points: [CostHull.Point]
    let corners: [Int]

    init(costs: [[Double]], rewards: [[Double]]) {
      columns = (costs, rewards)
      points = zip(costs, rewards).map {
        CostHull.Point(cost: ShiftedMean.of($0), quality: ShiftedMean.of($1))
      }
      corners = CostHull.corners(of: points)
    }

    /// The line through the corners of points, these or the same on other queries.
    func hull(_ points: [CostHull.Point]) -> CostHull { CostHull(through: corners.map { points[$0] }) }

    /// What each query adds to the hull's mean quality over a range of costs, n numbers in [0, 1].
    func terms(over range: ClosedRange<Double>) -> [Double] {
      let hull = hull(points)
      var terms = [Double](repeating: 0, count: columns.rewards[0].count)
      for (place, corner) in corners.enumerated() {
        let weight = hull.weight(of: place, over: range)
        for (query, reward) in columns.rewards[corner].enumerated() { terms[query] += weight * reward }
      }
      return terms
    }
  }

  /// A router's numbers, one for each resample.
  private struct Router: Sendable {
    var averageQuality: [Double] = []
    var gain: [Double] = []
    /// NaN where the best single LLM is free.
    var saving: [Double] = []
    /// The mean response at each price.
    var qualities: [[Double]]

    mutating func append(_ more: Router) {
      averageQuality += more.averageQuality
      gain += more.gain
      saving += more.saving
      for place in qualities.indices { qualities[place] += more.qualities[place] }
    }
  }

  /// What the single LLMs are on some queries.
  private struct Singles {
    let range: ClosedRange<Double>
    let best: CostHull.Point
    let quality: Double

    /// The share of the best single LLM's cost that a router saves which may fall back on it; NaN where that is free.
    func saving(of hull: CostHull) -> Double {
      guard best.cost > 0 else { return .nan }
      return hull.leastCost(of: best.quality).map { max(0, 1 - $0 / best.cost) } ?? 0
    }
  }

  private let pool: Curve
  private let best: Int
  /// The places of the cheapest and the dearest single LLM.
  private let ends: (cheapest: Int, dearest: Int)
  private let curves: [Curve?]
  private let prices: [[Double]]
  private var single: [Double] = []
  private var routers: [Router?]

  /// The replicates of some routers; nil for a pool whose costs are not known.
  ///
  /// Cost: 2 · resamples · n · c operations of a matrix product, with c = 2 · prices of all routers, and 2 for each
  /// single LLM that is a corner or an end.
  package init?(
    _ responses: PoolResponses, _ routed: [RoutedQueries], _ bootstrap: Bootstrap, draws: BootstrapDraws?
  ) {
    guard let costs = responses.costs else { return nil }
    let shared = draws.flatMap { $0.serve(bootstrap, for: responses) ? $0 : nil }
    let draws = shared ?? BootstrapDraws(bootstrap, for: responses, keepingUpTo: 0)
    let queries = responses.queries.indices
    pool = Curve(
      costs: responses.llms.indices.map { llm in queries.map { costs.cost(of: $0, with: llm) } },
      rewards: responses.llms.indices.map { responses.values.column($0).map(Double.init) })
    curves = routed.map { $0.priced.map { Curve(costs: $0.costs, rewards: $0.rewards) } }
    prices = routed.map { $0.priced?.prices ?? [] }
    best = responses.testBest
    let points = pool.points
    ends = (
      points.indices.reduce(0) { points[$1].cost < points[$0].cost ? $1 : $0 },
      points.indices.reduce(0) { points[$1].cost > points[$0].cost ? $1 : $0 }
    )
    routers = curves.map { $0.map { Router(qualities: Array(repeating: [], count: $0.points.count)) } }
    let wanted = Array(Set(pool.corners + [best, ends.cheapest, ends.dearest])).sorted()
    let groups: [(curve: Curve, points: [Int])?] =
      [(pool, wanted)] + curves.map { $0.map { ($0, Array($0.points.indices)) } }
    let columns = groups.compactMap { $0 }.flatMap { curve, points in
      points.map { curve.columns.costs[$0] } + points.map { curve.columns.rewards[$0] }
    }
    let panels = ColumnPanels(columns, order: draws.order)
    let known = self
    let blocks = Parallel.map(draws.blocks.count) { index in
      known.block(panels.means(ofCounts: draws.counts(ofBlock: index)), groups, draws.blocks[index].count)
    }
    for block in blocks {
      single += block.single
      for (index, more) in block.routers.enumerated() {
        if let more { routers[index]?.append(more) }
      }
    }
  }

  /// The numbers of a block of resamples; `groups` say whose columns stand where.
  private func block(
    _ means: ColumnPanels.Means, _ groups: [(curve: Curve, points: [Int])?], _ count: Int
  ) -> (single: [Double], routers: [Router?]) {
    var start = 0
    var singles: [Singles] = []
    var found: [Router?] = []
    for (index, group) in groups.enumerated() {
      guard let (curve, places) = group else {
        found.append(nil)
        continue
      }
      var points = curve.points
      var router = Router(qualities: Array(repeating: [], count: index == 0 ? 0 : places.count))
      for resample in 0..<count {
        for (place, point) in places.enumerated() {
          // What rounding takes below 0 is nothing.
          points[point] = CostHull.Point(
            cost: max(means[resample, start + place], 0),
            quality: max(means[resample, start + places.count + place], 0))
        }
        guard index > 0 else {
          singles.append(self.singles(points))
          continue
        }
        let (hull, single) = (curve.hull(points), singles[resample])
        let quality = hull.meanQuality(over: single.range)
        router.averageQuality.append(quality)
        router.gain.append(quality - single.quality)
        router.saving.append(single.saving(of: hull))
        for (place, point) in points.enumerated() { router.qualities[place].append(point.quality) }
      }
      start += 2 * places.count
      if index > 0 { found.append(router) }
    }
    return (singles.map(\.quality), found)
  }

  /// What follows from the points of the single LLMs.
  private func singles(_ points: [CostHull.Point]) -> Singles {
    let (one, other) = (points[ends.cheapest].cost, points[ends.dearest].cost)
    let range = min(one, other)...max(one, other)
    return Singles(range: range, best: points[best], quality: pool.hull(points).meanQuality(over: range))
  }

  /// What the single LLMs reach, with its interval.
  package func singleCosts(in replicates: BootstrapReplicates) -> SingleCosts {
    let singles = singles(pool.points)
    return SingleCosts(
      costs: pool.points.map(\.cost), means: pool.points.map(\.quality), best: best,
      hull: pool.corners.map { pool.points[$0] },
      averageQuality: replicates.estimate(
        singles.quality, single, mean(pool.terms(over: singles.range), over: singles.range)))
  }

  /// The curve of the router at a place, with its intervals; nil where it has none.
  package func curve(_ index: Int, in replicates: BootstrapReplicates) -> CostCurve? {
    guard let curve = curves[index], let resampled = routers[index] else { return nil }
    let singles = singles(pool.points)
    let hull = curve.hull(curve.points)
    let quality = hull.meanQuality(over: singles.range)
    let saving = singles.saving(of: hull)
    let terms = curve.terms(over: singles.range)
    let gains = zip(terms, pool.terms(over: singles.range)).map { $0 - $1 }
    return CostCurve(
      points: curve.points.indices.map { place in
        CostCurve.Point(
          price: prices[index][place], cost: curve.points[place].cost,
          mu: replicates.estimate(
            curve.points[place].quality, resampled.qualities[place],
            BoundedMean(curve.columns.rewards[place], in: 0...1)))
      },
      hull: hull.points,
      averageQuality: replicates.estimate(
        quality, resampled.averageQuality, mean(terms, over: singles.range)),
      // Who does with every query what mixing single LLMs does can't differ from it on others either.
      gain: replicates.estimate(
        quality - singles.quality, resampled.gain,
        gains.allSatisfy { abs($0) < 1e-12 } ? nil : mean(gains, over: singles.range, in: -1...1)),
      saving: saving.isNaN ? nil : replicates.estimate(saving, resampled.saving))
  }

  /// The mean that decides a hull's mean quality: alone, where all LLMs cost the same; else where few queries deviate.
  private func mean(
    _ terms: [Double], over range: ClosedRange<Double>, in bounds: ClosedRange<Double> = 0...1
  ) -> BoundedMean {
    BoundedMean(
      terms.map { min(max($0, bounds.lowerBound), bounds.upperBound) }, in: bounds,
      scope: range.lowerBound == range.upperBound ? .whole : .fewDeviations)
  }
}
