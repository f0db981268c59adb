import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

@Suite("Simulated logs", .serialized) struct LogSimulationTests {
  @Test(arguments: LogSample.recipes)
  func recordedPropensitiesAreThoseOfThePolicy(recipe: String) throws {
    let laboratory = try LogSample.laboratory()
    let log = try LogSample.log(laboratory, recipe)
    let queries = laboratory.queries(in: [.train, .validation, .test])
    let exact = try laboratory.logger(LoggerRecipe(recipe), floor: 0.05).propensities(
      for: laboratory.batch(queries))
    let places = Dictionary(uniqueKeysWithValues: queries.enumerated().map { ($1, $0) })
    for pick in log.picks {
      let place = try #require(places[pick.query])
      let propensity = try #require(pick.propensity)
      #expect(abs(propensity - Double(exact[place, pick.llm])) < 2e-5)
      #expect(
        pick.response == laboratory.benchmark.responses[pick.query, laboratory.llms[pick.llm]])
    }
  }

  /// Picks counted by brute force, in bins of the probability: each within 4.5 standard errors.
  @Test(arguments: LogSample.recipes)
  func picksComeAsOftenAsTheirPropensities(recipe: String) throws {
    let laboratory = try LogSample.laboratory()
    let log = try LogSample.log(laboratory, recipe, rows: 40_000)
    let queries = laboratory.queries(in: [.train, .validation, .test])
    let exact = try laboratory.logger(LoggerRecipe(recipe), floor: 0.05).propensities(
      for: laboratory.batch(queries))
    let places = Dictionary(uniqueKeysWithValues: queries.enumerated().map { ($1, $0) })
    for llm in laboratory.llms.indices {
      var (count, expected, variance) = (0.0, 0.0, 0.0)
      for pick in log.picks {
        let share = Double(exact[try #require(places[pick.query]), llm])
        count += pick.llm == llm ? 1 : 0
        expected += share
        variance += share * (1 - share)
      }
      #expect(abs(count - expected) < 4.5 * variance.squareRoot(), "\(llm): \(count) of \(expected)")
    }
  }

  @Test(arguments: LogSample.recipes)
  func weightsHaveTheMeanOnePerLLM(recipe: String) throws {
    let laboratory = try LogSample.laboratory()
    let log = try LogSample.log(laboratory, recipe, rows: 40_000)
    for llm in laboratory.llms.indices {
      var (sum, squares) = (0.0, 0.0)
      for pick in log.picks where pick.llm == llm {
        let weight = 1 / (try #require(pick.propensity))
        sum += weight
        squares += weight * weight
      }
      let count = Double(log.picks.count)
      let error = ((squares / count - (sum / count) * (sum / count)) / count).squareRoot()
      #expect(abs(sum / count - 1) < 4.5 * error, "LLM \(llm): \(sum / count) ± \(error)")
    }
  }

  @Test func anyThreadCountGivesTheSameBits() throws {
    let laboratory = try LogSample.laboratory()
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let first = try LogSample.log(laboratory, "softmax:0.2")
    Threads.count = 3
    let second = try LogSample.log(laboratory, "softmax:0.2")
    #expect(first.picks == second.picks)
  }

  @Test func aLongerLogBeginsWithTheShorterOne() throws {
    let laboratory = try LogSample.laboratory()
    let grading = try Grading(failures: 0.8, successes: 0.2, audits: 0.1, llms: 5, seed: 1)
    let short = try LogSample.log(laboratory, "difficulty", rows: 700, grading: grading)
    let long = try LogSample.log(laboratory, "difficulty", rows: 5_000, grading: grading)
    #expect(Array(long.picks.prefix(700)) == short.picks)
    #expect(try LogSample.log(laboratory, "difficulty", rows: 700, seed: 2).picks != short.picks)
  }

  @Test func queriesAreDrawnWithReplacementAndEqually() throws {
    let laboratory = try LogSample.laboratory()
    let log = try LogSample.log(laboratory, "uniform", rows: 40_000)
    let counts = Dictionary(grouping: log.picks, by: \.query).mapValues { Double($0.count) }
    let queries = laboratory.queries(in: [.train, .validation, .test])
    let expected = 40_000 / Double(queries.count)
    let square = queries.reduce(0.0) {
      $0 + (counts[$1, default: 0] - expected) * (counts[$1, default: 0] - expected) / expected
    }
    let freedom = Double(queries.count - 1)
    #expect(abs(square - freedom) < 4.5 * (2 * freedom).squareRoot())
  }
}

@Suite("Grading of simulated logs") struct GradingTests {
  private func shares(_ log: Log, _ laboratory: LogLaboratory, llm: Int? = nil) -> (Double, Double) {
    var (failures, graded, successes, kept) = (0.0, 0.0, 0.0, 0.0)
    for pick in log.picks where !pick.isAudited && (llm.map { $0 == pick.llm } ?? true) {
      let truth = laboratory.benchmark.responses[pick.query, laboratory.llms[pick.llm]] ?? 0
      failures += truth == 0 ? 1 : 0
      graded += truth == 0 && pick.response != nil ? 1 : 0
      successes += truth == 1 ? 1 : 0
      kept += truth == 1 && pick.response != nil ? 1 : 0
    }
    return (graded / failures, kept / successes)
  }

  @Test func failuresAndSuccessesHaveRatesOfTheirOwn() throws {
    let laboratory = try LogSample.laboratory()
    let grading = try Grading(failures: 0.8, successes: 0.2, llms: 5, seed: 1)
    let log = try LogSample.log(laboratory, "uniform", rows: 40_000, grading: grading)
    let (failures, successes) = shares(log, laboratory)
    #expect(abs(failures - 0.8) < 0.015)
    #expect(abs(successes - 0.2) < 0.015)
    // Who made the log can't know the rates: they depend on answers that nobody graded.
    #expect(log.picks.allSatisfy { $0.gradePropensity == nil && !$0.isAudited })
  }

  @Test func aSpreadMovesTheRatesBetweenLLMs() throws {
    let laboratory = try LogSample.laboratory()
    let grading = try Grading(failures: 0.8, successes: 0.2, spread: 1, llms: 5, seed: 1)
    let log = try LogSample.log(laboratory, "uniform", rows: 40_000, grading: grading)
    let rates = (0..<5).map { shares(log, laboratory, llm: $0).1 }
    for llm in 0..<5 { #expect(abs(rates[llm] - grading.successes[llm]) < 0.04) }
    #expect((rates.max() ?? 0) - (rates.min() ?? 0) > 0.2)
  }

  @Test func auditsAreDrawnWhateverTheAnswerAndSaySo() throws {
    let laboratory = try LogSample.laboratory()
    let grading = try Grading(failures: 0.8, successes: 0.2, audits: 0.1, llms: 5, seed: 1)
    let log = try LogSample.log(laboratory, "uniform", rows: 40_000, grading: grading)
    let audited = log.picks.filter(\.isAudited)
    #expect(abs(Double(audited.count) / 40_000 - 0.1) < 0.01)
    #expect(audited.allSatisfy { $0.response != nil && $0.gradePropensity == 0.1 })
    #expect(log.picks.allSatisfy { $0.isAudited || $0.gradePropensity == nil })
    func mean(_ picks: [LoggedPick]) -> Double {
      picks.reduce(0.0) {
        $0 + Double(laboratory.benchmark.responses[$1.query, laboratory.llms[$1.llm]] ?? 0)
      } / Double(picks.count)
    }
    #expect(abs(mean(audited) - mean(log.picks)) < 0.035)
  }

  @Test func gradingByChanceAloneIsKnown() throws {
    let laboratory = try LogSample.laboratory()
    let grading = try Grading(failures: 0.5, successes: 0.5, audits: 0.2, llms: 5, seed: 1)
    let log = try LogSample.log(laboratory, "uniform", rows: 20_000, grading: grading)
    #expect(log.picks.allSatisfy { abs(($0.gradePropensity ?? 0) - 0.6) < 1e-12 })
    let graded = Double(log.picks.count { $0.response != nil })
    #expect(abs(graded / 20_000 - 0.6) < 0.02)
  }

  @Test(arguments: [
    (1.2, 0.5, 0.0, 0.0), (0.5, -0.1, 0, 0), (0.5, .nan, 0, 0), (0.5, 0.5, -1, 0), (0.5, 1, 1, 0),
    (0.5, 0.5, 0, 2),
  ])
  func ratesThatCantBeAreRefused(failures: Double, successes: Double, spread: Double, audits: Double) {
    #expect(throws: DataError.self) {
      try Grading(
        failures: failures, successes: successes, spread: spread, audits: audits, llms: 3, seed: 1)
    }
  }
}
