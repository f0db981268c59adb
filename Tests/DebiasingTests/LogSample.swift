import NumericKernels
import Routing
import RoutingData
import TestSupport

@testable import Debiasing

/// Laboratories small enough for tests.
enum LogSample {
  /// Five LLMs of a synthetic benchmark of some 200 queries, with costs 1 to 5.
  static func laboratory(llms: [Int] = [3, 11, 20, 34, 47], costs: [Double]? = nil) throws -> LogLaboratory {
    let dataset = try TrainingSample.synthetic()
    return try LogLaboratory(
      dataset, benchmark: dataset.benchmarks[0], llms: llms,
      costs: costs ?? llms.indices.map { Double($0 + 1) },
      seed: 3)
  }

  /// A recipe of every kind.
  static let recipes = [
    "uniform", "popularity", "softmax:0.1", "epsilon:0.2", "best-explore:0.3", "difficulty", "cost",
  ]

  /// A log of all parts' queries.
  static func log(
    _ laboratory: LogLaboratory, _ recipe: String, floor: Double = 0.05, rows: Int = 5_000, seed: UInt64 = 1,
    grading: Grading? = nil
  ) throws -> Log {
    let logger = try laboratory.logger(LoggerRecipe(recipe), floor: floor)
    return try LogSimulation(logger, rows: rows, seed: seed, grading: grading).log(
      named: "log", of: laboratory.benchmark, llms: laboratory.llms,
      queries: laboratory.batch(laboratory.queries(in: [.train, .validation, .test])))
  }
}
