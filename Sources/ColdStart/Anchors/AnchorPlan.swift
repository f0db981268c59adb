import Learning
import NumericKernels
import RoutingData

/// Chooses a fixed list of queries of one benchmark to grade any new LLM on.
///
/// It looks at what the model knows of the queries and at the answers of known LLMs, never at a new one's.
public struct AnchorPlan {
  /// Known LLMs that an optimal design is averaged over at most: quantiles of their accuracy.
  private static let scenarios = 24
  /// Levels of difficulty of a stratified plan at most.
  private static let strata = 10

  private let placement: Placement
  private let benchmark: Int
  private let known: KnownQueries
  private let model: FactorModel
  private let seed: UInt64

  /// A plan for one of a placement's benchmarks.
  public init(_ placement: Placement, of model: FactorModel, benchmark: Int, seed: UInt64) {
    self.placement = placement
    self.model = model
    self.benchmark = benchmark
    known = placement.fold.benchmarks[benchmark]
    self.seed = seed
  }

  /// The anchors, as places among the benchmark's known queries, in the order of choice; each prefix is a plan too where
  /// the method chooses one after the other.
  ///
  /// `answers` are the known LLMs' responses to the known queries, n × LLMs, which `forward` alone needs.
  ///
  /// - Throws: `DataError` for fewer queries than anchors, or `forward` without answers; `NumericalError`.
  public func anchors(
    _ count: Int, by method: AnchorMethod, answers: GradedCells? = nil
  ) throws -> [Int] {
    guard count <= known.count else {
      throw DataError(
        "\(count) anchors of benchmark '\(known.benchmark)', of which the model knows \(known.count) queries: "
          + "choose at most so many")
    }
    switch method {
    case .random: return Array(shuffled(Array(0..<known.count)).prefix(count))
    case .stratified: return stratified(count)
    case .kMedoids: return medoids(count)
    case .dOptimal: return optimalForAbilities(count)
    case .aOptimal: return optimalForAccuracy(count)
    case .forward:
      guard let answers else {
        throw DataError("a forward plan needs the known LLMs' answers: give the dataset")
      }
      return ForwardSelection(answers).queries(count)
    }
  }

  private func shuffled(_ places: [Int]) -> [Int] {
    var order = places
    var generator = SeededGenerator(seed: seed, stream: "anchors/\(known.benchmark)")
    generator.shuffle(&order)
    return order
  }

  /// The mean probability of a good answer over the known LLMs.
  private func easiness() -> [Float] {
    let means = placement.probabilities(of: scenarioAbilities(), on: benchmark)
    return (0..<known.count).map { means.row($0).reduce(0, +) / Float(means.columns) }
  }

  private func stratified(_ count: Int) -> [Int] {
    let easiness = easiness()
    let order = (0..<known.count).sorted { (easiness[$0], $0) < (easiness[$1], $1) }
    let levels = min(Self.strata, count)
    var queues = (0..<levels).map { level in
      shuffled(Array(order[level * known.count / levels..<(level + 1) * known.count / levels]))
    }
    var chosen: [Int] = []
    var level = 0
    // One from each level in turn; which levels give one more is by lot.
    let turns = shuffled(Array(0..<levels))
    while chosen.count < count {
      let turn = turns[level % levels]
      if !queues[turn].isEmpty { chosen.append(queues[turn].removeFirst()) }
      level += 1
    }
    return chosen
  }

  private func medoids(_ count: Int) -> [Int] {
    Medoids(of: profiles(), seed: seed).places(count)
  }

  /// What known LLMs from the weakest to the best are expected to answer, n × up to 24 of them: queries are alike where
  /// their rows are.
  ///
  /// Weights of queries have no common unit, probabilities do.
  func profiles() -> Matrix { placement.probabilities(of: scenarioAbilities(), on: benchmark) }

  /// Up to so many known LLMs, at equal distances in the order of their accuracy.
  private func scenarioAbilities() -> [Abilities] {
    let all = model.knownAbilities
    let expected = placement.probabilities(of: all, on: benchmark)
    let totals = BLAS.multiply(Matrix(rows: 1, columns: known.count, repeating: 1), expected).row(0)
    let order = zip(totals, all.indices).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { $0.1 }
    let wanted = min(Self.scenarios, order.count)
    return (0..<wanted).map { all[order[$0 * order.count / wanted + order.count / wanted / 2]] }
  }

  private func optimalForAbilities(_ count: Int) -> [Int] {
    let easiness = easiness()
    var design = SequentialDesign(known, prior: placement.fold.prior, weights: easiness.map { $0 * (1 - $0) })
    return (0..<count).map { _ in design.choose { $0 } }
  }

  private func optimalForAccuracy(_ count: Int) -> [Int] {
    let scenarios = scenarioAbilities()
    let expected = placement.probabilities(of: scenarios, on: benchmark)
    var designs = scenarios.indices.map { llm in
      SequentialDesign(
        known, prior: placement.fold.prior, weights: expected.column(llm).map { $0 * (1 - $0) })
    }
    var chosen: [Int] = []
    var isChosen = [Bool](repeating: false, count: known.count)
    while chosen.count < count {
      let current = designs
      let parts = Parallel.map(designs.count) { current[$0].accuracyGains() }
      var gains = [Float](repeating: 0, count: known.count)
      for part in parts {
        for query in gains.indices { gains[query] += part[query] }
      }
      var best = -1
      for query in gains.indices where !isChosen[query] && (best < 0 || gains[query] > gains[best]) {
        best = query
      }
      isChosen[best] = true
      chosen.append(best)
      for index in designs.indices { designs[index].take(best) }
    }
    return chosen
  }
}
