import Factorization
import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import TwoTower

/// Where training begins, and that it ends no worse.
@Suite(.serialized) struct FirstWeightsTests {
  /// LLMs whose strengths differ by sub-scenario, which embeddings show through noise, and many of them beside the queries.
  static func manyLLMs(_ count: Int = 400, queries: Int = 250, seed: UInt64) throws -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: "many LLMs")
    func normal(_ rows: Int, _ columns: Int, _ deviation: Float = 1) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        storage: (0..<rows * columns).map { _ in deviation * generator.normal() })
    }
    let subscenarios = (0..<queries).map { $0 % 5 }
    var embeddings = normal(queries, 32)
    embeddings.addRows(of: normal(5, 32).selecting(rows: subscenarios), at: Array(0..<queries))
    let (abilities, skills, difficulties) = (normal(count, 1, 0.8), normal(count, 5), normal(queries, 1))
    // What makes answers alike beyond that, no embedding shows.
    let hidden = BLAS.multiply(normal(queries, 3, 0.7), .asStored, normal(count, 3), .transposed)
    let table = (0..<queries).map { query in
      (0..<count).map { llm -> Float? in
        let logit =
          abilities[llm, 0] + skills[llm, subscenarios[query]] + difficulties[query, 0] + hidden[query, llm]
        return generator.uniform() < Elementwise.sigmoid(logit) ? 1 : 0
      }
    }
    return try TrainingSample.dataset(
      TableBenchmark(
        table, parts: (0..<queries).map { $0 % 25 < 20 ? .train : .validation }, subscenarios: subscenarios,
        embeddings: embeddings))
  }

  static func trainer(_ settings: [String: String] = [:]) throws -> TwoTowerTrainer {
    var trainer = TwoTowerTrainer()
    try trainer.set(["factors": "6"])
    try trainer.set(settings)
    return trainer
  }

  @Test(
    arguments: [
      [:], ["hidden": "none"], ["hidden": "24,16", "layer-norm": "yes"], ["temperature": "0.25"],
      ["subscenario": "add"], ["hidden": "none", "subscenario": "concatenate"], ["factors": "40"],
    ] as [[String: String]]) func theStartScoresAsLogisticMF(settings: [String: String]) throws
  {
    // Benchmarks with intercepts of their own, and as many factors as they have LLMs at most.
    let data = try TrainingData(
      SyntheticGenerator.generate(
        SyntheticOptions(llms: 30, queries: 900, factors: 4, dimensions: 12, seed: 7, missing: 0.1)))
    let trainer = try Self.trainer(settings)
    let start = try trainer.start(on: data).model(isFinal: false).router
    var plain = LogisticMFTrainer()
    plain.options.factors = trainer.factors - 1
    plain.seed = trainer.seed
    let expected = try plain.train(on: data).router
    #expect(data.blocks.count > 1)
    for block in data.blocks where block.validation.count > 0 {
      let candidates = Candidates(block.llms.map { data.llmNames[$0] })
      let scores = try start.scores(for: block.validation.queries, among: candidates).values
      let wanted = try expected.scores(for: block.validation.queries, among: candidates).values
      let difference = zip(scores.storage, wanted.storage).map { abs($0 - $1) }.max() ?? 1
      #expect(difference < 1e-3, "\(block.benchmark)")
    }
    let tower = try #require(start.queryEncoder as? QueryTower)
    #expect(try QueryTower(tensors: tower.tensors) == tower)
  }

  @Test func hiddenLayersAddNothingYetAndLearn() throws {
    let data = try TrainingData(Self.manyLLMs(60, queries: 200, seed: 3))
    let trainer = try Self.trainer(["hidden": "16", "dropout": "0", "weight-decay": "0"])
    var fit = try trainer.start(on: data)
    #expect(fit.beginsTrained)
    let before = fit.state
    let first = try fit.advance()
    for _ in 0..<20 { _ = try fit.advance() }
    let last = try fit.advance()
    #expect(last < first)
    for (name, vector) in before.vectors where name.hasPrefix("parameters") && !vector.isEmpty {
      #expect(fit.state.vectors[name] != vector, "\(name) never moved")
    }
  }

  @Test func onlyBinaryCrossEntropyBeginsAtAModel() throws {
    let data = try TrainingData(Self.manyLLMs(30, queries: 100, seed: 4))
    #expect(try !Self.trainer(["loss": "softmax"]).start(on: data).beginsTrained)
    #expect(try !Self.trainer(["start": "random"]).start(on: data).beginsTrained)
    #expect(try !Self.trainer(["factors": "1"]).start(on: data).beginsTrained)
  }

  /// A tower that has to find thousands of vectors by what embeddings say of few queries routes far worse.
  @Test func manyLLMsAndFewQueriesAreRoutedAsWellAsByLogisticMF() throws {
    var (losses, values) = (0.0, 0.0)
    for seed: UInt64 in 0..<3 {
      let data = try TrainingData(Self.manyLLMs(seed: seed))
      let tower = try #require(TwoTowerTrainer().train(on: data).record.validation)
      let plain = try #require(LogisticMFTrainer().train(on: data).record.validation)
      losses += (tower.logLoss - plain.logLoss) / 3
      values += try (#require(tower.bestSingleModelValue) - #require(plain.bestSingleModelValue)) / 3
    }
    #expect(losses < 0.002, "the log-loss is \(losses) above logistic-mf's")
    #expect(values > -0.03, "V_B is \(values) above logistic-mf's")
  }
}
