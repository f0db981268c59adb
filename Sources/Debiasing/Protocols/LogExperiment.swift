import Evaluation
import Learning
import Metrics
import NumericKernels
import Regression
import Routing
import RoutingData

/// One pool whose answers are all known: logs of it, routers that learn from them, and what they say of routers.
struct LogExperiment {
  private let laboratory: LogLaboratory
  private let dataset: Dataset
  private let configuration: DebiasingConfiguration
  /// The queries that logs hold, with a response of every LLM.
  private let queries: QueryBatch
  private let test: PoolResponses
  private let testQueries: QueryBatch
  /// The μ on test of a router that was trained on all answers.
  private let fullMu: Double
  private let targets: [TargetRouters.Target]

  /// The experiment of a pool.
  ///
  /// - Throws: `DataError` for a pool whose LLMs have no query in common, or data that nothing can be learned from.
  init(_ cell: EvaluationCell, of dataset: Dataset, _ configuration: DebiasingConfiguration) throws {
    self.dataset = dataset
    self.configuration = configuration
    let (benchmark, llms) = (cell.benchmark, cell.pool.llms)
    laboratory = try LogLaboratory(
      dataset, benchmark: benchmark, llms: llms, encoder: configuration.encoder, seed: configuration.seed)
    test = try PoolResponses(benchmark, llmNames: cell.llmNames, pool: cell.pool)
    testQueries = laboratory.batch(test.queries)
    let rows = laboratory.queries(in: [.train])
    let all = benchmark.responses.selecting(queries: rows).selecting(llms: llms).dense()
    let complete = rows.indices.filter { row in all.row(row).allSatisfy { !$0.isNaN } }
    guard !complete.isEmpty else {
      throw DataError(
        "benchmark '\(benchmark.name)': no query outside the warm-up has a response of every LLM of the pool")
    }
    queries = laboratory.batch(complete.map { rows[$0] })
    let pool = TrainingData.Pool(benchmark: benchmark.name, llms: llms)
    let data = try TrainingData(dataset, encoder: laboratory.encoder, pool: pool, empty: .keep)
    let full = try TrainingRun(withoutValidation: KernelRidgeTrainer())
      .train(on: data.withoutValidation) { _ in }.router
    fullMu = try Self.mu(full, test, testQueries)
    guard !configuration.estimators.isEmpty else {
      targets = []
      return
    }
    let known = Set(laboratory.warmUp)
    let train = data.blocks[0].train.rows
    let places = train.indices.filter { known.contains(train[$0]) }
    targets = try TargetRouters(
      laboratory, warmUp: data.selecting(trainQueries: [places]).withoutValidation, queries: queries,
      responses: all.selecting(rows: complete)
    ).targets
  }

  /// What comes of the logs of one kind.
  ///
  /// - Throws: what logging, training and estimating throw.
  func part(_ kind: LogKind) throws -> DebiasingFolder.Part {
    let recipe = try LoggerRecipe(kind.policy)
    let logger = try laboratory.logger(recipe, floor: configuration.floor)
    let plan = try GradingPlan(kind.grading)
    let estimators = try configuration.estimators.map { (text) throws(DataError) in
      try OffPolicyEstimator(text)
    }
    var learned: [LearnedRouter] = []
    var estimated: [EstimatedRouter] = []
    for number in 0..<configuration.logs {
      // Without the number of rows: a longer log begins with the shorter one.
      var generator = SeededGenerator(
        seed: configuration.seed, stream: "debiasing/\(kind.pool)/\(kind.policy)/\(kind.grading)", number)
      let seed = generator.next()
      let log = try LogSimulation(
        logger, rows: kind.rows, seed: seed,
        grading: plan.grading(rows: kind.rows, llms: laboratory.llms.count, seed: configuration.seed)
      ).log(
        named: "log", of: laboratory.benchmark, llms: laboratory.llms, queries: queries)
      for method in configuration.methods {
        learned.append(
          LearnedRouter(
            kind, log: number, method: method, mu: try mu(of: log, method), fullMu: fullMu))
      }
      if !estimators.isEmpty { estimated += try estimates(log, kind, number, estimators, seed: seed) }
    }
    return DebiasingFolder.Part(learned: learned, estimated: estimated)
  }

  /// The estimates of all targets from a log, by each estimator and, for choosing, by the first one drawn towards the model.
  private func estimates(
    _ log: Log, _ kind: LogKind, _ number: Int, _ estimators: [OffPolicyEstimator], seed: UInt64
  ) throws -> [EstimatedRouter] {
    let seen = try dataset.seen(in: log, source: "simulated")
    let own = try seen.log()
    let rows = try LoggedRows(own, parts: [.train], of: seen.benchmark(named: own.benchmark))
    let predicted = try AnswerModel.predictions(
      for: rows.queries, of: seen, log: own, encoder: laboratory.encoder, seed: seed
    ).values
    let place = Dictionary(
      (queries.rows ?? []).enumerated().map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let cases = rows.cases.map { place[$0.query] ?? 0 }
    let targetRows = targets.map { rows.rows(for: $0.picks.selecting(rows: cases), predicted: predicted) }
    var results: [EstimatedRouter] = []
    for (target, own) in zip(targets, targetRows) {
      for estimator in estimators {
        let estimate = TargetEstimate(own, by: estimator)
        results.append(
          EstimatedRouter(
            kind, log: number, router: target.name, estimator: estimator.name, truth: target.truth,
            estimate: estimate.value, low: estimate.low, high: estimate.high,
            effectiveSampleSize: estimate.effectiveSampleSize))
      }
    }
    let weighted = targetRows.compactMap { estimators[0].estimate($0) }
    let modelled = targetRows.compactMap { OffPolicyEstimator.model.estimate($0) }
    guard weighted.count == targets.count, modelled.count == targets.count else { return results }
    let shrunk = ModelShrinkage.shrunk(weighted, toward: modelled)
    for (index, value) in shrunk.enumerated() {
      let interval = value.finiteInterval(level: 0.95)
      results.append(
        EstimatedRouter(
          kind, log: number, router: targets[index].name, estimator: EstimatedRouter.shrunkName,
          truth: targets[index].truth, estimate: value.value,
          low: min(max(interval?.low ?? 0, 0), 1), high: min(max(interval?.high ?? 1, 0), 1),
          effectiveSampleSize: targetRows[index].effectiveSampleSize))
    }
    return results
  }

  /// The μ on test of a router that a log taught.
  private func mu(of log: Log, _ method: String) throws -> Double {
    guard let debias = DebiasMethod(rawValue: method) else { throw DataError("unknown method '\(method)'") }
    let training = try LogTraining(log, of: dataset, debias: debias, encoder: laboratory.encoder)
    return try Self.mu(training.train(KernelRidgeTrainer()).router, test, testQueries)
  }

  /// The μ of a router among the LLMs that it knows: one that a log never saw can't be picked.
  private static func mu(
    _ router: any StorableRouter, _ pool: PoolResponses, _ queries: QueryBatch
  ) throws -> Double {
    let columns = pool.llms.indices.filter { router.identity.llms.containsName(pool.llms[$0]) }
    let candidates = Candidates(
      columns.map { pool.llms[$0] }, trainMeans: columns.map { _ in nil })
    let scores = try router.scores(for: queries, among: candidates)
    try scores.check(of: router.name, for: queries, among: candidates)
    return ShiftedMean.of(
      Rewards.expected(
        picks: HighestScore().picks(scores, among: candidates),
        responses: pool.values.selecting(columns: columns)))
  }
}
