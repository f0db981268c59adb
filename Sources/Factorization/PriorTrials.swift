import Learning
import NumericKernels

/// Placements of known LLMs by few answers, with queries and a prior that know nothing of their families.
///
/// They tell how wide the intervals of accuracies must be to hold the truth. A bounded sample: some LLMs of each fold, each on one benchmark and on so many of its queries at most.
struct PriorTrials: Sendable {
  private static let llmsOfFold = 5
  private static let llmsOfFrontier = 10
  private static let mostQueries = 1_000
  private static let leastQueries = 10
  /// Numbers of answers that intervals are looked at.
  private static let counts = [0, 5, 10, 20, 50, 100, 200]

  /// Queries that an LLM answered, with what it answered.
  private struct Answered: Sendable {
    var designs: Matrix
    var responses: [Float] = []

    /// Answers to the first queries, as the answers to one benchmark of a fold-in.
    func answers(_ count: Int, benchmark: Int = 0) -> [GradedAnchor] {
      (0..<count).map { GradedAnchor(benchmark: benchmark, query: $0, response: responses[$0]) }
    }

    var known: KnownQueries {
      KnownQueries(
        benchmark: "", factors: designs.selecting(columns: Array(0..<designs.columns - 1)),
        biases: Array(repeating: 0, count: responses.count))
    }
  }

  /// One LLM.
  private struct Trial: Sendable {
    let fold: Int
    /// Queries of one benchmark, in an order by lot.
    let own: Answered
    /// Some queries of its other benchmarks, by lot.
    let others: Answered
    /// The mean of the responses to `own`.
    let truth: Double
  }

  /// The prior of a new LLM by fold.
  private let priors: [Abilities]
  private let trials: [Trial]

  /// Samples LLMs of folds, none where a fold holds all LLMs out; `abilities` are those of all LLMs, each by its own fold.
  init(
    _ responses: ResponseBlocks, folds: [NewLLMPrior.Fold], families: [Int], abilities: Matrix, seed: UInt64
  ) {
    priors = folds.map {
      NewLLMPrior.moments(of: abilities, without: $0.heldOut).widened(by: Abilities.Breadth())
    }
    var generator = SeededGenerator(seed: seed, stream: "new-llm-trials")
    var trials: [Trial] = []
    for (place, fold) in folds.enumerated() where fold.heldOut.count < families.count {
      var sample = fold.heldOut
      generator.shuffle(&sample)
      for llm in sample.prefix(fold.isFrontier ? Self.llmsOfFrontier : Self.llmsOfFold) {
        var blocks = responses.blocks.indices.filter { responses.blocks[$0].llms.contains(llm) }
        generator.shuffle(&blocks)
        // Each LLM is asked other queries: a list that all shared would be one chance.
        let answered = blocks.map { block in
          Self.answered(
            by: llm, in: responses.blocks[block], fold.designs[block],
            most: block == blocks[0] ? Self.mostQueries : (Self.counts.last ?? 0), &generator)
        }
        guard let own = answered.first, own.responses.count >= Self.leastQueries else { continue }
        let sum = own.responses.reduce(0.0) { $0 + Double($1) }
        trials.append(
          Trial(
            fold: place, own: own, others: Self.mixed(answered.dropFirst(), &generator),
            truth: sum / Double(own.responses.count)))
      }
    }
    self.trials = trials
  }

  private static func answered(
    by llm: Int, in block: ResponseBlocks.Block, _ designs: Matrix, most: Int,
    _ generator: inout SeededGenerator
  ) -> Answered {
    var order = Array(0..<block.cells.rows)
    generator.shuffle(&order)
    guard let column = block.llms.firstIndex(of: llm) else {
      return Answered(designs: designs.selecting(rows: []))
    }
    let answers = block.cells.selecting(columns: [column]).dense(rows: 0..<block.cells.rows)
    let queries = Array(order.lazy.filter { !answers[$0, 0].isNaN }.prefix(most))
    return Answered(designs: designs.selecting(rows: queries), responses: queries.map { answers[$0, 0] })
  }

