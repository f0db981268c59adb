import NumericKernels

#if canImport(Glibc)
  import Glibc
#endif

/// A way to spread the picks of a pool over LLMs that are nearly as good, and how strongly.
public struct SpreadRule: Equatable, Sendable {
  /// What is done to the scores s of a query.
  public enum Family: String, CaseIterable, Codable, Sendable {
    /// The highest of s_j − τ·log(share_j + 0.001) wins, with share_j the share of the queries that j had before
    /// (Menon et al. 2021, "Long-tail learning via logit adjustment").
    case adjustment
    /// All whose score is within ε standard errors of the highest share the query, by 1/(share_j + 0.001).
    case nearTies = "near-ties"
    /// The softmax of s/T is drawn from.
    case temperature
  }

  /// Keeps an LLM that was never picked within reach.
  private static let smallestShare = 0.001

  /// The family.
  public let family: Family
  /// τ, ε or T in units; 0 changes nothing but how equal scores are broken.
  public let strength: Double
  /// What a strength of 1 is on the scale of the scores, above 0.
  ///
  /// Near-ties count in the router's own standard errors where it says them.
  public let unit: Double
  /// The share of the queries that each candidate had before, m numbers in [0, 1].
  public let shares: [Double]

  /// A rule from its parts.
  public init(_ family: Family, strength: Double, unit: Double, shares: [Double]) {
    precondition(strength >= 0 && unit > 0, "strength \(strength), unit \(unit)")
    self.family = family
    self.strength = strength
    self.unit = unit
    self.shares = shares
  }

  /// The probability with which each candidate is picked for each query, n × m with rows of sum 1.
  ///
  /// The candidates are those of the shares, in their order. Cost: n·m.
  public func picks(_ scores: Scores, among candidates: Candidates, ties: TieRule) -> Matrix {
    precondition(shares.count == candidates.count, "\(shares.count) shares of \(candidates.count) candidates")
    switch family {
    case .adjustment:
      return HighestScore(ties: ties).picks(Scores(adjusted(scores.values)), among: candidates)
    case .nearTies: return strength == 0 ? SharedHighestScore.shares(of: scores.values) : shared(scores)
    case .temperature:
      let temperature = Float(strength * unit)
      return temperature.isNormal
        ? Elementwise.softmaxRows(scores.values, temperature: temperature)
        : SharedHighestScore.shares(of: scores.values)
    }
  }

  /// What a router's published probabilities are after the adjustment: p_j/(share_j + 0.001)^τ, scaled to sum 1.
  ///
  /// The other families leave them alone: they draw from the scores as they are.
  public func adjusted(probabilities: Matrix) -> Matrix {
    guard family == .adjustment else { return probabilities }
    var result = probabilities
    for row in 0..<result.rows {
      let own = result.row(row)
      let logs = zip(own, offsets).map { $0 > 0 ? log(Double($0)) - $1 : -.infinity }
      let highest = logs.max() ?? 0
      let weights = logs.map { exp($0 - highest) }
      let total = weights.reduce(0, +)
      guard total.isFinite, total > 0 else { continue }
      result.replaceRow(row, with: weights.map { Float($0 / total) })
    }
    return result
  }

  /// τ·log(share + 0.001) of each candidate.
  private var offsets: [Double] { shares.map { strength * unit * log($0 + Self.smallestShare) } }

  private func adjusted(_ values: Matrix) -> Matrix {
    var result = values
    result.addToRows(offsets.map { Float(-$0) })
    return result
  }

  private func shared(_ scores: Scores) -> Matrix {
    var result = Matrix(rows: scores.values.rows, columns: scores.values.columns)
    for row in 0..<result.rows {
      let values = Array(scores.values.row(row))
      guard let best = values.indices.max(by: { (values[$0], $1) < (values[$1], $0) }) else { continue }
      func isNear(_ llm: Int) -> Bool {
        let gap = Double(values[best]) - Double(values[llm])
        guard let errors = scores.standardErrors else { return gap <= strength * unit }
        let (own, other) = (Double(errors[row, best]), Double(errors[row, llm]))
        return gap <= strength * (own * own + other * other).squareRoot()
      }
      let weights = values.indices.map { isNear($0) ? 1 / (shares[$0] + Self.smallestShare) : 0 }
      let total = weights.reduce(0, +)
      result.replaceRow(row, with: weights.map { Float($0 / total) })
    }
    return result
  }
}
