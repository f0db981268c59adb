import Factorization
import Foundation
import Learning
import NumericKernels
import RoutingData

@testable import ColdStart

/// A benchmark whose answers follow a known item response model, with LLMs in families.
struct PlantedLLMs {
  static let queries = 400
  static let families = 10

  let benchmark: Benchmark
  let catalog: LLMCatalog

  /// So many LLMs in ten families; `grades` makes of a probability and a uniform number an answer.
  init(
    llms: Int, queries: Int = Self.queries, seed: UInt64 = 3,
    grade: (_ p: Float, _ uniform: Float) -> Float = { $1 < $0 ? 1 : 0 }
  ) throws {
    var generator = SeededGenerator(seed: seed, stream: "planted llms")
    let families = (0..<Self.families).map { _ in (0.7 * generator.normal(), 0.7 * generator.normal()) }
    let abilities = (0..<llms).map { llm in
      let family = families[llm % Self.families]
      return (family.0 + 0.7 * generator.normal(), family.1 + 0.7 * generator.normal())
    }
    var builder = ResponseMatrixBuilder(queryCount: queries, llmCount: llms)
    for query in 0..<queries {
      let (slope, ease) = (0.8 * generator.normal(), 0.3 + 1.2 * generator.normal())
      let row = abilities.map { general, special -> Float in
        let p = 1 / (1 + exp(-(general + slope * special + ease)))
        return grade(p, generator.uniform())
      }
      try builder.setRow(query, row[...])
    }
    let names = (0..<llms).map { "llm\($0)" }
    catalog = try LLMCatalog(
      names: names, fields: ["family"], metadata: (0..<llms).map { ["family\($0 % Self.families)"] })
    benchmark = try Benchmark(
      name: "planted",
      queries: QuerySet(subscenarioNames: ["s"], subscenarios: Array(repeating: 0, count: queries)),
      llms: Array(0..<llms), responses: builder.build(),
      split: Split(parts: Array(repeating: .train, count: queries)))
  }

  /// A model of some of the LLMs, which knows how wide intervals must be up to some number of answers, where that is wanted.
  func model(of llms: [Int], factors: Int = 2, intervalsUpTo most: Int? = nil) throws -> FactorModel {
    try ItemResponseModel.estimated(
      benchmark.responses.cells.selecting(columns: llms), rows: Array(0..<benchmark.queries.count),
      benchmark: benchmark.name, llms: llms.map { catalog.names[$0] },
      families: catalog.families(of: llms).numbers, factors: factors,
      intervalsUpTo: most, seed: 1)
  }

  /// An LLM's answers to some queries.
  func answers(of llm: Int, to queries: [Int]) -> [GradedAnchor] {
    queries.map {
      GradedAnchor(benchmark: 0, query: $0, response: benchmark.responses[$0, llm] ?? .nan)
    }
  }

  /// An LLM's mean response.
  func accuracy(of llm: Int) -> Double {
    benchmark.responses.llmMeans()[llm] ?? .nan
  }
}
