import Learning
import RoutingData
import Testing

@testable import ColdStart

/// LLMs that a model knows already.
@Suite struct PlacedAgainTests {
  private func trained(_ data: PlantedLLMs) throws -> TrainedQueries {
    let dataset = try Dataset(catalog: data.catalog, benchmarks: [data.benchmark])
    return try TrainedQueries(
      model: data.model(of: Array(0..<25)), record: TrainingRecord(), dataset: dataset)
  }

  private func placed(_ name: String, into trained: TrainedQueries, _ answers: [GradedAnchor]) throws
    -> TrainedQueries
  {
    let abilities = try trained.placement.placed(answers).abilities
    return try TrainedQueries(
      model: trained.model.adding(llm: name, abilities: abilities), record: trained.record,
      dataset: trained.dataset)
  }

  /// Placed anew, an LLM is where it would be had it never been placed before; others stay.
  @Test func anEarlierPlaceLeavesNoTrace() throws {
    let data = try PlantedLLMs(llms: 30)
    let trained = try trained(data)
    let (few, more) = (data.answers(of: 28, to: [1, 5, 9]), data.answers(of: 28, to: Array(0..<60)))
    let both = try placed("other", into: placed("new", into: trained, few), few)
    let again = try placed("new", into: both.forgetting(["new", "nobody"]), more)
    let direct = try placed("new", into: placed("other", into: trained, few), more)
    #expect(again.model.identity.llms == direct.model.identity.llms)
    #expect(
      again.model.llmFactors == direct.model.llmFactors && again.model.llmBiases == direct.model.llmBiases)
    #expect(again.model.llmStandardErrors == direct.model.llmStandardErrors)
    #expect(again.model.benchmarkBiases == direct.model.benchmarkBiases)
    let old = both.model.identity.llms.count - 2
    #expect(again.model.llmFactors.row(old + 1) != both.model.llmFactors.row(old))
  }

  @Test func theMessageSaysWhatCanBeDone() throws {
    let data = try PlantedLLMs(llms: 30)
    let trained = try trained(data)
    let more = try placed("new", into: trained, data.answers(of: 28, to: [1, 5, 9]))
    #expect(throws: Never.self) { try trained.requireNew(["new"]) }
    let known = #expect(throws: DataError.self) { try more.requireNew(["fresh", "new"]) }
    #expect(known?.description.contains("'new' already, it was placed") == true)
    #expect(known?.description.contains("--update") == true)
    for body in [{ try more.requireNew(["llm3"]) }, { _ = try more.forgetting(["new", "llm3"]) }] {
      let error = #expect(throws: DataError.self) { try body() }
      #expect(error?.description.contains("'llm3' already, it was trained") == true)
      #expect(error?.description.contains("train again") == true)
    }
  }
}
