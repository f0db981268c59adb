import Baselines
import FileFormats
import Learning
import Models
import NumericKernels
import Regression
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

/// Training from logs whose truth is known.
@Suite struct LogTrainingTests {
  /// 1,200 queries, hard or easy by something that the embedding does not hold; `llm0` answers both better than `llm1`.
  ///
  /// The logger sends nine of ten hard queries to `llm0` and as many easy ones to `llm1`, which so looks the better one.
  private static func confounded(seed: UInt64 = 3) throws -> (dataset: Dataset, log: Log) {
    var generator = SeededGenerator(seed: seed, stream: "confounded log")
    var table: [[Float?]] = []
    var embeddings = Matrix(rows: 1_500, columns: 4)
    embeddings.update { $0 = generator.normal() }
    var picks: [LoggedPick] = []
    for query in 0..<1_500 {
      let isHard = generator.uniform() < 0.5
      let rates: [Float] = isHard ? [0.5, 0.35, 0.3] : [0.9, 0.75, 0.7]
      let answers = rates.map { Float(generator.uniform() < $0 ? 1 : 0) }
      table.append(answers)
      let first = isHard ? 0.8 : 0.1
      let probabilities = [first, 0.9 - first, 0.1]
      let draw = Double(generator.uniform())
      let llm = draw < first ? 0 : draw < 0.9 ? 1 : 2
      picks.append(
        LoggedPick(query: query, llm: llm, response: answers[llm], propensity: probabilities[llm]))
    }
    let sample = try TableBenchmark(
      table, parts: (0..<1_500).map { $0 < 1_200 ? .train : $0 < 1_400 ? .validation : .test },
      embeddings: embeddings)
    let dataset = try TrainingSample.dataset(sample)
    return (dataset, try Log(name: "log", of: dataset.benchmarks[0], llms: [0, 1, 2], picks: picks))
  }

  private static func trainer() -> KernelRidgeTrainer {
    var trainer = KernelRidgeTrainer()
    trainer.landmarks = 60
    return trainer
  }

  private static func scores(_ model: StoredModel, _ dataset: Dataset) throws -> Scores {
    let benchmark = dataset.benchmarks[0]
    let batch = benchmark.batch(
      of: benchmark.split.queries(in: .test), embeddings: try benchmark.embeddings(encoder: "encoder"),
      encoder: "encoder")
    return try model.router.scores(for: batch, among: Candidates(dataset.catalog.names))
  }

  /// The share of test queries for which `llm0` has the highest score.
  private static func shareOfBest(_ model: StoredModel, _ dataset: Dataset) throws -> Double {
    let values = try scores(model, dataset).values
    let wins = (0..<values.rows).count { row in values.row(row).max() == values[row, 0] }
    return Double(wins) / Double(values.rows)
  }

  private static func train(
    _ method: DebiasMethod, _ log: Log, _ dataset: Dataset, _ trainer: some Trainer = Self.trainer()
  ) throws -> StoredModel {
    try LogTraining(log, of: dataset, debias: method).train(trainer)
  }

  /// The log's answers take the place of the benchmark's; what is known of its queries and LLMs stays.
  @Test func loggedAnswersChangeNothingElse() throws {
    let laboratory = try LogSample.laboratory()
    let log = try LogSample.log(laboratory, "uniform", rows: 300)
    let bare = laboratory.benchmark
    let (rows, columns) = (bare.queries.count, bare.llms.count)
    var costs = Matrix(rows: rows, columns: columns)
    for row in 0..<rows { costs.replaceRow(row, with: (0..<columns).map { Float(row * columns + $0) }) }
    let whole = try bare.with(
      publishedPools: [CandidatePool(group: .allWeak, llms: [1])], prompts: .file("prompts"),
      givenReference: 0.5,
      costs: costs)
    let own = try LoggedAnswers(LogEvidence(log), split: whole.split).benchmark(whole, .plain)
    #expect(differingFields(whole, own) == ["llms", "responses", "publishedPools", "costs"])
    #expect(own.costs == costs.selecting(columns: log.llms))
  }

