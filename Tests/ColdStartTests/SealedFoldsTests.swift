import NumericKernels
import RoutingData
import Testing

@testable import ColdStart

/// What an experiment may know of the LLMs that it holds out, over all ways to hold out, choose anchors and estimate.
///
/// One held-out LLM's answers are dealt anew among the queries: its accuracy stays, what it answered where does not.
/// Whatever is chosen or learned for the others of its fold (the model, the breadth, plans, mixtures, intervals) must not
/// change in one bit.
@Suite struct SealedFoldsTests {
  private static let counts = [10, 30]

  private func experiment(
    _ data: PlantedLLMs, _ holdOut: HoldOut, policies: [AnchorPolicy] = AnchorPolicy.all,
    shuffling llm: Int? = nil
  ) throws -> LLMExperiment {
    try LLMExperiment(
      Self.shuffled(data.benchmark, llm: llm), catalog: data.catalog, holdOut: holdOut,
      policies: policies, counts: Self.counts, factors: 2, mostLLMs: 200, seed: 1)
  }

  /// The benchmark with one LLM's answers dealt anew among the queries, or nobody's.
  private static func shuffled(_ benchmark: Benchmark, llm: Int?) throws -> Benchmark {
    var table = benchmark.responses.dense()
    if let llm {
      var own = table.column(llm)
      var generator = SeededGenerator(seed: 17, stream: "dealt anew")
      generator.shuffle(&own)
      for query in own.indices { table[query, llm] = own[query] }
    }
    return try Benchmark(
      name: benchmark.name, queries: benchmark.queries, llms: benchmark.llms,
      responses: ResponseMatrix(GradedCells(.floats(table))), split: benchmark.split)
  }

  /// A fold with two held-out LLMs at least, and one of them.
  private func fold(_ experiment: LLMExperiment) throws -> (index: Int, llm: Int) {
    let index = try #require(experiment.folds.indices.first { experiment.folds[$0].heldOut.count > 1 })
    return (index, experiment.folds[index].heldOut[0])
  }

  @Test(arguments: [HoldOut.family, .frontier, .llm])
  func heldOutLLMsTeachNothing(_ holdOut: HoldOut) throws {
    let data = try PlantedLLMs(llms: 30, queries: 120)
    let whole = try experiment(data, holdOut)
    let (fold, llm) = try fold(whole)
    let other = try experiment(data, holdOut, shuffling: llm)
    try #require(whole.folds[fold].heldOut == other.folds[fold].heldOut)
    try #require(whole.folds[fold].known == other.folds[fold].known)
    let name = data.catalog.names[llm]
    let (before, after) = (try whole.placed(fold: fold), try other.placed(fold: fold))
    #expect(Set(before.map(\.llm)).count > 1)
    #expect(before.filter { $0.llm != name } == after.filter { $0.llm != name })
    // The LLM itself is placed elsewhere: what was dealt anew is what is looked at.
    #expect(before.filter { $0.llm == name } != after.filter { $0.llm == name })
  }

  /// At most so many LLMs are placed, whatever the number of folds.
  @Test(arguments: [1, 3, 10, 25, 200]) func noMoreLLMsArePlacedThanWanted(most: Int) throws {
    let data = try PlantedLLMs(llms: 40, queries: 120)
    let folds = try LLMExperiment(
      data.benchmark, catalog: data.catalog, holdOut: .family, policies: [.adaptive], counts: [10],
      factors: 1,
      mostLLMs: most, seed: 1
    ).folds
    let placed = folds.reduce(0) { $0 + $1.heldOut.count }
    #expect(placed <= most && placed >= min(most, 10))
    #expect(folds.allSatisfy { !$0.heldOut.isEmpty })
  }
}
