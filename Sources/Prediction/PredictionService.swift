import FileFormats
import Foundation
import Learning
import NumericKernels
import RoutingData

/// Answers lines of queries one by one: the protocol of `rs-predict --serve`.
///
/// A wrong line is answered with its error, and the next one is read.
package final class PredictionService {
  private let router: any StorableRouter
  private let costs: CostTable?
  private let rule: PickRule
  private let whole: Predictor
  private let encoding: QueryEncoding
  private let log: PickLog?
  private let benchmark: String?
  private let seed: UInt64
  private let clock: () -> Double
  private var served = 0

  /// What a line asks for beside its query, and what answers it.
  private struct Asked: Hashable {
    let llms: [Name]?
    let recipe: String
    let price: Double?
    let budget: Double?
  }

  private var predictors: [Asked: Predictor] = [:]
  /// More are forgotten: their choices come from outside.
  private static let mostPredictors = 64
  /// More would make a row of a log longer than everything else that it says.
  private static let mostLoggedCandidates = 256

  /// A service of a model; `llms` are those that a query may be sent to, nil for all; `benchmark` is the one that queries
  /// belong to, nil for none.
  ///
  /// Picks by chance are drawn by the seed and the number of the line. `clock` gives the time in seconds for the log.
  ///
  /// - Throws: what `Predictor` does; `DataError` for LLMs whose names JSON takes for one.
  package init(
    _ router: any StorableRouter, llms: [String]? = nil, costs: CostTable? = nil, rule: PickRule = PickRule(),
    encoding: QueryEncoding, benchmark: String? = nil, log: PickLog? = nil, seed: UInt64 = 0,
    clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws {
    self.router = router
    self.costs = costs
    self.rule = rule
    self.encoding = encoding
    self.benchmark = benchmark
    self.log = log
    self.seed = seed
    self.clock = clock
    whole = try Predictor(router, llms: llms, costs: costs, rule: rule, benchmark: benchmark)
    var seen: Set<String> = []
    if let name = whole.candidates.names.first(where: { !seen.insert($0).inserted }) {
      throw DataError(
        "two LLMs are called '\(name)' in two ways to write its letters in Unicode, which a line's names can't tell apart: serve "
          + "one by --llms")
    }
  }

  /// The answer to a line, one line of JSON with its line feed; nil for a blank line.
  ///
  /// - Throws: `FileError` where the log can't be written: a pick that is not logged must not be used.
  package func answer(to line: String) throws -> String? {
    guard line.utf8.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return nil }
    served += 1
    let answer: ServedAnswer
    do {
      answer = try self.answer(to: ServedQuery(line: line))
    } catch let error as FileError {
      throw error
    } catch let error as DataError {
      answer = ServedAnswer(id: ServedQuery.id(in: line), error: error.description)
    }
    return try JSONLines.line(answer, path: "standard output")
  }

  private func answer(to asked: ServedQuery) throws -> ServedAnswer {
    let rule = try asked.rule(over: rule)
    let predictor = try predictor(llms: asked.llms, rule)
    let predictions = try predictor.predictions(for: encoding.batch(of: [asked.query()]))
    let names = predictor.candidates.names
    var generator = SeededGenerator(seed: seed, stream: "rs-predict", served)
    let pick = predictions.pick(0, draw: generator.uniformDouble())
    let propensity = Double(predictions.propensities[0, pick])
    var answer = ServedAnswer(
      id: asked.id, pick: names[pick], propensity: propensity, cost: predictor.candidates.costs?[pick])
    let told = asked.top.map { predictions.best(0, $0) } ?? Array(names.indices)
    if let probabilities = predictions.scores.probabilities {
      answer.probabilities = Dictionary(
        told.map { (names[$0], probabilities[0, $0]) }, uniquingKeysWith: { first, _ in first })
    }
    if let errors = predictions.errors {
      answer.standardErrors = Dictionary(
        told.map { (names[$0], errors[0, $0]) }, uniquingKeysWith: { first, _ in first })
    }
    try log?.add(
      query: asked.id, llm: names[pick], propensity: propensity,
      candidates: names.count > Self.mostLoggedCandidates ? nil : names, policy: rule.recipe.text,
      time: clock(), cost: answer.cost)
    return answer
  }

  private func predictor(llms: [String]?, _ rule: PickRule) throws -> Predictor {
    if llms == nil, rule == self.rule { return whole }
    let asked = Asked(
      llms: llms.map { $0.map(Name.init) }, recipe: rule.recipe.text, price: rule.price, budget: rule.budget)
    if let known = predictors[asked] { return known }
    let allowed = NameIndex(whole.candidates.names)
    if let stranger = llms?.first(where: { allowed[$0] == nil }) {
      throw DataError("LLM '\(FileError.excerpt(stranger))' is none of the \(allowed.count) that are served")
    }
    let predictor = try Predictor(
      router, llms: llms ?? whole.candidates.names, costs: costs, rule: rule, benchmark: benchmark)
    if predictors.count >= Self.mostPredictors { predictors.removeAll() }
    predictors[asked] = predictor
    return predictor
  }
}
