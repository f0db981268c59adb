import FileFormats
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Prediction

@Suite struct PredictorTests {
  private let batch = QueryBatch(embeddings: Matrix([[2, 0], [0, 2], [0.1, 0]]))

  private func costs(_ text: String = "llm,cost\nbad,0\nbig,10\nsmall,1\n") throws -> CostTable {
    let folder = try TemporaryFolder()
    try AtomicFile.write(text, to: folder["costs.csv"])
    return try CostTable(path: folder["costs.csv"])
  }

  private func picks(_ predictor: Predictor) throws -> [String] {
    let predictions = try predictor.predictions(for: batch)
    return (0..<predictions.count).map { predictor.candidates.names[predictions.pick($0, draw: 0.5)] }
  }

  @Test func theHighestScoreIsPicked() throws {
    #expect(try picks(Predictor(SmallModel.make())) == ["small", "big", "big"])
    #expect(try picks(Predictor(SmallModel.make(), llms: ["bad", "small"])) == ["small", "small", "small"])
  }

  @Test func aPriceMovesPicksToCheaperLLMs() throws {
    func picks(_ price: Double) throws -> [String] {
      try self.picks(Predictor(SmallModel.make(), costs: costs(), rule: PickRule(price: price)))
    }
    #expect(try picks(0) == ["small", "big", "big"], "a price of 0 changes nothing")
    #expect(try picks(0.05) == ["small", "big", "small"])
    #expect(try picks(1_000) == ["bad", "bad", "bad"])
  }

  @Test func aBudgetLeavesDearLLMsOut() throws {
    let predictor = try Predictor(
      SmallModel.make(), costs: costs(), rule: PickRule(.softmax(temperature: 1), budget: 1))
    let predictions = try predictor.predictions(for: batch)
    for row in 0..<3 {
      #expect(predictions.propensities[row, 0] == 0)
      #expect(abs(predictions.propensities[row, 1] + predictions.propensities[row, 2] - 1) < 1e-6)
    }
    #expect(throws: DataError.self) {
      try Predictor(SmallModel.make(), llms: ["big"], costs: costs(), rule: PickRule(budget: 1))
    }
  }

  @Test func propensitiesAreThoseOfThePolicy() throws {
    let predictor = try Predictor(SmallModel.make(), rule: PickRule(.epsilon(share: 0.3)))
    let predictions = try predictor.predictions(for: batch)
    #expect(abs(predictions.propensities[0, 1] - 0.8) < 1e-6)
    #expect(abs(predictions.propensities[0, 0] - 0.1) < 1e-6)
    var counts = [0, 0, 0]
    var generator = SeededGenerator(seed: 1, stream: "draws")
    for _ in 0..<10_000 { counts[predictions.pick(0, draw: generator.uniformDouble())] += 1 }
    #expect(abs(Double(counts[1]) / 10_000 - 0.8) < 0.02 && counts[0] > 800 && counts[2] > 800)
  }

  @Test func oneOfManyIsTheSameToTheBit() throws {
    let predictor = try Predictor(SmallModel.make())
    let whole = try predictor.predictions(for: batch)
    for row in 0..<3 {
      let alone = try predictor.predictions(
        for: QueryBatch(embeddings: batch.embeddings.selecting(rows: [row])))
      #expect(alone.scores.probabilities == whole.scores.probabilities?.selecting(rows: [row]))
    }
  }

  @Test func blocksAreTheSameToTheBitAndInOrder() throws {
    let predictor = try Predictor(SmallModel.make())
    let many = QueryBatch(
      embeddings: Matrix((0..<70).map { [Float($0) / 10 - 3, Float($0 * 7 % 11) - 5] }))
    let whole = try predictor.predictions(for: many)
    let blocks = try predictor.blocks(of: many)
    #expect(blocks.map(\.count) == [32, 32, 6])
    for (place, block) in blocks.enumerated() {
      let rows = (0..<block.count).map { 32 * place + $0 }
      #expect(block.scores.values == whole.scores.values.selecting(rows: rows))
    }
    #expect(throws: DataError.self) {
      try predictor.blocks(of: QueryBatch(embeddings: Matrix(rows: 40, columns: 3)))
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    func reason(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(reason { _ = try Predictor(SmallModel.make(), llms: ["big", "x"]) }.contains("unknown LLM 'x'"))
    #expect(reason { _ = try Predictor(SmallModel.make(), llms: ["big", "big"]) }.contains("named twice"))
    #expect(reason { _ = try Predictor(SmallModel.make(), llms: []) }.contains("no LLM"))
    #expect(reason { _ = try Predictor(SmallModel.make(), rule: PickRule(price: 1)) }.contains("--costs"))
    for (text, expected) in [
      ("llm,cost\nbig,-1\n", "line 2: cost '-1'"), ("llm,cost\nbig,nan\n", "line 2: cost 'nan'"),
      ("llm,cost\nbig,1\nbig,2\n", "line 3: LLM 'big' has a cost on an earlier line"),
    ] {
      #expect(reason { _ = try costs(text) }.contains(expected), "\(text)")
    }
    #expect(
      reason {
        _ = try Predictor(SmallModel.make(), costs: costs("llm,cost\nbig,1\n"), rule: PickRule(price: 1))
      }
      .contains("has no cost of LLM 'small'"))
    let short = QueryBatch(embeddings: Matrix([[1]]))
    #expect(
      reason { _ = try Predictor(SmallModel.make()).predictions(for: short) }.contains(
        "embeddings of 1 dimensions"))
  }

  @Test func aRecipeReadsBack() throws {
    for text in ["argmax", "softmax:0.1", "epsilon:0.25"] { #expect(try PickRecipe(text).text == text) }
    for text in ["", "uniform", "softmax", "softmax:0", "epsilon:1.5", "argmax:1", "epsilon:nan"] {
      #expect(throws: DataError.self, "\(text)") { try PickRecipe(text) }
    }
  }
}
