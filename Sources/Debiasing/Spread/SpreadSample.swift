import Metrics
import NumericKernels
import Routing
import RoutingData

/// What a router says of some queries of a pool, beside what the candidates answered.
public struct SpreadSample: Sendable {
  /// The candidates.
  public let candidates: Candidates
  /// The scores, n × m.
  public let scores: Scores
  /// The probabilities behind E_p before anything is spread, n × m.
  public let published: Matrix
  /// The responses, n × m, none missing.
  public let responses: Matrix

  /// A sample from its parts, all of one shape.
  public init(candidates: Candidates, scores: Scores, published: Matrix, responses: Matrix) {
    precondition(
      scores.values.rows == responses.rows && scores.values.columns == responses.columns
        && published.rows == responses.rows && published.columns == responses.columns
        && candidates.count == responses.columns, "scores \(scores.values.shapeText)")
    self.candidates = candidates
    self.scores = scores
    self.published = published
    self.responses = responses
  }

  /// What a router says of the queries of a benchmark's rows; its own policy, if it has one, is left aside.
  ///
  /// `embeddings` are those of all queries of the benchmark.
  ///
  /// - Throws: `DataError` as `Scores.check`, and whatever the router throws.
  public init(
    _ router: any Router, of benchmark: Benchmark, rows: [Int], responses: Matrix, candidates: Candidates,
    embeddings: Matrix, encoder: String?
  ) throws {
    let batch = benchmark.batch(of: rows, embeddings: embeddings, encoder: encoder)
    let scores = try router.scores(for: batch, among: candidates)
    try scores.check(of: router.name, for: batch, among: candidates)
    self.init(
      candidates: candidates, scores: scores,
      published: try SelectionProbabilities.of(router, scores: scores, for: batch, among: candidates),
      responses: responses)
  }

  /// The number of queries, n.
  public var count: Int { responses.rows }

  /// The picks of the highest score.
  public var collapsed: SpreadPicks {
    SpreadPicks(
      HighestScore().picks(scores, among: candidates), published: published, responses: responses)
  }

  /// The picks under a rule.
  public func spread(by rule: SpreadRule) -> SpreadPicks {
    SpreadPicks(
      rule.picks(scores, among: candidates, ties: .trainMean),
      published: rule.adjusted(probabilities: published), responses: responses)
  }

  /// How far a score usually is from the highest but one, the unit of strengths: the mean gap between a query's two highest
  /// scores, or 1 where there is none.
  public var unit: Double {
    guard candidates.count > 1, count > 0 else { return 1 }
    let gaps = (0..<count).map { row in
      let own = scores.values.row(row).sorted(by: >)
      return Double(own[0]) - Double(own[1])
    }
    let mean = ShiftedMean.of(gaps)
    return mean > 0 && Float(mean).isNormal ? mean : 1
  }
}

/// What picks of some queries come to.
public struct SpreadPicks: Sendable {
  /// The expected response to each query, n numbers in [0, 1].
  public let rewards: [Double]
  /// The share of the queries that each candidate gets, m numbers of sum 1.
  public let shares: [Double]
  /// E_p: the mean entropy of the published probabilities, in bits.
  public let classificationBias: Double

  init(_ picks: Matrix, published: Matrix, responses: Matrix) {
    rewards = Rewards.expected(picks: picks, responses: responses)
    shares = (0..<picks.columns).map { ShiftedMean.of(picks.column($0).map(Double.init)) }
    classificationBias = ShiftedMean.of(
      (0..<published.rows).map { Entropy.bits(published.row($0).lazy.map(Double.init)) })
  }

  /// The mean expected response, μ.
  public var mu: Double { ShiftedMean.of(rewards) }

  /// The entropy of the shares in bits, in [0, log₂ m].
  public var entropy: Double { Entropy.bits(shares) }

  /// The number of candidates that get at least one query in a thousand.
  public var used: Int { shares.count { $0 >= 0.001 } }
}
