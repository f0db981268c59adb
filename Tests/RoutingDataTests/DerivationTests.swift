import FileFormats
import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import RoutingData

/// Who makes a benchmark or a dataset of another one changes what he speaks of, and nothing is lost.
@Suite struct DerivationTests {
  /// No field of it is empty or what an initializer would say by itself.
  private func benchmark() throws -> Benchmark {
    let part = try SmallDataset.binary()
    return try Benchmark(
      name: part.name, queries: part.queries, llms: part.llms, responses: part.responses, split: part.split,
      publishedPools: part.publishedPools, prompts: part.prompts, mix: BenchmarkMix([part]),
      givenReference: part.givenReference, costs: part.costs)
  }

  private func dataset() throws -> Dataset {
    let (whole, benchmark) = (try SmallDataset.whole(), try benchmark())
    return try Dataset(
      catalog: whole.catalog, benchmarks: [benchmark], hash: "abc", sources: whole.sources,
      truth: whole.truth,
      logs: [log(benchmark)], featurizers: ["half": FeaturizerFile(ByteRegion([1, 2, 3]))])
  }

  private func log(_ benchmark: Benchmark) throws -> Log {
    try Log(
      name: "log", of: benchmark, llms: [2, 0],
      picks: [
        LoggedPick(query: 0, llm: 0, response: 1), LoggedPick(query: 3, llm: 1, response: 0),
        LoggedPick(query: 4, llm: 1, response: nil),
      ])
  }

