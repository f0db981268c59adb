import Foundation
import NumericKernels
import RoutingData

/// Tests whether the logger used something of a query that its features lack, and that its answers depend on.
///
/// If picks depend on the features alone, then among the rows of an LLM what the features do not explain of the weight has
/// nothing to do with what they do not explain of the response: the mean of (w/w̄ − ŵ/w̄)(r − r̄) is 0, r = y − q̂ (the
/// generalised covariance measure of Shah and Peters 2020; ŵ and q̂ are cross-fitted). Its z has a standard error by query; those of several LLMs
/// together are χ² by their covariance over queries, with as many degrees of freedom.
///
/// Without hidden information a weight is a function of the features, so all that is left of it is what ŵ misses, a smooth
/// function that q̂ misses as well. Two things keep that from counting: the leading components of the features are taken out of both,
/// and errors are those of weights of which at least 2% of the variance is chance.
package struct HiddenInformation: Codable, Sendable {
  /// The z of each LLM; nil for one with too few rows, or whose weights do not vary.
  package let z: [Double?]
  /// χ² of all z together.
  package let square: Double
  /// The number of LLMs with a z.
  package let freedom: Int
  /// The probability of a sum as large where the logger used nothing hidden; nil without a z.
  package let p: Double?

  /// The most components of the features that are taken out of weights and responses.
  static let mostComponents = 10
  private static let leastRows = 30
  private static let rowsOfComponent = 18
  private static let leastChance = 0.02

  /// Tests a log; `components` are leading components of the features of the log's queries, in their order.
  init(_ log: Log, _ fit: CrossFit, components: Matrix) {
    var rows = [[Row]](repeating: [], count: log.llmCount)
    for pick in log.picks {
      guard let response = pick.response, let seen = pick.seenPropensity, let place = fit.places[pick.query]
      else { continue }
      rows[pick.llm].append(
        Row(
          place: place, weight: 1 / seen, response: Double(response),
          expectedWeight: Double(fit.weights[place, pick.llm]),
          expectedResponse: Double(fit.responses[place, pick.llm])))
    }
    let sums = rows.map { Self.products($0, components) }
    let each = sums.map { $0?.z }
    z = each
    // A query may have rows of several LLMs, whose residuals go together.
    let known = each.indices.filter { each[$0] != nil }
    square = Self.square(known.compactMap { sums[$0] })
    freedom = known.count
    p = known.isEmpty ? nil : ChiSquare.upperTail(square, freedom: known.count)
  }

  /// TᵀV⁻¹T of the totals T of some LLMs and their covariance V over queries, by elimination without what is singular.
  private static func square(_ products: [Products]) -> Double {
    var system = products.enumerated().map { row, first in
      products.enumerated().map { column, second in
        row == column
          ? first.variance
          : first.byQuery.keys.sorted().reduce(0.0) {
            $0 + (first.byQuery[$1] ?? 0) * (second.byQuery[$1] ?? 0)
          }
      } + [first.total]
    }
    var result = 0.0
    for pivot in system.indices {
      let diagonal = system[pivot][pivot]
      guard diagonal > 1e-9 * products[pivot].variance else { continue }
      result += system[pivot][products.count] * system[pivot][products.count] / diagonal
      for row in system.indices where row > pivot {
        let share = system[row][pivot] / diagonal
        for column in system[row].indices { system[row][column] -= share * system[pivot][column] }
      }
    }
    return result
  }

  /// What is left of an LLM's weights times what is left of its responses, summed by query.
  private struct Products {
    let byQuery: [Int: Double]
    /// The variance of the total that comes of the least chance in weights.
    let least: Double

    var total: Double { Self.sum(byQuery) }
    var variance: Double { Self.sum(byQuery.mapValues { $0 * $0 }) + least }
    var z: Double? { variance > 0 ? total / variance.squareRoot() : nil }

    /// In the order of queries, so that threads change no bit.
    static func sum(_ values: [Int: Double]) -> Double {
      values.keys.sorted().reduce(0.0) { $0 + (values[$1] ?? 0) }
    }
  }

  private struct Row {
    let place: Int
    let weight: Double
    let response: Double
    let expectedWeight: Double
    let expectedResponse: Double
  }

  private static func products(_ own: [Row], _ components: Matrix) -> Products? {
    guard own.count >= leastRows else { return nil }
    // Equal weights differ from their prediction by rounding alone.
    let scale = own.reduce(0) { $0 + $1.weight } / Double(own.count)
    guard own.contains(where: { abs($0.weight - $0.expectedWeight) > 1e-4 * scale }) else { return nil }
    // Predictions shrink towards the mean; what they leave of themselves is taken out.
    var columns = [
      own.map { _ in 1.0 }, own.map(\.expectedWeight), own.map { log(max($0.expectedWeight, 0.5)) },
      own.map(\.expectedResponse),
    ]
    for component in 0..<min(components.columns, own.count / rowsOfComponent) {
      columns.append(own.map { Double(components[$0.place, component]) })
    }
    let surprise = PartialledOut.residuals(
      of: own.map { ($0.weight - $0.expectedWeight) / scale }, on: columns)
    let residual = PartialledOut.residuals(
      of: own.map { $0.response - $0.expectedResponse }, on: columns)
    var (sums, residuals): ([Int: Double], [Int: Double]) = ([:], [:])
    for (index, row) in own.enumerated() {
      sums[row.place, default: 0] += surprise[index] * residual[index]
      residuals[row.place, default: 0] += residual[index]
    }
    let spread = own.reduce(0) { $0 + ($1.weight / scale - 1) * ($1.weight / scale - 1) } / Double(own.count)
    return Products(
      byQuery: sums, least: leastChance * spread * Products.sum(residuals.mapValues { $0 * $0 }))
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
