import Foundation
import RoutingData

/// How much wider or narrower than its deviation says the 95% interval of a new LLM's accuracy must be.
///
/// Laplace's approximation and a model that fits the known LLMs better than new ones make deviations that are too small or
/// too large, by the number of answers and by how their queries were chosen: queries that were chosen by the answers so far
/// are those where a model that errs is misled most. Learned from LLMs of families held out, see `quantile`.
public struct IntervalMultipliers: Equatable, Sendable {
  /// How the queries of the answers were chosen.
  public enum Choice: CaseIterable, Sendable {
    /// One after the other, by the answers so far.
    case adaptive
    /// By lot.
    case random
    /// By a plan or in a way that nobody said: the wider of the two others.
    case unknown
  }

  /// So few ratios that their 95% quantile would be beyond the largest.
  private static let fewest = 19
  /// No interval is narrower than this share of what its deviation says.
  private static let least = 0.25

  /// The numbers of answers that were tried, ascending.
  public let counts: [Int]
  /// The multiplier at each of them where queries were chosen adaptively.
  public let adaptive: [Double]
  /// The multiplier at each of them where queries were drawn by lot.
  public let random: [Double]
  /// The multiplier at each of them where all answers were to queries of other benchmarks; empty for a model of one.
  public let elsewhere: [Double]

  /// Nothing was tried: intervals are as wide as deviations say.
  public static let none = IntervalMultipliers(counts: [], adaptive: [], random: [], elsewhere: [])

  /// Multipliers above 0 at some numbers of answers, ascending.
  public init(counts: [Int], adaptive: [Double], random: [Double], elsewhere: [Double] = []) {
    precondition(adaptive.count == counts.count && random.count == counts.count)
    precondition(elsewhere.isEmpty || elsewhere.count == counts.count)
    self.counts = counts
    self.adaptive = adaptive
    self.random = random
    self.elsewhere = elsewhere
  }

  /// Whether nothing was tried.
  public var isEmpty: Bool { counts.isEmpty }

  /// The multiplier after some answers to queries of the benchmark and some to others' queries: between two numbers that
  /// were tried it is a straight line of log(1 + n).
  ///
  /// What answers elsewhere tell is off by more than what answers here do, so the more of them the nearer it is to their
  /// multiplier where that is larger.
  public func multiplier(answers: Int, elsewhere others: Int = 0, chosen choice: Choice) -> Double {
    let own: Double
    switch choice {
    case .adaptive: own = value(of: adaptive, at: answers)
    case .random: own = value(of: random, at: answers)
    case .unknown: own = max(value(of: adaptive, at: answers), value(of: random, at: answers))
    }
    guard others > 0, !elsewhere.isEmpty else { return own }
    let share = Double(others) / Double(answers + others)
    return own + share * max(value(of: elsewhere, at: others) - own, 0)
  }

  private func value(of values: [Double], at answers: Int) -> Double {
    guard let above = counts.firstIndex(where: { $0 >= answers }) else { return values.last ?? 1 }
    guard above > 0 else { return values[above] }
    let (low, high) = (log1p(Double(counts[above - 1])), log1p(Double(counts[above])))
    let share = (log1p(Double(answers)) - low) / (high - low)
    return (1 - share) * values[above - 1] + share * values[above]
  }

  /// The multiplier at which 95 of 100 truths are inside, of ratios |error|/deviation by number of answers: one list for each.
  ///
  /// The 95% quantile of few ratios is that of chance, so that the ratios at the neighbouring numbers count as well. Where
  /// there are too few to see one in twenty miss, no multiplier is below 1.
  public static func quantiles(_ ratios: [[Double]]) -> [Double] {
    ratios.indices.map { place in
      let near = ratios[max(place - 1, 0)...min(place + 1, ratios.count - 1)].flatMap { $0 }
      return max(quantile(near), ratios[place].count < fewest ? 1 : 0)
    }
  }

  /// The 95% quantile of ratios divided by that of the normal distribution: the ratio that a new one exceeds in 5% of cases
  /// (conformal prediction), of few the largest, and 1 of none.
  public static func quantile(_ ratios: [Double]) -> Double {
    guard !ratios.isEmpty else { return 1 }
    let sorted = ratios.sorted()
    let place = Int((0.95 * Double(sorted.count + 1)).rounded(.up)) - 1
    return max(sorted[min(max(place, 0), sorted.count - 1)] / 1.959964, least)
  }
}

extension IntervalMultipliers {
  /// The numbers `counts`, `adaptive`, `random` and perhaps `elsewhere`, of the same length; nothing where nothing was
  /// tried.
  var contents: TensorBundle {
    guard !isEmpty else { return TensorBundle() }
    return TensorBundle(numbers: [
      "counts": counts.map(Double.init), "adaptive": adaptive, "random": random, "elsewhere": elsewhere,
    ])
  }

  /// Multipliers as they were saved; `none` where nothing was.
  ///
  /// - Throws: `DataError` for numbers of answers that do not rise, or multipliers that are not above 0 or not one for each.
  init(contents: TensorBundle) throws(DataError) {
    guard contents != TensorBundle() else {
      self = .none
      return
    }
    guard let saved = contents.numbers["counts"], let others = contents.numbers["elsewhere"] else {
      throw DataError("number 'interval_multipliers/counts' or 'interval_multipliers/elsewhere' is missing")
    }
    let counts = saved.compactMap { Int(exactly: $0) }
    let adaptive = try contents.numbers("adaptive", count: saved.count)
    let random = try contents.numbers("random", count: saved.count)
    let elsewhere = others.isEmpty ? [] : try contents.numbers("elsewhere", count: saved.count)
    guard counts.count == saved.count, counts.first ?? 0 >= 0,
      zip(counts, counts.dropFirst()).allSatisfy({ $0 < $1 }),
      (adaptive + random + elsewhere).allSatisfy({ $0 > 0 && $0 <= 1e6 })
    else { throw DataError("the interval multipliers are not numbers of answers and multipliers above 0") }
    self.init(counts: counts, adaptive: adaptive, random: random, elsewhere: elsewhere)
  }
}
