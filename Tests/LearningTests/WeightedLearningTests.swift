import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// What weights of observations mean before and after a fit: in the data, in a calibration and in validation.
@Suite struct WeightedLearningTests {
  private let table: TableBenchmark

  init() throws { table = try TableBenchmark.random(queryCount: 300, llmCount: 12, seed: 5) }

  /// The table's data with a weight for each query and LLM.
  private func data(_ weight: (Int, Int) -> Float) throws -> TrainingData {
    let values = table.benchmark.responses.dense()
    var weights = values
    for query in 0..<values.rows {
      for llm in 0..<values.columns { weights[query, llm] = weight(query, llm) }
    }
    var generator = SeededGenerator(seed: 8)
    let embeddings = Matrix(rows: 300, columns: 3, storage: (0..<900).map { _ in generator.normal() })
    return try TrainingData(
      TrainingSample.dataset(
        table, responses: ResponseMatrix(GradedCells(.floats(values), weights: weights)),
        embeddings: embeddings))
  }

  @Test func responsesOfNoWeightAreMissingAndNothingElse() throws {
    let values = Matrix([[1, 0], [0, 1]])
    let old = try Benchmark(
      name: "b", queries: QuerySet(subscenarioNames: ["s"], subscenarios: [0, 0]), llms: [0, 1],
      responses: ResponseMatrix(GradedCells(.floats(values), weights: Matrix([[1, 0], [2, 1]]))),
      split: Split(parts: [.train, .test]), publishedPools: [CandidatePool(group: .allWeak, llms: [1])],
      prompts: .memory(["x", "y"]), mix: Benchmark.mixing([table.benchmark]).mix, givenReference: 0.5,
      costs: values)
    #expect(try differingFields(old, old.withoutZeroWeights()) == ["responses"])
  }

  @Test func weightsHaveTheMeanOneInEachPart() throws {
    let block = try data { query, llm in Float(query % 7) + Float(llm) / 4 + 1 }.blocks[0]
    for part in [block.train, block.validation] {
      let cells = part.cells
      #expect(abs(cells.weightSum / Double(cells.observedCount) - 1) < 1e-6)
      let (first, second) = (part.rows[0], part.rows[3])
      let weights = try #require(cells.weights)
      let expected = (Float(first % 7) + 1) / (Float(second % 7) + 1.75)
      #expect(abs(weights[0, 0] / weights[3, 3] - expected) < 1e-5)
    }
    #expect(try data { _, _ in 0.3 }.blocks[0].train.cells.weights == nil)
  }

  /// A part of the train queries has the mean 1 again.
  @Test func weightsOfAPartAreNormalizedAnew() throws {
    let whole = try data { query, _ in query < 100 ? 1 : 5 }
    let rows = whole.blocks[0].train.rows
    let early = rows.indices.filter { rows[$0] < 100 }
    #expect(try whole.selecting(trainQueries: [early]).blocks[0].train.cells.weights == nil)
  }

  @Test func zeroWeightsAreMissing() throws {
    let found = try data { query, llm in (query + llm) % 3 == 0 ? 0 : 2 }.blocks[0]
    #expect(found.train.cells.weights == nil)
    for (place, row) in found.train.rows.enumerated() {
      for llm in 0..<12 {
        #expect((ResponseMatrix(found.train.cells)[place, llm] == nil) == ((row + llm) % 3 == 0))
      }
    }
    // A query whose answers all weigh nothing is one without an answer.
    #expect(throws: DataError.self) { try data { query, _ in query == 3 ? 0 : 1 } }
  }

  @Test func aCalibrationCountsACellAsOftenAsItWeighs() {
    var generator = SeededGenerator(seed: 3)
    let scores = (0..<200).map { _ in generator.normal() }
    let labels = scores.map { generator.uniform() < 1 / (1 + exp(-2 * $0)) ? Float(1) : 0 }
    let counts = scores.map { _ in generator.below(4) }
    let places = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let weighted = Calibration.fit(scores: scores, labels: labels, weights: counts.map { Float($0) })
    let repeated = Calibration.fit(scores: places.map { scores[$0] }, labels: places.map { labels[$0] })
    #expect(abs(weighted.slope - repeated.slope) < 1e-4)
    #expect(abs(weighted.intercept - repeated.intercept) < 1e-4)
    #expect(Calibration.fit(scores: scores, labels: labels).slope != weighted.slope)
  }

