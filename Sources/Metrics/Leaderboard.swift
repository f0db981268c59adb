import NumericKernels
import RoutingData

/// The LLMs of a dataset by their mean responses, the best first.
///
/// An LLM's mean runs over the queries that it answered: a missing answer is not a wrong one. Overall is the mean of the
/// benchmarks' means, so that a benchmark of many queries counts no more than one of few. LLMs that lack a benchmark stand
/// below all that have every one: their overall is another mean. LLMs without an answer are left out.
public struct Leaderboard: Equatable, Sendable {
  /// How an LLM did on a benchmark.
  public struct Score: Equatable, Sendable {
    /// The number of queries that it answered, at least 1.
    public let answered: Int
    /// Its mean response with the 95% interval.
    public let mean: Estimate
    /// The mean cost of its answers whose cost is known; nil where none is.
    public let cost: Double?
  }

  /// One LLM.
  public struct Entry: Equatable, Sendable {
    /// Its name.
    public let llm: String
    /// The number of queries that it answered on all benchmarks.
    public let answered: Int
    /// The mean of its benchmarks' means with the 95% interval.
    public let overall: Estimate
    /// One score for each benchmark; nil where it answered no query.
    public let scores: [Score?]
    /// The mean of its benchmarks' mean costs; nil where it answered one without a known cost.
    public let cost: Double?
    /// Whether it answered queries of every benchmark.
    public var isComplete: Bool { !scores.contains { $0 == nil } }
  }

  /// The benchmarks' names, in the order of the scores.
  public let benchmarks: [String]
  /// The LLMs that answered a query, the best first; equal ones in the order of the catalogue.
  public let entries: [Entry]
  /// The number of LLMs of these benchmarks that answered no query.
  public let unanswered: Int

  /// The LLMs of some of a dataset's benchmarks, by their answers to the queries of a part of the split, or to all.
  ///
  /// A mean's interval is that of μ in `rs-eval` (`BoundedMean`), with sub-scenarios as strata. That of a mean of means puts
  /// the benchmarks' intervals together: each end is as far from it as the root of the summed squares of theirs, over their
  /// number (MOVER, Zou and Donner 2008). Cost: one pass over the bits of the responses.
  public init(_ dataset: Dataset, benchmarks: [Benchmark], in part: SplitPart? = nil) {
    self.benchmarks = benchmarks.map(\.name)
    let names = dataset.catalog.names
    var scores = [[Score?]](repeating: Array(repeating: nil, count: benchmarks.count), count: names.count)
    for (place, benchmark) in benchmarks.enumerated() {
      for (llm, score) in zip(benchmark.llms, Self.scores(of: benchmark, in: part)) {
        scores[llm][place] = score
      }
    }
    let entries = zip(names, scores).compactMap { Entry(llm: $0, scores: $1) }
    self.entries = entries.enumerated().sorted { first, second in
      let (left, right) = (first.element, second.element)
      if left.isComplete != right.isComplete { return left.isComplete }
      if left.overall.value != right.overall.value { return left.overall.value > right.overall.value }
      return first.offset < second.offset
    }.map(\.element)
    unanswered = Set(benchmarks.flatMap(\.llms)).count - entries.count
  }

  /// The scores of a benchmark's LLMs, in the order of its columns.
  private static func scores(of benchmark: Benchmark, in part: SplitPart?) -> [Score?] {
    let queries = part.map { benchmark.split.queries(in: $0) } ?? Array(0..<benchmark.queries.count)
    let strata = StratifiedResampling(
      strata: queries.map { benchmark.queries.subscenarios[$0] }, benchmark: benchmark.name, seed: 0)
    var answers = [Answers](repeating: Answers(), count: benchmark.llms.count)
    for members in strata.members {
      let moments = ColumnMoments(
        of: benchmark.responses.selecting(queries: members.map { queries[$0] }).cells)
      for llm in answers.indices {
        answers[llm].add(
          Answers.Stratum(count: moments.counts[llm], sum: moments.sums[llm], squares: moments.squares[llm]))
      }
    }
    var quantiles: [Int: Double] = [:]
    return zip(answers, benchmark.meanCosts(of: queries)).map { answers, cost in
      answers.score(cost: cost) { freedom in
        if let known = quantiles[freedom] { return known }
        let quantile = StudentLevel.quantile(level, freedom: freedom)
        quantiles[freedom] = quantile
        return quantile
      }
    }
  }

  fileprivate static let level = 0.95
}

/// What an LLM's answers to a benchmark sum up to, stratum by stratum.
private struct Answers {
  struct Stratum {
    var count = 0
    var sum = 0.0
    var squares = 0.0

    /// The sum of the squared deviations from the mean.
    var deviations: Double { max(squares - sum * sum / Double(count), 0) }

    static func += (sum: inout Stratum, other: Stratum) {
      sum.count += other.count
      sum.sum += other.sum
      sum.squares += other.squares
    }
  }

  private var all = Stratum()
  /// Answers that are the only one of their stratum, which alone could not vary.
  private var single = Stratum()
  private var strata = 0
  /// Each stratum's size times its unbiased variance.
  private var spread = 0.0

  mutating func add(_ stratum: Stratum) {
    guard stratum.count > 0 else { return }
    all += stratum
    if stratum.count == 1 { single += stratum } else { close(stratum) }
  }

  private mutating func close(_ stratum: Stratum) {
    strata += 1
    spread += Double(stratum.count) / Double(stratum.count - 1) * stratum.deviations
  }

  /// The mean and its interval; nil without an answer.
  func score(cost: Double?, quantile: (_ freedom: Int) -> Double) -> Leaderboard.Score? {
    guard all.count > 0 else { return nil }
    var whole = self
    if single.count > 1 { whole.close(single) } else { whole.strata += single.count }
    let mean = all.sum / Double(all.count)
    let ends = MeanBounds(
      mean: mean, count: all.count, variance: whole.spread / Double(all.count),
      freedom: all.count - whole.strata, isUniform: all.deviations <= 1e-12 * Double(all.count)
    ).ends(in: 0...1, level: Leaderboard.level, quantile: quantile)
    return Leaderboard.Score(
      answered: all.count,
      mean: Estimate(mean, Interval(low: min(ends[0], mean), high: max(ends[1], mean))), cost: cost)
  }
}

extension Leaderboard.Entry {
  /// An LLM with its scores; nil where it has none.
  fileprivate init?(llm: String, scores: [Leaderboard.Score?]) {
    let known = scores.compactMap { $0 }
    guard !known.isEmpty else { return nil }
    self.llm = llm
    self.scores = scores
    answered = known.reduce(0) { $0 + $1.answered }
    let count = Double(known.count)
    let costs = known.compactMap(\.cost)
    cost = costs.count == known.count ? costs.reduce(0, +) / count : nil
    let mean = known.reduce(0) { $0 + $1.mean.value } / count
    func reach(_ distance: (Estimate) -> Double) -> Double {
      known.reduce(0) { $0 + distance($1.mean) * distance($1.mean) }.squareRoot() / count
    }
    overall = Estimate(
      mean,
      Interval(
        low: max(mean - reach { $0.value - ($0.low ?? 0) }, 0),
        high: min(mean + reach { ($0.high ?? 1) - $0.value }, 1)))
  }
}
