/// The non-decreasing convex hull of points of cost and quality: what one reaches by mixing them, never paying more for less.
///
/// A share t of the queries by one point and 1 − t by another reaches every point of the line between them. Source: Hu et al.
/// 2024 (RouterBench, arXiv 2403.12031, §3).
public struct CostHull: Equatable, Sendable {
  /// A mean cost and the mean response that it buys.
  public struct Point: Codable, Equatable, Sendable {
    /// The mean cost of a query.
    public let cost: Double
    /// The mean response.
    public let quality: Double

    /// A point.
    public init(cost: Double, quality: Double) {
      self.cost = cost
      self.quality = quality
    }
  }

  /// The corners, ascending in cost.
  public let points: [Point]

  /// The hull of some points, at least one; cost n log n.
  public init(of points: [Point]) { self.init(through: Self.corners(of: points).map { points[$0] }) }

  /// The line through some points, at least one, whatever its shape: a hull's corners measured on other queries.
  init(through points: [Point]) { self.points = points.sorted { $0.cost < $1.cost } }

  /// The places of the corners, ascending in cost and in quality, with falling slopes.
  static func corners(of points: [Point]) -> [Int] {
    precondition(!points.isEmpty, "the hull of nothing")
    let order = points.indices.sorted {
      (points[$0].cost, points[$1].quality, $0) < (points[$1].cost, points[$0].quality, $1)
    }
    var corners: [Int] = []
    for place in order {
      let point = points[place]
      if let last = corners.last, point.quality <= points[last].quality { continue }
      while corners.count > 1,
        isBelow(points[corners[corners.count - 1]], points[corners[corners.count - 2]], point)
      {
        corners.removeLast()
      }
      corners.append(place)
    }
    return corners
  }

  /// Whether a corner is on or below the line between its neighbours.
  private static func isBelow(_ corner: Point, _ left: Point, _ right: Point) -> Bool {
    (corner.quality - left.quality) * (right.cost - left.cost)
      <= (right.quality - left.quality) * (corner.cost - left.cost)
  }

  /// The quality at a cost of at least 0.
  ///
  /// Beyond the last corner nothing more is bought; before the first one only some of the queries are answered, and the others
  /// earn 0 for nothing.
  public func quality(at cost: Double) -> Double {
    guard let place = points.firstIndex(where: { $0.cost >= cost }) else {
      return points[points.count - 1].quality
    }
    let right = points[place]
    guard cost < right.cost else { return right.quality }
    let left = place > 0 ? points[place - 1] : Point(cost: 0, quality: 0)
    return left.quality + (right.quality - left.quality) * (cost - left.cost) / (right.cost - left.cost)
  }

  /// The mean quality over a range of costs, exactly; the quality there where the range is a point.
  ///
  /// AIQ of RouterBench (arXiv 2403.12031, §3) where the range is that of the costs that are compared.
  public func meanQuality(over range: ClosedRange<Double>) -> Double {
    let width = range.upperBound - range.lowerBound
    guard width > 0 else { return quality(at: range.lowerBound) }
    let ends =
      [range.lowerBound] + points.map(\.cost).filter { $0 > range.lowerBound && $0 < range.upperBound }
      + [range.upperBound]
    let area = zip(ends, ends.dropFirst()).reduce(0) { sum, side in
      sum + (quality(at: side.0) + quality(at: side.1)) / 2 * (side.1 - side.0)
    }
    return area / width
  }

  /// How much the mean quality over a range of costs rises with that of a corner.
  func weight(of corner: Int, over range: ClosedRange<Double>) -> Double {
    CostHull(
      through: points.indices.map { Point(cost: points[$0].cost, quality: $0 == corner ? 1 : 0) }
    ).meanQuality(over: range)
  }

  /// The least cost that buys a quality; nil where none does.
  public func leastCost(of quality: Double) -> Double? {
    guard let place = points.firstIndex(where: { $0.quality >= quality }) else { return nil }
    guard place > 0 else { return points[0].cost }
    let (left, right) = (points[place - 1], points[place])
    return left.cost + (right.cost - left.cost) * (quality - left.quality) / (right.quality - left.quality)
  }
}