  /// The queries of several benchmarks in one order by lot.
  private static func mixed(_ parts: ArraySlice<Answered>, _ generator: inout SeededGenerator) -> Answered {
    guard let first = parts.first else { return Answered(designs: Matrix(rows: 0, columns: 1)) }
    guard parts.count > 1 else { return first }
    let designs = Matrix.stacked(parts.map(\.designs))
    let responses = parts.flatMap(\.responses)
    var order = Array(responses.indices)
    generator.shuffle(&order)
    let kept = Array(order.prefix(counts.last ?? 0))
    return Answered(designs: designs.selecting(rows: kept), responses: kept.map { responses[$0] })
  }

  /// The multipliers that these LLMs ask for, at numbers of answers below those of their queries and up to one that is at
  /// least `most`.
  ///
  /// - Throws: `NumericalError`.
  func multipliers(upTo most: Int) throws(NumericalError) -> IntervalMultipliers {
    let last = Self.counts.first { $0 >= most } ?? .max
    let counts = Self.counts.filter { $0 <= last }
    let results = Parallel.map(trials.count) { place in
      Result { () throws(NumericalError) -> Ratios in try ratios(of: trials[place], at: counts) }
    }
    var all: [Ratios] = []
    for result in results { all.append(try result.get()) }
    let places = counts.indices.filter { place in all.contains { $0.random[place] != nil } }
    func quantiles(_ list: KeyPath<Ratios, [Double?]>) -> [Double] {
      IntervalMultipliers.quantiles(places.map { place in all.compactMap { $0[keyPath: list][place] } })
    }
    let hasOthers = trials.contains { !$0.others.responses.isEmpty }
    return IntervalMultipliers(
      counts: places.map { counts[$0] }, adaptive: quantiles(\.adaptive), random: quantiles(\.random),
      elsewhere: hasOthers ? quantiles(\.elsewhere) : [])
  }

  /// How many deviations the interval of an LLM must reach at each number of answers; nil where it has not so many.
  private struct Ratios: Sendable {
    var adaptive: [Double?] = []
    var random: [Double?] = []
    var elsewhere: [Double?] = []
  }

  private func ratios(of trial: Trial, at counts: [Int]) throws(NumericalError) -> Ratios {
    var ratios = Ratios()
    let prior = priors[trial.fold]
    let placement = Placement(try FoldIn([trial.own.known], prior: prior))
    func ratio(_ answers: [GradedAnchor], _ placement: Placement) throws(NumericalError) -> Double {
      try placement.placed(answers).accuracies[0].deviations(to: trial.truth)
    }
    let count = trial.own.responses.count
    for asked in counts {
      ratios.random.append(asked < count ? try ratio(trial.own.answers(asked), placement) : nil)
    }
    let choice = AdaptiveAnchors(placement, targets: [0])
    var answers: [GradedAnchor] = []
    for asked in counts {
      while answers.count < min(asked, count) {
        let abilities = try placement.fold.posterior(of: answers)
        let dispersion = placement.fold.dispersion(of: answers, at: abilities.mean)
        guard let next = choice.next(given: abilities, dispersion: dispersion, answered: answers) else {
          break
        }
        answers.append(
          GradedAnchor(benchmark: 0, query: next.query, response: trial.own.responses[next.query]))
      }
      ratios.adaptive.append(asked < count ? try ratio(answers, placement) : nil)
    }
    let others = trial.others.responses.count
    guard others > 0 else {
      ratios.elsewhere = counts.map { _ in nil }
      return ratios
    }
    let both = Placement(try FoldIn([trial.own.known, trial.others.known], prior: prior))
    for asked in counts {
      ratios.elsewhere.append(
        asked <= others ? try ratio(trial.others.answers(asked, benchmark: 1), both) : nil)
    }
    return ratios
  }
}
