import Foundation
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

@Suite struct ValidationSetTests {
  /// All three metrics against their definitions, with missing and graded responses.
  @Test(arguments: [(true, 0.0), (true, 0.3), (false, 0.2)])
  func agreesWithTheDefinitions(binary: Bool, missing: Float) throws {
    let table = try TableBenchmark.random(queryCount: 300, llmCount: 12, binary: binary, seed: 5)
    var values = table.benchmark.responses.dense()
    var observed = BitMatrix(rows: values.rows, columns: values.columns, repeating: true)
    var embeddings = Matrix(rows: values.rows, columns: 3)
    var generator = SeededGenerator(seed: 8)
    for index in embeddings.storage.indices { embeddings.storage[index] = generator.normal() }
    for query in 0..<values.rows {
      for llm in 0..<values.columns where generator.uniform() < missing {
        observed[query, llm] = false
        values[query, llm] = 0
      }
    }
    var bits = BitMatrix(rows: values.rows, columns: values.columns)
    if binary { for row in 0..<values.rows { bits.setRow(row, from: Array(values.row(row))) } }
    let target = GradedCells(
      binary ? .bits(bits) : .floats(values), observed: missing > 0 ? observed : nil)
    let data = try TrainingData(
      TrainingSample.dataset(table, responses: ResponseMatrix(target), embeddings: embeddings))
    var factors = Matrix(rows: 12, columns: 2)
    for index in factors.storage.indices { factors.storage[index] = generator.normal() }
    var weights = Matrix(rows: 4, columns: 3)
    for index in weights.storage.indices { weights.storage[index] = generator.normal() }
    let model = try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: table.llmNames), llmFactors: factors,
      llmBiases: (0..<12).map { Float($0) / 10 },
      queryEncoder: EmbeddingMap(
        benchmarks: ["random"], weights: weights, residualCovariance: Matrix(identity: 3)),
      calibration: Calibration(slope: 1.5, intercept: -0.2))
    let found = try #require(ValidationSet(data)).metrics(of: model)

    let block = data.blocks[0]
    let said = try model.scores(for: block.validation.queries, among: Candidates(table.llmNames))
    let scores = said.values
    let predicted = try #require(said.probabilities)
    let responses = ResponseMatrix(block.validation.cells)
    var (loss, count) = (0.0, 0.0)
    var cells: [(p: Float, y: Double)] = []
    for row in 0..<scores.rows {
      for column in 0..<scores.columns {
        guard let response = responses[row, column] else { continue }
        let y = Double(response)
        let p = min(max(Double(predicted[row, column]), 0.001), 0.999)
        loss -= y * log(p) + (1 - y) * log(1 - p)
        count += 1
        cells.append((predicted[row, column], y))
      }
    }
    #expect(abs(found.logLoss - loss / count) < 1e-4)
    var (area, pairs) = (0.0, 0.0)
    for right in cells {
      for wrong in cells {
        let weight = right.y * (1 - wrong.y)
        pairs += weight
        area += weight * (right.p > wrong.p ? 1 : right.p == wrong.p ? 0.5 : 0)
      }
    }
    #expect(abs(try #require(found.auc) - area / pairs) < 1e-3)
    var ratios: [Double] = []
    for pool in block.validationPools {
      var sums = [Double](repeating: 0, count: pool.size)
      var routed = 0.0
      for row in 0..<scores.rows {
        let own = pool.llms.map { responses[row, $0] }
        guard !own.contains(nil) else { continue }
        for (place, response) in own.enumerated() { sums[place] += Double(response ?? 0) }
        let pick = pool.llms.indices.max { scores[row, pool.llms[$0]] < scores[row, pool.llms[$1]] } ?? 0
        routed += Double(own[pick] ?? 0)
      }
      if let best = sums.max(), best > 0 { ratios.append(routed / best) }
    }
    let expected = ratios.reduce(0, +) / Double(ratios.count)
    #expect(abs(try #require(found.bestSingleModelValue) - expected) < 1e-9)
    #expect(ratios.count >= 6)
  }

  /// Log-loss and AUC do not depend on how a model is asked: by products of factors, or for its predictions.
  @Test(arguments: [Float(0.5), 6]) func bothWaysOfAskingAgree(scale: Float) throws {
    let table = try TableBenchmark.random(queryCount: 300, llmCount: 12, seed: 5)
    var generator = SeededGenerator(seed: 9)
    let embeddings = Matrix(rows: 300, columns: 3, storage: (0..<900).map { _ in generator.normal() })
    let data = try TrainingData(
      TrainingSample.dataset(
        table, responses: ResponseMatrix(GradedCells(.floats(table.benchmark.responses.dense()))),
        embeddings: embeddings))
    let model = try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: table.llmNames),
      llmFactors: Matrix(rows: 12, columns: 2, storage: (0..<24).map { _ in scale * generator.normal() }),
      llmBiases: [Float](repeating: 0, count: 12),
      queryEncoder: EmbeddingMap(
        benchmarks: ["random"],
        weights: Matrix(rows: 4, columns: 3, storage: (0..<12).map { _ in scale * generator.normal() }),
        residualCovariance: Matrix(identity: 3)),
      calibration: Calibration(slope: 1, intercept: 0))
    struct Asked: Router {
      let model: FactorModel
      var name: String { model.name }
      func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
        try model.scores(for: batch, among: candidates)
      }
    }
    let set = try #require(ValidationSet(data))
    let (products, asked) = try (set.metrics(of: model), set.metrics(of: Asked(model: model)))
    #expect(abs(products.logLoss - asked.logLoss) < 1e-4)
    #expect(abs(try #require(products.auc) - (try #require(asked.auc))) < 1e-3)
  }

  @Test func withoutValidationResponsesThereIsNone() throws {
    let table = try TableBenchmark([[1, 0], [0, 1]], parts: [.train, .train])
    #expect(try ValidationSet(TrainingData(TrainingSample.dataset(table))) == nil)
  }
}
