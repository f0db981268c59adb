import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData
import Testing

@testable import ColdStart

/// Models that are told of a new benchmark by labels, and what is refused.
@Suite struct NewBenchmarkTests {
  /// A model of LLMs `llm-0` … that finds all of them equal on any query.
  private func model(encoder: String? = PlantedSpecialists.encoder, llms: Int = 24) throws -> FactorModel {
    try FactorModel(
      RouterIdentity(name: "flat", encoder: encoder, llms: (0..<llms).map { "llm-\($0)" }),
      llmFactors: Matrix(rows: llms, columns: 1), llmBiases: Array(repeating: 0, count: llms),
      queryEncoder: EmbeddingMap(
        benchmarks: ["old"], weights: Matrix(rows: 7, columns: 1), residualCovariance: nil))
  }

  private func new(_ model: FactorModel, labels: Int) throws -> NewBenchmark {
    let dataset = try PlantedSpecialists.dataset()
    return try NewBenchmark(
      dataset.benchmarks[0], catalog: dataset.catalog, model: model, labels: labels, seed: 1)
  }

  @Test func labelsTellLLMsApart() throws {
    let model = try model()
    let new = try new(model, labels: 100)
    let qualities = new.qualities()
    #expect(qualities.map(\.name) == ["before", "shift", "local"])
    #expect(qualities[1].quality.logLoss < qualities[0].quality.logLoss - 0.02)
    // Only what is near by tells the sides of the specialists.
    #expect(qualities[2].quality.logLoss < qualities[1].quality.logLoss - 0.02)
    #expect((qualities[2].quality.ratios[5] ?? 0) > 1.05)
    let extended = try new.extendedModel()
    let batch = QueryBatch(embeddings: Matrix(rows: 1, columns: 6), benchmark: "planted")
    let scores = try extended.scores(for: batch, among: Candidates(extended.identity.llms))
    let responses = try PlantedSpecialists.dataset().benchmarks[0].responses
    let means = responses.llmMeans().map { $0 ?? 0 }
    let best = try #require(means.indices.max { means[$0] < means[$1] })
    let worst = try #require(means.indices.min { means[$0] < means[$1] })
    #expect(scores.values[0, best] > scores.values[0, worst])
  }

  @Test func everyQueryMayBeALabel() throws {
    let new = try new(model(), labels: 480)
    #expect(new.restCount == 0)
    #expect(new.qualities().isEmpty)
  }

  /// The test part stays for measuring as long as the others have enough answers.
  @Test func testQueriesAreTheLastLabels() throws {
    let parts = try PlantedSpecialists.dataset().benchmarks[0].split.parts
    let others = parts.filter { $0 != .test }.count
    #expect(try new(model(), labels: others).testLabelCount == 0)
    #expect(try new(model(), labels: others + 7).testLabelCount == 7)
    #expect(try new(model(), labels: 480).testLabelCount == 480 - others)
  }

  @Test func llmsWithoutAnswersGetTheShiftAlone() throws {
    let extended = try new(model(llms: 26), labels: 50).extendedModel()
    let biases = try #require(extended.benchmarkBiases["planted"])
    let mean = biases[0..<24].reduce(0, +) / 24
    #expect(abs(biases[25] - mean) < 1e-4)
  }

  @Test func whatCannotBeLearnedIsRefused() throws {
    func message(_ body: () throws -> NewBenchmark) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { try new(model(), labels: 481) }.contains("480 have an answer of a known LLM"))
    #expect(
      message { try new(model(encoder: "other"), labels: 10) }.contains("no embeddings of encoder 'other'"))
    let stranger = try FactorModel(
      RouterIdentity(name: "strange", encoder: nil, llms: ["x", "y"]),
      llmFactors: Matrix(rows: 2, columns: 1),
      llmBiases: [0, 0],
      queryEncoder: EmbeddingMap(
        benchmarks: ["old"], weights: Matrix(rows: 7, columns: 1), residualCovariance: nil))
    #expect(message { try new(stranger, labels: 10) }.contains("knows none of the 24 LLMs"))
  }
}
