import NumericKernels

/// How far scores of single queries may lead away from the best single LLM: s = mean + α·(score − mean).
///
/// With α = 0 every query goes to the LLM of the best mean. α is the one whose picks are best on other queries, answered or
/// expected; of equally good ones the smallest.
struct BestSingleGate {
  private static let shares: [Float] = [0, 0.25, 0.5, 0.75, 1]

  /// α.
  let share: Float
  private let means: [Float]

  /// Chooses α by the scores of some LLMs on validation queries and their responses there, both q × m.
  init(scores: Matrix, responses: Matrix, means: [Float]) {
    self.means = means
    var best: (value: Double, share: Float) = (-.infinity, 0)
    for share in Self.shares {
      let picks = Self.picks(scores, means: means, share: share)
      let value = picks.enumerated().reduce(0.0) { $0 + Double(responses[$1.offset, $1.element]) }
      if value > best.value + 1e-9 { best = (value, share) }
    }
    share = best.share
  }

  /// The LLM for each query.
  func picks(_ scores: Matrix) -> [Int] { Self.picks(scores, means: means, share: share) }

  /// The first of the LLMs with the highest blended score.
  private static func picks(_ scores: Matrix, means: [Float], share: Float) -> [Int] {
    (0..<scores.rows).map { row in
      func blended(_ llm: Int) -> Float { means[llm] + share * (scores[row, llm] - means[llm]) }
      return means.indices.reduce(0) { blended($1) > blended($0) ? $1 : $0 }
    }
  }
}
