import Metrics

/// The value of a target by the empirical Cressie–Read likelihood of order −2 (Karampatziakis, Langford and Mineiro 2020).
///
/// Among distributions over the observed clusters and one that was not seen, whose weight lies in [0, wmax], those whose
/// mean weight is 1 are considered: the likeliest gives the value, all that are likely enough the interval. Answers lie in
/// [0, 1], so the interval does, and it holds up where few rows have weight. Point and interval are those of
/// vw-estimators 0.2.2, with clusters in the place of rows.
package struct CressieRead: Sendable {
  private let count: Double
  private let largest: Double
  private var weight = 0.0
  private var weightSquares = 0.0
  private var product = 0.0
  private var crossProduct = 0.0
  private var productSquares = 0.0
  private let meanResponse: Double
  private let mass: Double

  /// The sums of some rows; `largestWeight` is the largest there can be of a cluster, by default the largest seen.
  package init(_ rows: TargetRows, largestWeight: Double? = nil) {
    let count = Double(rows.clusterCount)
    let mass = rows.seenMass
    // Weights have the mean of the mass that can be seen; scaled, they have 1.
    let scale = mass > 0 ? count / Double(rows.count) / mass : 0
    let weights = rows.sums(of: rows.weights).map { $0 * scale }
    let products = rows.sums(of: zip(rows.weights, rows.responses).map(*)).map { $0 * scale }
    for (weight, product) in zip(weights, products) {
      self.weight += weight
      weightSquares += weight * weight
      self.product += product
      crossProduct += weight * product
      productSquares += product * product
    }
    self.count = count
    self.mass = mass
    largest = max(largestWeight ?? 0, weights.max() ?? 0, 1)
    meanResponse = rows.responses.reduce(0, +) / Double(rows.count)
  }

  /// The likeliest value; nil where no row has weight.
  ///
  /// Where all weights are 1 it is the mean answer.
  package var point: Double? {
    guard weight > 0 else { return nil }
    let missing = weight < count ? largest : 0
    let mean = (missing + weight) / (1 + count)
    let square = (missing * missing + weightSquares) / (1 + count)
    let spread = square - mean * mean
    guard spread > 1e-12 * square else { return mass * product / weight }
    let slope = (mean - 1) / spread
    let level = (square - mean) / spread
    let value = (level * product - slope * crossProduct) / (1 + count)
    let rest = max(0, 1 - (level * weight - slope * weightSquares) / (1 + count))
    return mass * (value + rest * meanResponse)
  }

  /// The values of a level in (0, 1), within [0, mass that can be seen].
  ///
  /// Cost a search for t.
  package func interval(level: Double) -> Interval {
    let quantile = StudentLevel.quantile(level, freedom: Int(count))
    let missing = weight < count ? largest : 0
    let mean = (missing + weight) / (1 + count)
    let spread = (missing * missing + weightSquares) / (1 + count) - mean * mean
    let free = spread > 0 ? (1 + count) * (mean - 1) * (mean - 1) / spread : 0
    let limit = (-free - quantile * quantile) / (2 * (1 + count))
    let low = bound(ofAnswer: 0, sign: 1, limit: limit) ?? 0
    let high = bound(ofAnswer: 1, sign: -1, limit: limit).map { -$0 } ?? 1
    let (least, most) = (min(max(low, 0), 1), min(max(high, 0), 1))
    return Interval(low: mass * min(least, most), high: mass * max(least, most))
  }

  /// The least of sign times the value, where the unseen cluster answers so; nil where nothing bounds it.
  private func bound(ofAnswer answer: Double, sign: Double, limit: Double) -> Double? {
    var least: Double?
    for unseen in [0, largest] {
      func mean(_ own: Double, _ sum: Double) -> Double { (own + sum) / (1 + count) }
      let weightMean = mean(unseen, weight)
      let spread = mean(unseen * unseen, weightSquares) - weightMean * weightMean
      guard spread > 0 else { continue }
      let product = sign * mean(unseen * answer, product)
      let covariance = sign * mean(unseen * unseen * answer, crossProduct) - weightMean * product
      let variance = mean(unseen * unseen * answer * answer, productSquares) - product * product
      let centre = product + (1 - weightMean) * covariance / spread
      // At most 0 but for rounding: the answers' variance that weights do not explain.
      let unexplained = covariance * covariance / spread - variance
      let room = limit + (1 - weightMean) * (1 - weightMean) / spread / 2
      let reach = unexplained * room
      if abs(reach) < 1e-18 {
        least = min(least ?? .infinity, centre)
      } else if room <= 0, reach >= 0 {
        least = min(least ?? .infinity, centre - (2 * reach).squareRoot())
      }
    }
    return least
  }
}
