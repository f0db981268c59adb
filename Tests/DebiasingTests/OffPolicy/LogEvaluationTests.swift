import Baselines
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

@Suite("Routers by a log") struct LogEvaluationTests {
  /// A world, the log of it, and what the log saw.
  private struct Sample {
    let laboratory: LogLaboratory
    let log: Log
    let seen: Dataset

    init(rows: Int = 2_000) throws {
      laboratory = try LogSample.laboratory()
      log = try LogSample.log(laboratory, "softmax:0.2", rows: rows)
      seen = try TrainingSample.synthetic().seen(in: log, source: "test")
    }
  }

  @Test func findsWhatARouterWouldEarn() throws {
    let sample = try Sample()
    var options = LogEvaluation.Options()
    options.parts = Set(SplitPart.allCases)
    options.estimators = ["sndr", "snips", "dr"].compactMap { try? OffPolicyEstimator($0) }
    let benchmark = try sample.seen.benchmark(named: sample.log.benchmark)
    let log = try sample.log.moved(to: benchmark)
    let evaluation = try LogEvaluation(log, of: sample.seen, encoder: nil, options: options)
    let result = try evaluation.evaluate(
      [RandomRouter()], embeddings: sample.laboratory.embeddings, encoder: sample.laboratory.encoder)
    #expect(result.routers.map(\.name) == ["random", "best"])
    // The random router shares each query among five LLMs.
    let queries = sample.laboratory.queries(in: [.train, .validation, .test])
    let answers = sample.laboratory.benchmark.responses.selecting(queries: queries)
      .selecting(llms: sample.laboratory.llms).llmMeans().compactMap { $0 }
    let truth = answers.reduce(0, +) / Double(answers.count)
    for estimate in result.routers[0].estimates {
      let value = try #require(estimate.value)
      #expect(abs(value - truth) < 0.08, "\(estimate.estimator)")
      #expect(estimate.low < truth && truth < estimate.high, "\(estimate.estimator)")
      #expect(estimate.difference != nil && estimate.bestSingleModelValue != nil)
    }
    #expect(abs(result.routers[0].pickShares[0] - 0.2) < 1e-6)
    #expect(result.selection?.routers.count == 2)
  }

  /// Wherever a log's weights are used, it is said that they can't be true.
  @Test(arguments: [1, 0.5]) func propensitiesThatCanNotBeTrueAreSaid(factor: Double) throws {
    let sample = try Sample(rows: 1_000)
    var picks = sample.log.picks
    for row in picks.indices { picks[row].propensity = picks[row].propensity.map { $0 * factor } }
    let log = try Log(
      name: "log", of: sample.laboratory.benchmark, llms: sample.log.llms, policies: sample.log.policies,
      picks: picks)
    let dataset = try TrainingSample.synthetic()
    let seen = try dataset.seen(in: log, source: "test")
    var options = LogEvaluation.Options()
    options.estimators = [try OffPolicyEstimator("snips")]
    let own = try log.moved(to: seen.benchmark(named: log.benchmark))
    let result = try LogEvaluation(own, of: seen, encoder: nil, options: options).evaluate(
      [RandomRouter()], embeddings: sample.laboratory.embeddings, encoder: sample.laboratory.encoder)
    func says(_ notes: [String]) -> Bool { notes.contains { $0.contains("mean weight is not 1") } }
    #expect(says(result.notes) == (factor < 1), "\(result.notes)")
    #expect(says(try LogTraining(log, of: dataset, debias: .ipw).notes) == (factor < 1))
    #expect(!says(try LogTraining(log, of: dataset, debias: .none).notes))
    // Rows that do not say how likely they were say nothing of the others.
    picks = sample.log.picks
    for row in picks.indices where row % 3 == 0 { picks[row].propensity = nil }
    let names = log.llms.map { dataset.catalog.names[sample.laboratory.benchmark.llms[$0]] }
    let gaps = try Log(
      name: "log", of: sample.laboratory.benchmark, llms: log.llms, policies: sample.log.policies,
      picks: picks)
    #expect(LogCheck.meanWeightNote(of: gaps, names: names) == nil)
  }

  /// A query's own answers must not reach its predictions.
  @Test func noAnswerPredictsItself() throws {
    let sample = try Sample(rows: 600)
    let query = sample.log.picks[0].query
    var picks = sample.log.picks
    for row in picks.indices where picks[row].query == query {
      picks[row].response = picks[row].response.map { 1 - $0 }
    }
    let flipped = try Log(
      name: "log", of: sample.laboratory.benchmark, llms: sample.log.llms, policies: sample.log.policies,
      picks: picks)
    let other = try TrainingSample.synthetic().seen(in: flipped, source: "test")
    let queries = [query] + sample.log.picks.prefix(40).map(\.query)
    let left = try AnswerModel.predictions(
      for: queries, of: sample.seen, log: sample.log, encoder: nil, seed: 1)
    let right = try AnswerModel.predictions(for: queries, of: other, log: flipped, encoder: nil, seed: 1)
    #expect(left.note == nil && right.note == nil)
    #expect(left.values.row(0) == right.values.row(0))
    #expect(left.values != right.values)
  }

  @Test func noRouterIsMeasuredOnWhatItLearnedFrom() throws {
    let sample = try Sample(rows: 300)
    func learners(_ parts: Set<SplitPart>) -> LogLearners {
      LogLearners(sample.seen, logged: sample.log, folder: "log", parts: parts)
    }
    let knn = try RouterSpecification("knn")
    #expect(throws: DataError.self) { try learners([.train]).require([knn]) }
    #expect(throws: DataError.self) { try learners(Set(SplitPart.allCases)).require([knn]) }
    try learners([.test]).require([knn])
    for text in ["oracle", "mix:0.5"] {
      let router = try RouterSpecification(text)
      #expect(throws: DataError.self) { try learners([.test]).require([router]) }
    }
    #expect(throws: DataError.self) {
      try learners([.validation]).require(modelDatasets: ["a", "b"], hash: "b")
    }
    try learners([.test]).require(modelDatasets: ["b"], hash: "b")
    try learners([.train]).require(modelDatasets: ["a"], hash: "b")
  }

  @Test func poolRoutersLearnFromLoggedTrainQueriesAlone() throws {
    let sample = try Sample(rows: 300)
    let benchmark = try LogLearners(sample.seen, logged: sample.log, folder: "log", parts: [.test])
      .benchmark()
    let logged = Set(sample.log.picks.map(\.query))
    let whole = sample.laboratory.benchmark.split
    #expect(benchmark.split.queries(in: .train) == whole.queries(in: .train).filter(logged.contains))
    #expect(benchmark.split.queries(in: .test) == whole.queries(in: .test))
    #expect(differingFields(sample.seen.benchmarks[0], benchmark) == ["split"])
  }
}
