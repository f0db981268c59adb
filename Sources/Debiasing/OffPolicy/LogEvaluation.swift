import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData

/// What a log says routers would earn: the estimates of each, and which one to choose.
package struct LogEvaluation: Sendable {
  /// What is asked for.
  package struct Options: Sendable {
    /// The parts of the split whose rows are evaluated.
    package var parts: Set<SplitPart> = [.test]
    /// The estimators; the first one decides.
    package var estimators: [OffPolicyEstimator] = []
    /// How intervals are made.
    package var method = IntervalMethod.auto
    /// Their level.
    package var level = 0.95
    /// How scores become picks, for routers that leave it open; nil for the highest score.
    package var policy: (any Policy)?
    /// Who gets a query where the highest score is shared.
    package var ties = TieRule.trainMean
    /// The router that others are compared with; nil for the single LLM that is best on train rows.
    package var baseline: String?
    /// The seed of folds and draws.
    package var seed: UInt64 = 0

    /// The defaults.
    package init() {}
  }

  /// The name of the single LLM that is best on the log's other rows, as a baseline.
  package static let best = "best"

  private let log: Log
  private let dataset: Dataset
  private let benchmark: Benchmark
  private let options: Options
  private let rows: LoggedRows
  private let predicted: Matrix
  private let single: SingleLLMChoice
  private let notes: [String]

  /// An evaluation on a log of a dataset, which holds the log's benchmark as the log saw it and no more.
  ///
  /// - Throws: `DataError` for rows that can't be used, see `LoggedRows`.
  package init(_ log: Log, of dataset: Dataset, encoder: String?, options: Options) throws {
    self.log = log
    self.dataset = dataset
    self.options = options
    benchmark = try dataset.benchmark(named: log.benchmark)
    rows = try LoggedRows(log, parts: options.parts, of: benchmark)
    let model = try AnswerModel.predictions(
      for: rows.queries, of: dataset, log: log, encoder: encoder, seed: options.seed)
    predicted = model.values
    single = SingleLLMChoice(log, of: benchmark, notIn: options.parts)
    let biased = options.estimators.filter(\.isBiased).map(\.name)
    let bias =
      biased.isEmpty
      ? nil
      : "\(biased.joined(separator: ", ")): off by what the model or the cut weights get wrong, which "
        + "no interval counts"
    let weight = LogCheck.meanWeightNote(of: log, names: dataset.llmNames(of: benchmark))
    notes = rows.notes + [weight, model.note, single.note, bias].compactMap { $0 }
  }

  /// The estimates of some routers, each of another name; embeddings are those of all queries of the benchmark.
  ///
  /// Routers score the LLMs that were offered for a query and no others.
  ///
  /// - Throws: `DataError` for two routers of one name, an unknown baseline, or scores that can't be used.
  package func evaluate(
    _ routers: [any Router], embeddings: Matrix, encoder: String?
  ) throws -> LogEvaluationResult {
    if let name = NameIndex.repeated(in: routers.map(\.name) + [Self.best]) {
      throw DataError("two routers are named '\(name)'")
    }
    var targets = try routers.map { router in
      let routed = try route(router, embeddings: embeddings, encoder: encoder)
      return Target(
        name: router.name, policy: routed.policy, entropy: routed.entropy, picks: routed.picks,
        rows: rows.rows(for: routed.picks, predicted: predicted))
    }
    let always = rows.always(single.llm)
    targets.append(
      Target(
        name: Self.best, policy: "always", entropy: nil, picks: always,
        rows: rows.rows(for: always, predicted: predicted)))
    let wanted = options.baseline ?? Self.best
    guard let baseline = targets.firstIndex(where: { Name($0.name) == Name(wanted) }) else {
      throw DataError(
        "unknown baseline '\(wanted)'; there are: \(targets.map(\.name).joined(separator: ", "))")
    }
    let estimators = options.estimators
    let tables = Parallel.map(targets.count) { [targets] place in
      estimators.map { $0.estimate(targets[place].rows) }
    }
    let last = targets.count - 1
    let results = targets.indices.map { place in
      let target = targets[place]
      return RoutedLogResult(
        name: target.name, policy: target.policy, unseenShare: max(0, 1 - target.rows.seenMass),
        effectiveSampleSize: target.rows.effectiveSampleSize,
        estimates: options.estimators.indices.map { estimator in
          EstimatedValue(
            TargetEstimate(
              target.rows, by: options.estimators[estimator], method: options.method, level: options.level),
            difference: place == baseline
              ? nil
              : difference(
                tables[place][estimator], tables[baseline][estimator], targets[place], targets[baseline]),
            bestSingleModelValue: place == last
              ? nil : ratio(tables[place][estimator], tables[last][estimator]))
        }, pickShares: shares(of: target.picks), pickEntropy: entropy(of: target.picks),
        classificationBias: target.entropy)
    }
    return LogEvaluationResult(
      log: log.name, benchmark: benchmark.name,
      parts: SplitPart.allCases.filter(options.parts.contains).map(\.name),
      rows: rows.count, queries: rows.queries.count, llms: dataset.llmNames(of: benchmark),
      level: options.level, baseline: targets[baseline].name, routers: results,
      bestSingle: bestSingle, selection: selection(tables, targets), notes: notes)
  }

  private struct Target: Sendable {
    let name: String
    let policy: String
    let entropy: Double?
    let picks: Matrix
    let rows: TargetRows
  }

  /// The picks of a router for each case, cases × m, and the mean entropy behind E_p.
  private func route(
    _ router: any Router, embeddings: Matrix, encoder: String?
  ) throws -> (picks: Matrix, policy: String, entropy: Double) {
    let names = dataset.llmNames(of: benchmark)
    let policy = router.policy ?? options.policy ?? HighestScore(ties: options.ties)
    var picks = Matrix(rows: rows.cases.count, columns: names.count)
    var entropy = 0.0
    let groups = Dictionary(grouping: rows.cases.indices) { rows.cases[$0].offer }
    for (offer, members) in groups.sorted(by: { ($0.key ?? -1) < ($1.key ?? -1) }) {
      let columns = offer.map { rows.offers[$0] } ?? Array(names.indices)
      let batch = benchmark.batch(
        of: members.map { rows.cases[$0].query }, embeddings: embeddings, encoder: encoder)
      let candidates = Candidates(
        columns.map { names[$0] }, trainMeans: benchmark.trainMeans(of: columns).values)
      let scores = try router.scores(for: batch, among: candidates)
      try scores.check(of: router.name, for: batch, among: candidates)
      let own = policy.picks(scores, among: candidates)
      try ScorePlace(router: router.name, batch: batch, candidates: candidates)
        .require(distributions: own, "picks")
      let shares = try SelectionProbabilities.of(router, scores: scores, for: batch, among: candidates)
      for (row, member) in members.enumerated() {
        for (place, column) in columns.enumerated() { picks[member, column] = own[row, place] }
        entropy += Entropy.bits(shares.row(row).lazy.map(Double.init))
      }
    }
    return (picks, policy.name, entropy / Double(rows.cases.count))
  }

  private func difference(
    _ left: Linearization?, _ right: Linearization?, _ target: Target, _ baseline: Target
  ) -> Estimate? {
    // Bounds of two targets have no difference worth printing.
    guard let left, let right, target.rows.isWhollySeen, baseline.rows.isWhollySeen else { return nil }
    let difference = left - right
    return Estimate(difference.value, difference.finiteInterval(level: options.level))
  }

  private func ratio(_ left: Linearization?, _ right: Linearization?) -> Estimate? {
    guard let left, let right, let ratio = left / right else { return nil }
    return Estimate(ratio.value, ratio.finiteInterval(level: options.level))
  }

  /// The share of the rows that each LLM would be picked for.
  private func shares(of picks: Matrix) -> [Double] {
    var sums = [Double](repeating: 0, count: picks.columns)
    for own in rows.caseOfRow {
      for (llm, share) in picks.row(own).enumerated() { sums[llm] += Double(share) }
    }
    let total = sums.reduce(0, +)
    return sums.map { $0 / total }
  }

  private func entropy(of picks: Matrix) -> Double { Entropy.bits(shares(of: picks)) }

  /// The single LLMs' values on the evaluated rows, by the first estimator.
  private var bestSingle: BestSingleResult {
    let estimator = options.estimators[0]
    let targets = (0..<log.llmCount).map { rows.rows(for: rows.always($0), predicted: predicted) }
    let usable = targets.indices.filter { targets[$0].isWhollySeen }
    let found = usable.compactMap { llm in estimator.estimate(targets[llm]).map { (llm, $0) } }
    let names = dataset.llmNames(of: benchmark)
    guard let most = found.max(by: { $0.1.value < $1.1.value }) else {
      return BestSingleResult(chosen: names[single.llm], highest: nil, highestValue: nil, bias: nil)
    }
    return BestSingleResult(
      chosen: names[single.llm], highest: names[most.0], highestValue: min(max(most.1.value, 0), 1),
      bias: RouterSelection(found.map(\.1), level: options.level, seed: options.seed).optimism)
  }

  /// The choice among the targets that are wholly seen: by the first estimator, drawn towards the model.
  private func selection(_ tables: [[Linearization?]], _ targets: [Target]) -> SelectionResult? {
    let model = OffPolicyEstimator.model
    let usable = targets.indices.filter { tables[$0][0] != nil && targets[$0].rows.isWhollySeen }
    let weighted = usable.compactMap { tables[$0][0] }
    let modelled = usable.compactMap { model.estimate(targets[$0].rows) }
    guard weighted.count > 1, modelled.count == weighted.count else { return nil }
    // The log says how far the model is off only roughly, so values are drawn towards it and errors are not.
    let shrunk = zip(ModelShrinkage.shrunk(weighted, toward: modelled), weighted).map {
      $1.moved(to: $0.value)
    }
    let selection = RouterSelection(shrunk, level: options.level, seed: options.seed)
    return SelectionResult(
      best: targets[usable[selection.best]].name,
      routers: usable.indices.map { place in
        SelectionResult.Entry(
          name: targets[usable[place]].name, probability: selection.probabilities[place],
          disadvantage: selection.advantages[place])
      })
  }
}
