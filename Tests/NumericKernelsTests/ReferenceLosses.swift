import Foundation

/// The losses of one row of logits as they are defined, term by term in `Double`.
enum ReferenceLosses {
  static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

  static func binaryCrossEntropy(_ z: [Double], _ y: [Float]) -> (total: Double, terms: Int) {
    var result = (total: 0.0, terms: 0)
    for (z, y) in zip(z, y) where !y.isNaN {
      result.total += Double(y) * softplus(-z) + Double(1 - y) * softplus(z)
      result.terms += 1
    }
    return result
  }

  static func multiPositiveSoftmax(_ z: [Double], _ y: [Float]) -> (total: Double, terms: Int) {
    let wrong = z.indices.filter { y[$0] < 0.5 }
    var result = (total: 0.0, terms: 0)
    for right in z.indices where y[right] >= 0.5 && !wrong.isEmpty {
      // exp(z_n − z_p) keeps the quotient in range.
      result.total += log(wrong.reduce(1.0) { $0 + exp(z[$1] - z[right]) })
      result.terms += 1
    }
    return result
  }

  static func pairwiseLogistic(_ z: [Double], _ y: [Float]) -> (total: Double, terms: Int) {
    var result = (total: 0.0, terms: 0)
    for right in z.indices where y[right] >= 0.5 {
      for wrong in z.indices where y[wrong] < 0.5 {
        result.total += softplus(z[wrong] - z[right])
        result.terms += 1
      }
    }
    return result
  }

  static func expectedScore(_ z: [Double], _ y: [Float]) -> (total: Double, terms: Int) {
    let seen = z.indices.filter { !y[$0].isNaN }
    guard let largest = seen.map({ z[$0] }).max() else { return (0, 0) }
    let weights = seen.map { exp(z[$0] - largest) }
    let rewards = zip(seen, weights).reduce(0.0) { $0 + $1.1 * Double(y[$1.0]) }
    return (-rewards / weights.reduce(0, +), 1)
  }
}
