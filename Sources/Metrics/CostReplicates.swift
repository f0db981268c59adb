import NumericKernels

/// Costs and qualities of a pool's single LLMs and routers on each resample of the measured queries.
///
/// The corners of hulls and the best single LLM are settled on the measured queries as they are, and their costs and qualities
/// are those of the resample. A corner is chosen because it is the highest, so that to the first order choosing again moves
/// nothing; but it would flatter each hull once more by its own chance, that of many single LLMs most.
package struct CostReplicates: Sendable {
  /// A router's numbers, one for each resample.
  struct Router: Sendable {
    var averageQuality: [Double] = []
    var gain: [Double] = []
    /// NaN where the best single LLM is free.
    var saving: [Double] = []
    /// The mean response at each price.
    var qualities: [[Double]]
  }

  private(set) var single: [Double] = []
  private(set) var routers: [Router?]

  /// Columns whose resampled means are wanted, as deviations from their first row.
  private struct Columns: Sendable {
    let firsts: [Double]
    let deviations: Matrix

    init(_ values: Matrix, order: [Int]) {
      let firsts = (0..<values.columns).map { Double(values[0, $0]) }
      var deviations = Matrix(rows: values.rows, columns: values.columns)
      for (row, query) in order.enumerated() {
        for column in firsts.indices {
          deviations[row, column] = Float(Double(values[query, column]) - firsts[column])
        }
      }
      self.firsts = firsts
      self.deviations = deviations
    }

    /// The means over the queries as they are.
    var plain: [Double] {
      firsts.indices.map { column in
        ShiftedMean.of(
          first: firsts[column], deviations: deviations.column(column).reduce(0) { $0 + Double($1) },
          count: deviations.rows)
      }
    }

    /// The means of each resample of a block.
    func means(ofCounts counts: Matrix) -> [[Double]] {
      let sums = BLAS.multiply(counts, deviations)
      return (0..<sums.rows).map { row in
        firsts.indices.map { column in
          ShiftedMean.of(first: firsts[column], deviations: Double(sums[row, column]), count: deviations.rows)
        }
      }
    }
  }

  /// Mean costs and qualities of points.
  private struct Points: Sendable {
    let costs: Columns
    let qualities: Columns

    func plain() -> [CostHull.Point] { Self.points(costs.plain, qualities.plain) }

    func resampled(_ counts: Matrix) -> [[CostHull.Point]] {
      zip(costs.means(ofCounts: counts), qualities.means(ofCounts: counts)).map(Self.points)
    }

    private static func points(_ costs: [Double], _ qualities: [Double]) -> [CostHull.Point] {
      // What rounding takes below 0 is nothing.
      zip(costs, qualities).map { CostHull.Point(cost: max($0, 0), quality: max($1, 0)) }
    }
  }

  /// Hulls with their corners settled.
  private struct Corners: Sendable {
    /// The single LLMs' corners, by place in the pool.
    let single: [Int]
    /// The best single LLM.
    let best: Int
    /// Each router's corners by price; nil for one without prices.
    let routers: [[Int]?]
  }

  /// What follows from the points of the single LLMs.
  private struct Singles {
    let range: ClosedRange<Double>
    let best: CostHull.Point
    let quality: Double

    init(_ points: [CostHull.Point], _ corners: Corners) {
      let costs = points.map(\.cost)
      range = (costs.min() ?? 0)...(costs.max() ?? 0)
      best = points[corners.best]
      quality = CostHull(through: corners.single.map { points[$0] }).meanQuality(over: range)
    }

    /// The share of the best single LLM's cost that a router saves which may fall back on it; NaN where that is free.
    func saving(of hull: CostHull) -> Double {
      guard best.cost > 0 else { return .nan }
      return hull.leastCost(of: best.quality).map { max(0, 1 - $0 / best.cost) } ?? 0
    }
  }

  private let pool: Points
  private let own: [Points?]
  private let corners: Corners

  /// The replicates of some routers; nil for a pool whose costs are not known.
  ///
  /// Cost: 2 · resamples · n · (2m + 2 · prices of all routers) operations of a matrix product.
  package init?(
    _ responses: PoolResponses, _ routed: [RoutedQueries], _ bootstrap: Bootstrap, draws: BootstrapDraws?
  ) {
    guard let costs = responses.costs else { return nil }
    let shared = draws.flatMap { $0.serve(bootstrap, for: responses) ? $0 : nil }
    let draws = shared ?? BootstrapDraws(bootstrap, for: responses, keepingUpTo: 0)
    let pool = Points(
      costs: Columns(costs.values, order: draws.order),
      qualities: Columns(responses.values, order: draws.order))
    let own = routed.map { outcome in
      outcome.priced.map {
        Points(
          costs: Columns($0.costs, order: draws.order), qualities: Columns($0.rewards, order: draws.order))
      }
    }
    self.pool = pool
    self.own = own
    let corners = Corners(
      single: CostHull.corners(of: pool.plain()), best: responses.testBest,
      routers: own.map { $0.map { CostHull.corners(of: $0.plain()) } })
    self.corners = corners
    routers = own.map { $0.map { Router(qualities: Array(repeating: [], count: $0.qualities.firsts.count)) } }
    let blocks = Parallel.map(draws.blocks.count) { index in
      Self.block(draws.counts(ofBlock: index), pool, own, corners)
    }
    for block in blocks {
      single += block.single
      for index in routers.indices { routers[index]?.append(block.routers[index]) }
    }
  }

  private static func block(
    _ counts: Matrix, _ pool: Points, _ own: [Points?], _ corners: Corners
  ) -> (single: [Double], routers: [Router?]) {
    let singles = pool.resampled(counts).map { Singles($0, corners) }
    let routers = zip(own, corners.routers).map { points, corners -> Router? in
      guard let points, let corners else { return nil }
      var router = Router(qualities: Array(repeating: [], count: points.qualities.firsts.count))
      for (single, points) in zip(singles, points.resampled(counts)) {
        let hull = CostHull(through: corners.map { points[$0] })
        let quality = hull.meanQuality(over: single.range)
        router.averageQuality.append(quality)
        router.gain.append(quality - single.quality)
        router.saving.append(single.saving(of: hull))
        for (place, point) in points.enumerated() { router.qualities[place].append(point.quality) }
      }
      return router
    }
    return (singles.map(\.quality), routers)
  }

  /// What the single LLMs reach, with its interval.
  package func singleCosts(in replicates: BootstrapReplicates) -> SingleCosts {
    let points = pool.plain()
    return SingleCosts(
      costs: points.map(\.cost), means: points.map(\.quality), best: corners.best,
      hull: corners.single.map { points[$0] },
      averageQuality: replicates.estimate(Singles(points, corners).quality, single))
  }

  /// The curve of the router at a place, with its intervals; nil where it has none.
  package func curve(_ index: Int, _ routed: RoutedQueries, in replicates: BootstrapReplicates) -> CostCurve?
  {
    guard let points = own[index]?.plain(), let resampled = routers[index], let priced = routed.priced,
      let places = corners.routers[index]
    else { return nil }
    let singles = Singles(pool.plain(), corners)
    let hull = CostHull(through: places.map { points[$0] })
    let quality = hull.meanQuality(over: singles.range)
    let saving = singles.saving(of: hull)
    return CostCurve(
      points: points.indices.map { place in
        CostCurve.Point(
          price: priced.prices[place], cost: points[place].cost,
          mu: replicates.estimate(
            points[place].quality, resampled.qualities[place],
            BoundedMean(priced.rewards.column(place).map(Double.init), in: 0...1)))
      },
      hull: hull.points, averageQuality: replicates.estimate(quality, resampled.averageQuality),
      gain: replicates.estimate(quality - singles.quality, resampled.gain),
      saving: saving.isNaN ? nil : replicates.estimate(saving, resampled.saving))
  }
}

extension CostReplicates.Router {
  fileprivate mutating func append(_ more: Self?) {
    guard let more else { return }
    averageQuality += more.averageQuality
    gain += more.gain
    saving += more.saving
    for place in qualities.indices { qualities[place] += more.qualities[place] }
  }
}
