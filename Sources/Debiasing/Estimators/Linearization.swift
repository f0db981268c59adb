import Metrics

#if canImport(Glibc)
  import Glibc
#endif

/// An estimate and what each query cluster adds to its error, so that errors of several targets can be compared.
///
/// To first order the error is the mean over rows of terms ψ of mean 0; summed over the rows of a cluster they are
/// independent. Three things make up for few heavy rows, which a plain sum of squares takes for certain: a cluster's
/// residual is divided by 1 − h, h its share of the weight, because the estimate followed it (as HC3 does, MacKinnon and
/// White 1985); one more cluster as heavy as those that decide is counted, with the variance of an answer, as Agresti
/// and Coull (1998) add answers to a share; and Student's t has the degrees of freedom of the effective sample size.
package struct Linearization: Sendable {
  /// The estimate.
  package private(set) var value: Double
  /// The sums of ψ over each cluster's rows, over n.
  package let influences: [Double]
  /// The clusters' weights over the sum of all; empty for an estimator without weights.
  package let shares: [Double]
  /// The variance of an answer that the added cluster has; at most 1/4.
  let answerVariance: Double

  init(value: Double, influences: [Double], shares: [Double], answerVariance: Double) {
    self.value = value
    self.influences = influences
    self.shares = shares
    self.answerVariance = answerVariance
  }

  /// The most that a cluster's residual is scaled up.
  private static let largestLeverage = 0.9

  /// A linear estimator, see `OffPolicyEstimator`; nil where no row has weight, or groups are not known.
  init?(_ rows: TargetRows, weighting: ImportanceWeighting, usesModel: Bool, isSelfNormalized: Bool) {
    guard let weights = weighting.weights(of: rows) else { return nil }
    let count = Double(rows.count)
    var (weight, product, base) = (0.0, 0.0, 0.0)
    for row in 0..<rows.count {
      let residual = rows.responses[row] - (usesModel ? rows.predictions[row] : 0)
      weight += weights[row]
      product += weights[row] * residual
      if usesModel { base += rows.expected[row] }
    }
    let isWeighted = weighting != .absent
    guard weight > 0 || !isWeighted, weight < .infinity else { return nil }
    base /= count
    let mass = rows.seenMass
    let correction = isSelfNormalized ? product / weight : product / count
    let value = base + (isSelfNormalized ? mass * correction : correction)
    // What a row with the mean weight adds.
    let scale = isSelfNormalized ? mass * count / weight : 1
    let centre = isSelfNormalized ? correction : 0
    var bases = [Double](repeating: 0, count: rows.clusterCount)
    var residuals = bases
    var shares = bases
    for row in 0..<rows.count {
      let cluster = rows.clusters[row]
      let residual = rows.responses[row] - (usesModel ? rows.predictions[row] : 0)
      bases[cluster] += usesModel ? rows.expected[row] - base : 0
      if isSelfNormalized {
        if let masses = rows.masses { bases[cluster] += (masses[row] - mass) * correction }
        residuals[cluster] += scale * weights[row] * (residual - centre)
      } else {
        residuals[cluster] += weights[row] * residual - correction
      }
      shares[cluster] += weights[row]
    }
    for cluster in bases.indices {
      shares[cluster] /= isWeighted ? weight : 1
      let leverage = min(shares[cluster], Self.largestLeverage)
      bases[cluster] = (bases[cluster] + residuals[cluster] / (1 - leverage)) / count
    }
    let likely = min(max(value, 0.05), 0.95)
    self.init(
      value: value, influences: bases, shares: isWeighted ? shares : [], answerVariance: likely * (1 - likely)
    )
  }

  /// The same errors about another value.
  func moved(to value: Double) -> Linearization {
    var moved = self
    moved.value = value
    return moved
  }

  /// What one target earns more than another on the same rows: errors that both share fall away.
  package static func - (left: Linearization, right: Linearization) -> Linearization {
    precondition(left.influences.count == right.influences.count, "targets on other rows")
    func difference(_ own: [Double], _ other: [Double]) -> [Double] {
      if own.isEmpty { return other }
      return other.isEmpty ? own : zip(own, other).map { $0 - $1 }
    }
    return Linearization(
      value: left.value - right.value, influences: difference(left.influences, right.influences),
      shares: difference(left.shares, right.shares),
      answerVariance: max(left.answerVariance, right.answerVariance))
  }

  /// What one target earns as a multiple of another; nil where the other earns nothing.
  ///
  /// ψ of the quotient R is (ψ − R·ψ′)/v′ (the delta method).
  package static func / (left: Linearization, right: Linearization) -> Linearization? {
    guard right.value > 0 else { return nil }
    let ratio = left.value / right.value
    func part(_ own: [Double], _ other: [Double]) -> [Double] {
      guard !own.isEmpty, !other.isEmpty else { return [] }
      return zip(own, other).map { ($0 - ratio * $1) / right.value }
    }
    return Linearization(
      value: ratio, influences: part(left.influences, right.influences),
      shares: part(left.shares, right.shares),
      answerVariance: max(left.answerVariance, right.answerVariance))
  }

  /// How many clusters of equal weight the error is made of; the number of clusters where there are no weights.
  package var effectiveSampleSize: Double {
    shares.isEmpty ? Double(influences.count) : EffectiveSize.of(shares)
  }

  /// The variance of the estimate.
  package var variance: Double {
    let count = Double(influences.count)
    let squares = influences.reduce(0) { $0 + $1 * $1 } * count / max(count - 1, 1)
    var (second, fourth) = (0.0, 0.0)
    for share in shares {
      second += share * share
      fourth += share * share * share * share
    }
    return squares + (second > 0 ? fourth / second * answerVariance : 0)
  }

  /// The square root of the variance.
  package var standardError: Double { variance.squareRoot() }

  /// The interval of a level in (0, 1): t standard errors on either side, unbounded for a single effective row.
  package func interval(level: Double) -> Interval {
    let freedom = Int(min(effectiveSampleSize - 1, 1e9))
    guard freedom >= 1 else { return Interval(low: -.infinity, high: .infinity) }
    let reach = StudentLevel.quantile(level, freedom: freedom) * standardError
    return Interval(low: value - reach, high: value + reach)
  }
  /// The same where it is bounded; nil for a single effective row.
  package func finiteInterval(level: Double) -> Interval? {
    let interval = interval(level: level)
    return interval.low.isFinite ? interval : nil
  }
}