  @Test func correctionsFindTheBetterLLMThatPlainMeansMiss() throws {
    let (dataset, log) = try Self.confounded()
    let plain = try Self.shareOfBest(Self.train(.none, log, dataset), dataset)
    #expect(plain < 0.3)
    for method in [DebiasMethod.auto, .ipw, .stack, .resid, .dr, .mrdr, .drjl] {
      let model = try Self.train(method, log, dataset)
      let share = try Self.shareOfBest(model, dataset)
      #expect(share > 0.7, "\(method)")
      #expect(model.record.log?.debias == method.rawValue)
    }
    // What is made up by a plain fit is as wrong as the plain fit.
    let imputed = try Self.shareOfBest(Self.train(.impute, log, dataset), dataset)
    #expect(imputed < 0.3)
  }

  @Test func scaleOfPropensitiesAndOrderOfRowsChangeNoBit() throws {
    let (dataset, log) = try Self.confounded()
    let halved = try Log(
      name: "log", of: dataset.benchmarks[0], llms: log.llms,
      picks: log.picks.map {
        var pick = $0
        pick.propensity = pick.propensity.map { $0 / 2 }
        return pick
      })
    let turned = try Log(
      name: "log", of: dataset.benchmarks[0], llms: log.llms, picks: Array(log.picks.reversed()))
    for method in [DebiasMethod.auto, .ipw, .resid, .dr, .drjl] {
      let expected = try Self.train(method, log, dataset).router.contents
      let ofHalved = try Self.train(method, halved, dataset).router.contents
      let ofTurned = try Self.train(method, turned, dataset).router.contents
      #expect(ofHalved == expected, "\(method)")
      #expect(ofTurned == expected, "\(method)")
    }
  }

  /// A log names its LLMs in any order: what is learned of each goes by its name.
  @Test(arguments: [[2, 0, 1], [2, 1, 0], [1, 0, 2]])
  func orderOfTheLogsLLMsChangesNoBit(order: [Int]) throws {
    let (dataset, log) = try Self.confounded()
    let turned = try Log(
      name: "log", of: dataset.benchmarks[0], llms: order,
      picks: log.picks.map {
        var pick = $0
        pick.llm = order.firstIndex(of: pick.llm) ?? 0
        return pick
      })
    for method in DebiasMethod.allCases {
      let expected = try Self.train(method, log, dataset)
      let model = try Self.train(method, turned, dataset)
      #expect(try Self.scores(model, dataset).values == Self.scores(expected, dataset).values, "\(method)")
      #expect(model.record.log?.standardErrors == expected.record.log?.standardErrors)
      #expect(model.record.log?.effectiveSampleSizes == expected.record.log?.effectiveSampleSizes)
    }
  }

  @Test func equalPropensitiesAreNoWeightsToTheBit() throws {
    let (dataset, log) = try Self.confounded()
    let equal = try Log(
      name: "log", of: dataset.benchmarks[0], llms: log.llms,
      picks: log.picks.map {
        var pick = $0
        pick.propensity = 0.25
        return pick
      })
    let plain = try Self.train(.none, equal, dataset)
    let weighted = try Self.train(.ipw, equal, dataset)
    #expect(weighted.router.contents == plain.router.contents)
    let stack = try Self.train(.stack, equal, dataset)
    #expect(stack.record.log?.weightedShare == 0)
  }

  @Test func trainersOfOtherFamiliesTakeWeights() throws {
    let (dataset, log) = try Self.confounded()
    let model = try Self.train(.ipw, log, dataset, NearestNeighbourTrainer())
    #expect(model.record.log?.method == "ipw")
    #expect(throws: DataError.self) { try Self.train(.stack, log, dataset, NearestNeighbourTrainer()) }
    let chosen = try Self.train(.auto, log, dataset, NearestNeighbourTrainer())
    #expect(["none", "ipw"].contains(chosen.record.log?.method))
  }

