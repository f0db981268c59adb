import Foundation
import Learning
import NumericKernels

/// How much harder a new benchmark is than predicted, and which LLMs do better or worse on it, from answers to a few of
/// its queries.
///
/// The log-odds are η = z + δ + e_q + o_u with the predicted z, normal deviations e_q of single queries and o_u of single
/// LLMs, whose variances are learned by EM (empirical Bayes). δ is D̄·τ/(τ + s²): the queries' mean shift D̄, shrunk by its
/// own variance s² against the variance τ that shifts of benchmarks have. With no answer all is 0.
public struct BenchmarkShift: Sendable {
  /// τ: benchmarks of one model differ by about so much.
  private static let shiftVariance = 1.0
  /// What the queries' and LLMs' variances are taken to be, as if so many had been seen.
  private static let priorVariances = (query: 1.0, llm: 0.1)
  private static let priorCount = 4.0
  private static let rounds = 25
  private static let newtonSteps = 4

  /// What is added to each LLM's log-odds on a query of which nothing else is known.
  ///
  /// (δ + o)·(1 + πσ²/8)^(−1/2): the deviations of single queries are averaged over.
  public let offsets: [Float]
  /// δ.
  public let shift: Double

  /// Learns from the predicted log-odds of some LLMs on answered queries, n × m, and their responses; NaN is missing.
  ///
  /// Cost some 25 rounds of 8·n·m logistic functions.
  public init(logOdds: Matrix, responses: Matrix) {
    precondition(logOdds.rows == responses.rows && logOdds.columns == responses.columns)
    let count = Double(logOdds.rows)
    var items = [Double](repeating: 0, count: logOdds.rows)
    var llms = [Double](repeating: 0, count: logOdds.columns)
    var (delta, itemVariance, llmVariance) = (0.0, Self.priorVariances.query, Self.priorVariances.llm)
    for _ in 0..<(logOdds.rows == 0 ? 0 : Self.rounds) {
      var spread = 0.0
      for query in items.indices {
        let cells = llms.indices.compactMap { Self.cell(logOdds[query, $0], llms[$0], responses[query, $0]) }
        let found = Self.maximum(cells, from: items[query], mean: delta, variance: itemVariance)
        items[query] = found.value
        spread += found.variance
      }
      let sampling = itemVariance / count
      delta =
        items.reduce(0, +) / count * Self.shiftVariance / (Self.shiftVariance + sampling)
      let deviations = items.reduce(0.0) { $0 + ($1 - delta) * ($1 - delta) } + spread
      itemVariance =
        (deviations + Self.priorCount * Self.priorVariances.query) / (count + Self.priorCount)
      spread = 0
      for llm in llms.indices {
        let cells = items.indices.compactMap { Self.cell(logOdds[$0, llm], items[$0], responses[$0, llm]) }
        let found = Self.maximum(cells, from: llms[llm], mean: 0, variance: llmVariance)
        llms[llm] = found.value
        spread += found.variance
      }
      let squares = llms.reduce(0.0) { $0 + $1 * $1 } + spread
      llmVariance =
        (squares + Self.priorCount * Self.priorVariances.llm) / (Double(llms.count) + Self.priorCount)
    }
    shift = delta
    let share = 1 / (1 + Double.pi * itemVariance / 8).squareRoot()
    offsets = llms.map { Float((delta + $0) * share) }
  }

  /// A cell's fixed log-odds and response; nil for a missing one.
  private static func cell(_ z: Float, _ other: Double, _ response: Float) -> (z: Double, y: Double)? {
    response.isNaN ? nil : (Double(z) + other, Double(response))
  }

  /// The posterior mode and variance of what is added to the log-odds of some cells, by Newton's method.
  private static func maximum(
    _ cells: [(z: Double, y: Double)], from start: Double, mean: Double, variance: Double
  ) -> (value: Double, variance: Double) {
    var value = start
    var curvature = 1 / variance
    for _ in 0..<newtonSteps {
      var slope = (mean - value) / variance
      curvature = 1 / variance
      for cell in cells {
        let p = FoldIn.probability(cell.z + value)
        slope += cell.y - p
        curvature += p * (1 - p)
      }
      // Far from the optimum Newton's step overshoots.
      value += min(max(slope / curvature, -2), 2)
    }
    return (value, 1 / curvature)
  }
}
