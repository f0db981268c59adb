import Factorization
import Learning
import NumericKernels
import Regression
import RoutingData

/// Holds LLMs out of a benchmark as an `LLMExperiment` does and routes test queries to pools that contain them.
///
/// Everything is learned from train queries, and the gate's share from validation queries; a new LLM is asked adaptively
/// among both. All three ways, without it, placed, and with all answers, are the same router.
public struct RoutingExperiment {
  /// The sizes of pools.
  static let sizes = [3, 5, 10, 100]
  /// Pools of each LLM and size, drawn by lot among the LLMs that are known.
  private static let pools = 10
  /// With more train queries than this, so many are drawn: the kernel's matrix is of their square.
  private static let mostQueries = 12_000

  private let experiment: LLMExperiment
  private let parts: Parts
  private var smoothers: [KernelSmoother.Choice: ResponseSmoother] = [:]

  /// The queries and their features.
  private struct Parts {
    /// Train queries, then validation queries, as rows of the benchmark.
    let seen: [Int]
    let trainCount: Int
    let test: [Int]
    let train: Matrix
    /// The features of validation queries, then of test queries.
    let others: Matrix

    var validation: Range<Int> { trainCount..<seen.count }
  }

  /// The routing of an experiment's folds with the embeddings of an encoder.
  ///
  /// - Throws: `DataError` for a benchmark without such embeddings, or without train, validation and test queries.
  public init(_ experiment: LLMExperiment, encoder: String) throws {
    self.experiment = experiment
    let benchmark = experiment.benchmark
    try Self.check(benchmark)
    var train = benchmark.split.queries(in: .train)
    let validation = benchmark.split.queries(in: .validation)
    let test = benchmark.split.queries(in: .test)
    if train.count > Self.mostQueries {
      var generator = SeededGenerator(seed: experiment.grid.seed, stream: "routing-queries")
      generator.shuffle(&train)
      train = train.prefix(Self.mostQueries).sorted()
    }
    let embeddings = try benchmark.embeddings(encoder: encoder)
    let features = TrainFeatures(
      [embeddings.selecting(rows: train)], widths: benchmark.widths(of: encoder))
    parts = Parts(
      seen: train + validation, trainCount: train.count, test: test, train: features.blocks[0],
      others: features.standard.features(of: embeddings.selecting(rows: validation + test)))
  }

  /// Looks for what routing needs of a benchmark.
  ///
  /// - Throws: `DataError` for one without train, validation or test queries.
  static func check(_ benchmark: Benchmark) throws(DataError) {
    let counts = [SplitPart.train, .validation, .test].map { benchmark.split.queries(in: $0).count }
    guard !counts.contains(0) else {
      throw DataError(
        "benchmark '\(benchmark.name)': routing needs train, validation and test queries; it has \(counts[0]), "
          + "\(counts[1]) and \(counts[2])")
    }
  }

  /// The number of folds.
  public var foldCount: Int { experiment.folds.count }

  /// Routes with the LLMs of one fold; cost a training, n³/3 for a kernel not yet factored, and n²·q.
  ///
  /// - Throws: `NumericalError`.
  public mutating func routed(fold index: Int) throws -> [RoutedLLM] {
    let fold = experiment.folds[index]
    let benchmark = experiment.benchmark
    let known = fold.known
    let responses = benchmark.responses.selecting(queries: parts.seen)
    let model = try ItemResponseModel.estimated(
      responses.selecting(llms: known).cells, rows: parts.seen, benchmark: benchmark.name,
      llms: known.map { experiment.catalog.names[benchmark.llms[$0]] },
      families: known.map { experiment.families[$0] }, factors: experiment.factors,
      seed: experiment.grid.seed)
    let placement = Placement(try model.foldIn())
    let real = responses.selecting(llms: known).dense()
    let smoother = try smoother(real.selecting(rows: Array(0..<parts.trainCount)))
    let expected = placement.probabilities(of: model.knownAbilities, on: 0)
    let scored = Scored(ImputedResponses(real: real, expected: expected), parts, smoother)
    let test = benchmark.responses.selecting(queries: parts.test).selecting(llms: known).dense()
    return try fold.heldOut.flatMap { llm in
      let own = benchmark.responses.selecting(llms: [llm]).dense().column(0)
      let steps = try steps(own, placement)
      let new = Scored(steps, parts, smoother)
      return routed(
        llm, fold: fold, known: scored, new: new, test: test, own: parts.test.map { own[$0] })
    }
  }

  private mutating func smoother(_ targets: Matrix) throws -> ResponseSmoother {
    let choice = try KernelSmoother.choice(parts.train, targets: targets, seed: experiment.grid.seed)
    if let known = smoothers[choice] { return known }
    let made = ResponseSmoother(
      train: parts.train, others: parts.others, kernel: try KernelSmoother(parts.train, choice),
      seed: experiment.grid.seed)
    smoothers[choice] = made
    return made
  }

