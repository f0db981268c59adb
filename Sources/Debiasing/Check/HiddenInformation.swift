import Foundation
import RoutingData

/// Tests whether the logger used something of a query that its features lack, and that its answers depend on.
///
/// If picks depend on the features alone, then among the rows of an LLM what the features do not explain of the weight has
/// nothing to do with what they do not explain of the response: the mean of (w/w̄ − ŵ/w̄)(r − r̄) is 0, r = y − q̂ (the
/// generalised covariance measure of Shah and Peters 2020; ŵ and q̂ are cross-fitted). Its z has a standard error by query; the
/// sum of z² over LLMs is χ² with as many degrees of freedom.
package struct HiddenInformation: Codable, Sendable {
  /// The z of each LLM; nil for one with too few rows, or whose weights do not vary.
  package let z: [Double?]
  /// The sum of z².
  package let square: Double
  /// The number of LLMs with a z.
  package let freedom: Int
  /// The probability of a sum as large where the logger used nothing hidden; nil without a z.
  package let p: Double?

  private static let leastRows = 30

  init(_ log: Log, _ fit: CrossFit) {
    var rows = [[(place: Int, weight: Double, residual: Double, heavy: Double)]](
      repeating: [], count: log.llmCount)
    for pick in log.picks {
      guard let response = pick.response, let seen = pick.seenPropensity, let place = fit.places[pick.query]
      else { continue }
      rows[pick.llm].append(
        (
          place, 1 / seen, Double(response) - Double(fit.responses[place, pick.llm]),
          Double(fit.weights[place, pick.llm])
        ))
    }
    z = rows.map { own in
      guard own.count >= Self.leastRows else { return nil }
      let count = Double(own.count)
      let mean = own.reduce(0) { $0 + $1.residual } / count
      let scale = own.reduce(0) { $0 + $1.weight } / count
      var sums: [Int: Double] = [:]
      var varies = 0.0
      for row in own {
        let surprise = (row.weight - row.heavy) / scale
        varies = max(varies, abs(surprise))
        sums[row.place, default: 0] += surprise * (row.residual - mean)
      }
      // Equal weights differ from their prediction by rounding alone.
      guard varies > 1e-4 else { return nil }
      let ordered = sums.sorted { $0.key < $1.key }.map(\.value)
      let error = ordered.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return error > 0 ? ordered.reduce(0, +) / error : nil
    }
    let known = z.compactMap { $0 }
    square = known.reduce(0) { $0 + $1 * $1 }
    freedom = known.count
    p = known.isEmpty ? nil : ChiSquare.upperTail(square, freedom: known.count)
  }
}

/// The χ² distribution.
enum ChiSquare {
  /// The probability of a value above `x` at some degrees of freedom, at least 1: the regularised upper incomplete gamma function.
  ///
  /// By its series below the mean and Lentz's continued fraction above; relative error about 1e-12.
  static func upperTail(_ x: Double, freedom: Int) -> Double {
    let (a, half) = (Double(freedom) / 2, x / 2)
    guard half > 0 else { return 1 }
    let front = exp(-half + a * log(half) - lgamma(a))
    if half < a + 1 {
      var (term, sum, n) = (1 / a, 1 / a, a)
      while abs(term) > abs(sum) * 1e-15 {
        n += 1
        term *= half / n
        sum += term
      }
      return max(0, 1 - sum * front)
    }
    var b = half + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1..<1_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      let delta = d * c
      h *= delta
      if abs(delta - 1) < 1e-15 { break }
    }
    return min(max(front * h, 0), 1)
  }
}
