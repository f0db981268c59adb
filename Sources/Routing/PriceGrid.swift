import NumericKernels

/// The prices at which a router's picks are looked at: from none, by where picks turn to cheaper candidates, to one that
/// nobody but the cheapest can pay.
///
/// With p the predicted response, or the score where none is predicted, the pick of a query follows p − λ·cost. As λ grows it turns
/// along the upper hull of the candidates' points (cost, p), at the slopes of its sides. Between two turns nothing
/// changes, so that the prices need not be guessed.
package struct PriceGrid: Sendable {
  /// The most prices between 0 and the last.
  static let most = 48
  /// A price that single precision can't multiply is no price.
  private static let greatest = 1e30
  /// Turns nearer than this share of themselves are one: single precision could not tell between which of them a price is.
  private static let resolution = 1e-4

  private var turns: [Double] = []
  private var greatestCost = 0.0

  /// A grid of no queries.
  package init() {}

  /// Adds the turns of some queries; `costs` are those of the columns of the scores.
  ///
  /// Cost: queries × candidates × turns of a query.
  package mutating func add(_ scores: Scores, costs: [Double]) {
    greatestCost = costs.reduce(greatestCost, max)
    let values = scores.probabilities ?? scores.values
    for row in 0..<values.rows { add(values.row(row), costs) }
  }

  private mutating func add(_ values: ArraySlice<Float>, _ costs: [Double]) {
    let first = values.startIndex
    func worth(_ candidate: Int) -> Double { Double(values[first + candidate]) }
    // Of equals the dearest, for at no price any of them may be picked.
    guard var current = costs.indices.max(by: { (worth($0), costs[$0]) < (worth($1), costs[$1]) }) else {
      return
    }
    while true {
      var next: (price: Double, candidate: Int)?
      for candidate in costs.indices where costs[candidate] < costs[current] {
        let price = (worth(current) - worth(candidate)) / (costs[current] - costs[candidate])
        guard price * greatestCost < Self.greatest else { continue }
        if let known = next, (known.price, costs[known.candidate]) <= (price, costs[candidate]) { continue }
        next = (price, candidate)
      }
      guard let next else { return }
      turns.append(max(next.price, 0))
      current = next.candidate
    }
  }

  /// The prices, ascending from 0; only 0 where no pick ever turns.
  package var prices: [Double] {
    let sorted = turns.sorted()
    guard let last = sorted.last else { return [0] }
    let wanted =
      sorted.count <= Self.most
      ? sorted : (1...Self.most).map { sorted[$0 * (sorted.count - 1) / (Self.most + 1)] }
    var prices = [0.0]
    for turn in wanted {
      // Half-way to the next turn, so that no query stands between two candidates.
      guard let next = sorted.first(after: turn * (1 + Self.resolution)) else { continue }
      let price = turn + (next - turn) / 2
      if let known = prices.last, price > known { prices.append(price) }
    }
    prices.append(last > 0 ? 2 * last : 1 / greatestCost)
    return prices
  }
}

extension [Double] {
  /// The first number of an ascending list that is greater than one, by bisection.
  fileprivate func first(after value: Double) -> Double? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low < count ? self[low] : nil
  }
}