  /// A new LLM's responses to the seen queries after each number of answers, then with all, one column each.
  private func steps(_ own: [Float], _ placement: Placement) throws -> ImputedResponses {
    let asking = AdaptiveAnchors(placement, targets: [0])
    var answers: [GradedAnchor] = []
    var abilities: [Abilities] = []
    for count in experiment.grid.counts {
      while answers.count < count {
        let current = try placement.fold.posterior(of: answers)
        let dispersion = placement.fold.dispersion(of: answers, at: current.mean)
        guard let next = asking.next(given: current, dispersion: dispersion, answered: answers) else { break }
        answers.append(
          GradedAnchor(benchmark: 0, query: next.query, response: own[parts.seen[next.query]]))
      }
      abilities.append(try placement.fold.posterior(of: Array(answers.prefix(count))))
    }
    let all = parts.seen.enumerated().map {
      GradedAnchor(benchmark: 0, query: $0.offset, response: own[$0.element])
    }
    abilities.append(try placement.fold.posterior(of: all))
    var result = ImputedResponses(expected: placement.probabilities(of: abilities, on: 0))
    for (step, count) in experiment.grid.counts.enumerated() {
      for answer in answers.prefix(count) {
        result.put(answer.response, query: answer.query, llm: step)
      }
    }
    for answer in all { result.put(answer.response, query: answer.query, llm: experiment.grid.counts.count) }
    return result
  }

  /// Some LLMs' responses with what they say of validation and test queries.
  private struct Scored {
    /// The mean response to the train queries.
    let means: [Float]
    /// Scores of the validation queries.
    let validation: Matrix
    /// Scores of the test queries.
    let test: Matrix
    /// Responses to the validation queries.
    let responses: Matrix

    init(_ seen: ImputedResponses, _ parts: Parts, _ smoother: ResponseSmoother) {
      let train = seen.selecting(queries: Array(0..<parts.trainCount))
      let scores = smoother.scores(train)
      let split = parts.validation.count
      means = (0..<train.values.columns).map {
        train.values.column($0).reduce(0, +) / Float(train.values.rows)
      }
      validation = scores.selecting(rows: Array(0..<split))
      test = scores.selecting(rows: Array(split..<scores.rows))
      responses = seen.values.selecting(rows: Array(parts.validation))
    }

    private init(means: [Float], validation: Matrix, test: Matrix, responses: Matrix) {
      (self.means, self.validation, self.test, self.responses) = (means, validation, test, responses)
    }

    func selecting(_ llms: [Int]) -> Scored {
      Scored(
        means: llms.map { means[$0] }, validation: validation.selecting(columns: llms),
        test: test.selecting(columns: llms), responses: responses.selecting(columns: llms))
    }

    func appending(_ other: Scored) -> Scored {
      Scored(
        means: means + other.means, validation: validation.appending(columns: other.validation),
        test: test.appending(columns: other.test), responses: responses.appending(columns: other.responses))
    }

    /// μ on test queries with these responses.
    func value(_ truth: Matrix) -> Double {
      let gate = BestSingleGate(scores: validation, responses: responses, means: means)
      let picks = gate.picks(test)
      return picks.enumerated().reduce(0.0) { $0 + Double(truth[$1.offset, $1.element]) }
        / Double(max(truth.rows, 1))
    }
  }

  private func routed(
    _ llm: Int, fold: LLMFolds.Fold, known: Scored, new: Scored, test: Matrix, own: [Float]
  ) -> [RoutedLLM] {
    let counts = experiment.grid.counts
    var result: [RoutedLLM] = []
    for size in Self.sizes where size <= fold.known.count + 1 {
      var generator = SeededGenerator(seed: experiment.grid.seed, stream: "routing-pools/\(size)", llm)
      for pool in 0..<Self.pools {
        var order = Array(fold.known.indices)
        generator.shuffle(&order)
        let others = Array(order.prefix(size - 1))
        let rest = known.selecting(others)
        let truth = test.selecting(columns: others)
        let whole = truth.appending(columns: Matrix(rows: own.count, columns: 1, storage: own))
        let means = (0..<size).map { whole.column($0).reduce(0.0) { $0 + Double($1) } / Double(own.count) }
        let full = rest.appending(new.selecting([counts.count]))
        let best = (0..<size).reduce(0) { full.means[$1] > full.means[$0] ? $1 : $0 }
        let (without, complete) = (rest.value(truth), full.value(whole))
        for (step, count) in counts.enumerated() {
          result.append(
            RoutedLLM(
              benchmark: experiment.benchmark.name, fold: fold.name,
              llm: experiment.catalog.names[experiment.benchmark.llms[llm]], size: size, pool: pool,
              answers: count, without: without,
              with: rest.appending(new.selecting([step])).value(whole), full: complete, single: means[best],
              bestWithout: means.dropLast().max() ?? 0, bestWith: means.max() ?? 0))
        }
      }
    }
    return result
  }
}

extension FactorModel {
  /// The abilities of the known LLMs, as if they were known for sure.
  var knownAbilities: [Abilities] {
    let k = llmFactors.columns
    return (0..<llmFactors.rows).map { llm in
      Abilities(
        mean: llmFactors.row(llm).map(Double.init) + [Double(llmBiases[llm])],
        covariance: Array(repeating: 0, count: PackedSymmetric.count(order: k + 1)))
    }
  }
}