  /// A model's calibration sees the weights of the cells that it is fitted on.
  @Test func aModelIsCalibratedByWeights() throws {
    func slope(_ weight: (Int, Int) -> Float) throws -> Float {
      let data = try data(weight)
      return try FactorModel(
        RouterIdentity(name: "m", encoder: nil, llms: table.llmNames),
        llmFactors: Matrix(rows: 12, columns: 1),
        llmBiases: (0..<12).map { Float($0) / 6 - 1 },
        queryEncoder: EmbeddingMap(
          benchmarks: ["random"], weights: Matrix(rows: 4, columns: 1), residualCovariance: nil)
      ).calibrated(on: data).calibration.slope
    }
    // Answers that agree with the biases weigh more.
    let responses = table.benchmark.responses
    let usual = try slope { _, _ in 1 }
    let sharper = try slope { query, llm in (responses[query, llm] == 1) == (llm >= 6) ? 3 : 1 }
    #expect(sharper > 1.5 * usual)
  }

  private struct Asked: Router {
    let model: FactorModel
    var name: String { model.name }
    func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
      try model.scores(for: batch, among: candidates)
    }
  }

  /// Log-loss, AUC and V_B against their definitions, however the model is asked.
  @Test func validationCountsCellsByTheirWeights() throws {
    let data = try data { query, llm in Float(1 + (query * 5 + llm * 3) % 4) }
    var generator = SeededGenerator(seed: 9)
    let model = try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: table.llmNames),
      llmFactors: Matrix(rows: 12, columns: 2, storage: (0..<24).map { _ in generator.normal() }),
      llmBiases: [Float](repeating: 0, count: 12),
      queryEncoder: EmbeddingMap(
        benchmarks: ["random"],
        weights: Matrix(rows: 4, columns: 2, storage: (0..<8).map { _ in generator.normal() }),
        residualCovariance: nil))
    let block = data.blocks[0]
    let said = try model.scores(for: block.validation.queries, among: Candidates(table.llmNames))
    let predicted = try #require(said.probabilities)
    let responses = ResponseMatrix(block.validation.cells)
    let weights = try #require(block.validation.cells.weights)
    var (loss, total) = (0.0, 0.0)
    var cells: [(p: Float, y: Double, w: Double)] = []
    for row in 0..<predicted.rows {
      for column in 0..<predicted.columns {
        let y = Double(try #require(responses[row, column]))
        let w = Double(weights[row, column])
        loss += w * LogLoss.of(Double(predicted[row, column]), y)
        total += w
        cells.append((predicted[row, column], y, w))
      }
    }
    var (area, pairs) = (0.0, 0.0)
    for right in cells {
      for wrong in cells {
        let weight = right.w * right.y * wrong.w * (1 - wrong.y)
        pairs += weight
        area += weight * (right.p > wrong.p ? 1 : right.p == wrong.p ? 0.5 : 0)
      }
    }
    var ratios: [Double] = []
    for pool in block.validationPools {
      var sums = [(y: Double, w: Double)](repeating: (0, 0), count: pool.size)
      var routed = (y: 0.0, w: 0.0)
      for row in 0..<predicted.rows {
        let pick = pool.llms.indices.max { said.values[row, pool.llms[$0]] < said.values[row, pool.llms[$1]] }
        for (place, llm) in pool.llms.enumerated() {
          let (w, y) = (Double(weights[row, llm]), Double(responses[row, llm] ?? 0))
          sums[place] = (sums[place].y + w * y, sums[place].w + w)
          if place == pick { routed = (routed.y + w * y, routed.w + w) }
        }
      }
      let best = sums.map { $0.y / $0.w }.max() ?? 0
      if best > 0 { ratios.append(routed.y / routed.w / best) }
    }
    let set = try #require(ValidationSet(data))
    for found in try [set.metrics(of: model), set.metrics(of: Asked(model: model))] {
      #expect(abs(found.logLoss - loss / total) < 1e-4)
      #expect(abs(try #require(found.auc) - area / pairs) < 1e-3)
      #expect(
        abs(try #require(found.bestSingleModelValue) - ratios.reduce(0, +) / Double(ratios.count)) < 1e-6)
    }
    #expect(ratios.count >= 6)
  }
}