  @Test func oneChangeIsOneChange() throws {
    let old = try benchmark()
    func differing(_ new: Benchmark) -> Set<String> { differingFields(old, new) }
    #expect(try differing(old.with()) == [])
    #expect(
      try differing(
        old.with(queries: old.queries.with(embeddings: NDArray(matrix: Matrix(rows: 5, columns: 1)), of: "e"))
      ) == ["queries"])
    #expect(try differing(old.with(llms: [0, 1, 2])) == ["llms"])
    let answers = try SmallDataset.responses(Array(repeating: [1, 0, 1], count: 5))
    #expect(try differing(old.with(responses: answers)) == ["responses"])
    #expect(try differing(old.with(split: Split(parts: Array(repeating: .train, count: 5)))) == ["split"])
    #expect(try differing(old.with(publishedPools: [])) == ["publishedPools"])
    #expect(try differing(old.with(prompts: PromptSource.none)) == ["prompts"])
    #expect(try differing(old.with(givenReference: 0.25)) == ["givenReference"])
    #expect(try differing(old.with(costs: Matrix(rows: 5, columns: 3))) == ["costs"])
    #expect(try old.with(costs: .some(nil)).costs == nil)
    #expect(throws: DataError.self) { try old.with(llms: [0]) }
    #expect(throws: DataError("benchmark 'alpha': costs of shape 3 × 5, for 5 queries and 3 LLMs")) {
      try old.with(costs: Matrix(rows: 3, columns: 5))
    }
  }

  @Test func oneChangeOfADatasetIsOneChangeAndTakesTheHash() throws {
    let old = try dataset()
    func differing(_ new: Dataset) -> Set<String> { differingFields(old, new) }
    #expect(try differing(old.with()) == ["hash"])
    #expect(try differing(old.with(hash: old.hash)) == [])
    #expect(
      try differing(old.with(benchmarks: [old.benchmarks[0].with(givenReference: 1)], hash: old.hash)) == [
        "benchmarks"
      ])
    #expect(try differing(old.with(hash: old.hash, sources: ["x"])) == ["sources"])
    #expect(try differing(old.with(hash: old.hash, truth: [:])) == ["truth"])
    #expect(try differing(old.with(hash: old.hash, logs: [])) == ["logs"])
    #expect(try differing(old.with(hash: old.hash, featurizers: [:])) == ["featurizers"])
    let names = try LLMCatalog(names: ["a", "b", "c", "d"])
    #expect(try differing(old.with(catalog: names, hash: old.hash)) == ["catalog"])
    #expect(throws: DataError.self) { try old.with(benchmarks: []) }
  }

  @Test func someLLMsKeepTheirCosts() throws {
    let old = try benchmark()
    let some = try old.selecting(llms: [2, 0])
    #expect(differingFields(old, some) == ["llms", "responses", "publishedPools", "costs"])
    let costs = try #require(some.costs)
    #expect(costs.row(0).elementsEqual([2.5, 0.5]) && costs.row(4).elementsEqual([0, 7]))
    #expect(costs[1, 0].isNaN && costs[1, 1] == 1)
    #expect(try old.with(costs: .some(nil)).selecting(llms: [2, 0]).costs == nil)
  }

  /// What a log did not see has no cost either.
  @Test func aLogKnowsTheCostsOfItsAnswers() throws {
    let old = try dataset()
    let seen = try old.seen(in: old.logs[0], source: "a log")
    #expect(differingFields(old, seen) == ["catalog", "benchmarks", "hash", "sources", "truth", "logs"])
    #expect(
      differingFields(old.benchmarks[0], seen.benchmarks[0])
        == ["llms", "responses", "publishedPools", "costs"])
    let costs = try #require(seen.benchmarks[0].costs)
    let known = (0..<5).flatMap { query in (0..<2).map { [query, $0] } }.filter { !costs[$0[0], $0[1]].isNaN }
    #expect(known == [[0, 0], [3, 1], [4, 1]])
    #expect(costs[0, 0] == 2.5 && costs[3, 1] == 3 && costs[4, 1] == 7)
  }

  @Test func additionsAndMergesLoseNothing() throws {
    let old = try dataset()
    let more = try Dataset(catalog: LLMCatalog(names: ["z"]), benchmarks: [], sources: ["more"])
    let first = try more.adding(old.with(logs: []))
    #expect(differingFields(old.benchmarks[0], first.benchmarks[0]) == ["llms"])
    #expect(first.featurizers == old.featurizers && first.truth.count == 1)
    let merged = try more.merging(old.with(logs: []), rule: .error).dataset
    #expect(differingFields(old.benchmarks[0], merged.benchmarks[0]) == ["llms"])
    #expect(merged.featurizers == old.featurizers)
    let referenced = try ImportAdditions(references: ["alpha=0.3"])
      .applied(to: ImportResult(dataset: old, notes: []))
    #expect(differingFields(old.benchmarks[0], referenced.dataset.benchmarks[0]) == ["givenReference"])
    #expect(differingFields(old, referenced.dataset) == ["benchmarks", "hash"])
  }

  /// Another file's answers of one known and one new query.
  @Test func aBenchmarkThatGrowsLosesNothing() throws {
    let old = try SmallDataset.whole()
    let new = try Benchmark(
      name: "alpha",
      queries: QuerySet(
        subscenarioNames: ["alpha"], subscenarios: [0, 0], ids: ["q0", "new"],
        embeddings: [
          "half": SmallDataset.half([[1, 0], [1, 1]]), "single": NDArray(matrix: Matrix([[0.1], [0.9]])),
        ]),
      llms: [2], responses: SmallDataset.responses([[1], [0]]),
      split: .stratified(subscenarios: [0, 0], benchmark: "alpha", seed: 1))
    let merged = try old.merging(old.with(benchmarks: [new]), rule: .error).dataset
    #expect(
      differingFields(old.benchmarks[0], merged.benchmarks[0])
        == ["queries", "llms", "responses", "split", "prompts", "costs"])
    #expect(differingFields(old.benchmarks[1], merged.benchmarks[1]) == [])
    let costs = try #require(merged.benchmarks[0].costs)
    #expect(costs.shapeText == "6 × 4" && costs.row(0).prefix(3).elementsEqual([0.5, 1.5, 2.5]))
    #expect(costs[0, 3].isNaN && costs.row(5).allSatisfy(\.isNaN))
  }
}
