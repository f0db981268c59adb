import Factorization
import FileFormats
import Foundation
import Learning
import NumericKernels
import RoutingData

/// One estimate of one held-out LLM.
public struct PlacedLLM: Codable, Equatable, Sendable {
  /// The benchmark.
  public let benchmark: String
  /// The fold that held it out.
  public let fold: String
  /// The LLM.
  public let llm: String
  /// How its anchors were chosen.
  public let anchors: String
  /// The estimator.
  public let estimator: EstimatorName
  /// The number of answers.
  public let answers: Int
  /// Its accuracy on all queries.
  public let truth: Double
  /// The estimate.
  public let estimate: Double
  /// The 95% interval's ends.
  public let low: Double
  /// See `low`.
  public let high: Double
}

/// Holds LLMs of a benchmark out of a model and places them by few answers.
///
/// Each fold's model, plans, mixtures and intervals are made without its LLMs: by inner folds of families and an inner
/// frontier among those that it knows.
public struct LLMExperiment {
  /// Inner folds of families at most, and LLMs that are placed in each inner fold.
  private static let innerFolds = 4
  private static let innerLLMs = 40
  let benchmark: Benchmark
  let catalog: LLMCatalog
  let grid: TrialGrid
  let factors: Int
  let families: [Int]
  private let groups: LLMGroups
  let folds: [LLMFolds.Fold]
  let accuracies: [Double]

  /// An experiment on the LLMs that answered all queries of a benchmark.
  ///
  /// - Throws: `DataError` where fewer than 8 LLMs did, or there are fewer queries than the smallest number of answers.
  public init(
    _ benchmark: Benchmark, catalog: LLMCatalog, holdOut: HoldOut, policies: [AnchorPolicy], counts: [Int],
    factors: Int, mostLLMs: Int, seed: UInt64
  ) throws(DataError) {
    let complete = Self.complete(benchmark)
    guard complete.count >= 8 else {
      throw DataError(
        "benchmark '\(benchmark.name)': \(complete.count) LLMs answered all \(benchmark.queries.count) queries; at "
          + "least 8 are needed to hold some out")
    }
    let counts = counts.filter { $0 <= benchmark.queries.count }.sorted()
    guard !counts.isEmpty else {
      throw DataError(
        "benchmark '\(benchmark.name)' has \(benchmark.queries.count) queries, fewer than the smallest number of answers"
      )
    }
    self.benchmark = try benchmark.selecting(llms: complete)
    self.catalog = catalog
    self.factors = factors
    grid = TrialGrid(policies: policies, counts: counts, seed: seed)
    families = catalog.families(of: self.benchmark.llms).numbers
    accuracies = self.benchmark.responses.llmMeans().map { $0 ?? 0 }
    let all = Array(self.benchmark.llms.indices)
    groups =
      holdOut == .llm
      ? LLMGroups(single: self.benchmark, catalog: catalog)
      : LLMGroups(families: self.benchmark, catalog: catalog)
    let whole =
      holdOut == .frontier
      ? LLMFolds(frontierOf: accuracies, among: all)
      : LLMFolds(of: groups, among: all, seed: seed)
    folds = Self.sampled(whole.folds, most: mostLLMs, seed: seed)
  }

  /// Folds of so many held-out LLMs at most together, about as many in each; the last ones are left out where these are
  /// fewer than folds.
  static func sampled(_ folds: [LLMFolds.Fold], most: Int, seed: UInt64) -> [LLMFolds.Fold] {
    let count = min(folds.count, most)
    return folds.prefix(count).enumerated().map { index, fold in
      fold.sampled(most / count + (index < most % count ? 1 : 0), seed: seed)
    }
  }

  private static func complete(_ benchmark: Benchmark) -> [Int] {
    guard let observed = benchmark.responses.cells.observed else { return Array(benchmark.llms.indices) }
    let counts = observed.columnCounts()
    return counts.indices.filter { counts[$0] == benchmark.queries.count }
  }

  /// The number of folds.
  public var foldCount: Int { folds.count }

  /// Places the LLMs of one fold.
  ///
  /// - Throws: `NumericalError`.
  public func placed(fold index: Int) throws -> [PlacedLLM] {
    let fold = folds[index]
    let inner = try innerTrials(among: fold.known)
    let model = try model(of: fold.known, intervalsUpTo: grid.counts.last)
    let own = try trials(fold.heldOut, known: fold.known, model: model)
    let cells = (own.first?.estimates.keys.map { $0 } ?? []).sorted { $0.isBefore($1) }
    let mixtures = cells.map { Mixtures(inner, cell: $0) }
    let byMetadata = try placedByMetadata(fold, model: model)
    return byMetadata
      + own.flatMap { trial in
        zip(cells, mixtures).flatMap { cell, mixtures -> [PlacedLLM] in
          guard let estimates = trial.estimates[cell] else { return [] }
          return mixtures.completed(estimates).map { name, estimate, interval in
            PlacedLLM(
              benchmark: benchmark.name, fold: fold.name, llm: catalog.names[benchmark.llms[trial.llm]],
              anchors: cell.policy.name, estimator: name, answers: cell.count,
              truth: accuracies[trial.llm], estimate: estimate, low: interval.lowerBound,
              high: interval.upperBound)
          }
        }
      }
  }

  /// A trial of one LLM: every direct estimate by cell.
  struct Trial: Sendable {
    let llm: Int
    let truth: Double
    let estimates: [TrialGrid.Cell: [EstimatedAccuracy]]
  }

  private func model(of known: [Int], intervalsUpTo most: Int?) throws -> FactorModel {
    try ItemResponseModel.estimated(
      benchmark.responses.cells.selecting(columns: known), rows: Array(0..<benchmark.queries.count),
      benchmark: benchmark.name, llms: known.map { catalog.names[benchmark.llms[$0]] },
      families: known.map { families[$0] }, factors: factors, intervalsUpTo: most,
      seed: grid.seed)
  }

  /// The trials of some LLMs.
  private func trials(_ heldOut: [Int], known: [Int], model: FactorModel) throws -> [Trial] {
    let responses = benchmark.responses.selecting(llms: heldOut).dense()
    let answers = benchmark.responses.cells.selecting(columns: known)
    let gathered = KnownBenchmark(Placement(try model.foldIn()), answers: answers)
    let trials = try LLMTrials(gathered, model: model, grid: grid)
    let results = Parallel.map(heldOut.count) { place in
      Result { try trials.estimates(responses.column(place)) }
    }
    return try zip(heldOut, results).map { llm, result in
      Trial(llm: llm, truth: accuracies[llm], estimates: try result.get())
    }
  }

  /// Trials inside what a fold knows, of families and of the inner frontier.
  private func innerTrials(among known: [Int]) throws -> [Trial] {
    let families = LLMFolds(of: groups, among: known, seed: grid.seed, most: Self.innerFolds).folds
    let frontier = LLMFolds(frontierOf: accuracies, among: known).folds
    return try (families + frontier).flatMap { fold in
      let fold = fold.sampled(Self.innerLLMs, seed: grid.seed)
      return try trials(
        fold.heldOut, known: fold.known, model: model(of: fold.known, intervalsUpTo: nil))
    }
  }
}