  @Test func predictionsStayStraightAndPicksAreCautious() throws {
    let (dataset, log) = try Self.confounded()
    let model = try Self.train(.auto, log, dataset)
    let scores = try Self.scores(model, dataset)
    let (errors, probabilities) = (try #require(scores.standardErrors), try #require(scores.probabilities))
    let mean = (0..<probabilities.rows).reduce(0.0) { $0 + Double(probabilities[$1, 0]) } / 100
    #expect(abs(mean - 0.7) < 0.12)
    // The LLM that was seldom seen is the least sure.
    #expect(errors[0, 2] > errors[0, 0])
    let stored = try #require(model.router as? FactorModel)
    let again = try FactorModel(
      stored.identity, contents: stored.contents, queryEncoders: [KernelMap.self])
    #expect(again.caution == stored.caution)
    let largest = try #require(stored.caution?.margins.max())
    #expect(largest > 0)
  }

  /// What can't be learned from is refused with a remedy, and `auto` falls back where it may.
  @Test func hopelessLogsAreRefused() throws {
    let (dataset, log) = try Self.confounded()
    func changed(_ change: (inout LoggedPick) -> Void) throws -> Log {
      try Log(
        name: "log", of: dataset.benchmarks[0], llms: log.llms,
        picks: log.picks.map {
          var pick = $0
          change(&pick)
          return pick
        })
    }
    func message(_ method: DebiasMethod, _ change: (inout LoggedPick) -> Void) -> String {
      do {
        _ = try LogTraining(changed(change), of: dataset, debias: method)
        return ""
      } catch { return "\(error)" }
    }
    let silent = try changed { $0.propensity = nil }
    #expect(message(.stack) { $0.propensity = nil }.contains("no propensity"))
    #expect(message(.none) { $0.propensity = nil }.isEmpty)
    let fallback = try LogTraining(silent, of: dataset, debias: .auto)
    #expect(fallback.notes.count == 1)
    let fallen = try fallback.train(Self.trainer())
    #expect(fallen.record.log?.method == "none")
    #expect(message(.auto) { $0.propensity = 1 }.contains("every propensity is 1"))
    #expect(message(.none) { $0.propensity = 1 }.isEmpty)
    #expect(message(.none) { $0.response = nil }.contains("none of its 1500 rows"))
    #expect(message(.none) { $0.llm = 1 }.contains("picked the same LLM"))
  }

  @Test func anLLMThatWasNeverSeenIsPredictedWithAWideError() throws {
    let (dataset, log) = try Self.confounded()
    let part = try Log(
      name: "log", of: dataset.benchmarks[0], llms: log.llms, picks: log.picks.filter { $0.llm != 2 })
    let model = try Self.train(.auto, part, dataset)
    #expect(model.router.identity.llms.count == 3)
    let errors = try #require(model.record.log?.standardErrors)
    let unseen = try #require(errors["llm2"])
    #expect(unseen > 1.5 * (errors["llm0"] ?? .infinity))
  }

  /// Failures are graded more often than successes, and those of `llm0` most: only audits show that it is the better one.
  @Test func auditsCorrectGradesThatDependOnTheAnswer() throws {
    let (dataset, log) = try Self.confounded()
    var generator = SeededGenerator(seed: 9, stream: "grading")
    let picks = log.picks.map { row in
      var pick = row
      pick.isAudited = generator.uniform() < 0.5
      let isRight = pick.response == 1
      let rate: Float = pick.llm == 0 ? (isRight ? 0.2 : 0.9) : (isRight ? 0.9 : 0.5)
      let isGraded = generator.uniform() < rate
      if pick.isAudited { pick.gradePropensity = 0.5 } else if !isGraded { pick.response = nil }
      return pick
    }
    let graded = try Log(name: "log", of: dataset.benchmarks[0], llms: log.llms, picks: picks)
    let training = try LogTraining(graded, of: dataset, debias: .auto)
    #expect(training.notes.count == 1)
    let share = try Self.shareOfBest(training.train(Self.trainer()), dataset)
    #expect(share > 0.7)
    let plain = try Self.shareOfBest(Self.train(.none, graded, dataset), dataset)
    #expect(plain < 0.3)
  }
}
