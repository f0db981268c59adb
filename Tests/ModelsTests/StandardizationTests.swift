import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// Metamorphic: what changes embeddings, but not what they say, changes no trainer's metrics.
@Suite(.serialized) struct StandardizationTests {
  /// Planted data: LLM j answers well with probability σ(3·x·wⱼ + cⱼ).
  struct Planted {
    var embeddings: Matrix
    var answers: [[Float?]]
    var parts: [SplitPart]

    init(queries: Int = 600, llms: Int = 12, dimensions: Int = 20) {
      var generator = SeededGenerator(seed: 11)
      let weights = Matrix(
        rows: llms, columns: dimensions, storage: (0..<llms * dimensions).map { _ in generator.normal() })
      embeddings = Matrix(
        rows: queries, columns: dimensions,
        storage: (0..<queries * dimensions).map { _ in generator.normal() * 0.22 })
      parts = (0..<queries).map { [.train, .train, .train, .validation, .test][$0 % 5] }
      answers = []
      for query in 0..<queries {
        let embedding = embeddings.row(query)
        answers.append(
          (0..<llms).map { llm in
            let z = 2 * BLAS.dot(embedding, weights.row(llm)) + 1 - Float(llm) / 6
            return Float(generator.uniform()) < 1 / (1 + Foundation.exp(-z)) ? 1 : 0
          })
      }
    }

    func dataset() throws -> Dataset {
      try TrainingSample.dataset(
        TableBenchmark(answers, parts: parts, embeddings: embeddings))
    }

    /// The same with each embedding changed.
    func changed(_ change: (Int, Float) -> Float) -> Planted {
      var result = self
      for row in 0..<embeddings.rows {
        for column in 0..<embeddings.columns {
          result.embeddings[row, column] = change(column, embeddings[row, column])
        }
      }
      return result
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let trainer: any Trainer
    var algorithm: String { type(of: trainer).algorithm }
    var testDescription: String { algorithm }
    /// Whether it draws random numbers, so that a small change of the data may end elsewhere.
    var isSeeded: Bool { ["two-tower", "linear", "mlp", "cluster", "gmm"].contains(algorithm) }
    /// Whether its result depends on the order of the data, as another seed's does: batches are drawn by place.
    var readsOrder: Bool { ["two-tower", "linear", "mlp"].contains(algorithm) }
    /// Whether it looks at the angles of raw embeddings, as RouterEval's does: they have no unit, but an origin.
    var looksAtAngles: Bool { algorithm == "knn" }
  }

  static let cases = TrainerCatalog.all.map { type in
    func make<T: Trainer>(_ type: T.Type) -> Case {
      var trainer = T()
      let quick = ["factors": "4", "max-sweeps": "20"]
      for setting in T.settings { try? quick[setting.name].map { try setting.set($0, in: &trainer) } }
      return Case(trainer: trainer)
    }
    return make(type)
  }

  private func metrics(_ one: Case, _ planted: Planted) throws -> ValidationMetrics {
    try metrics(one, planted.dataset())
  }

  private func metrics(_ one: Case, _ dataset: Dataset) throws -> ValidationMetrics {
    try #require(TrainerConformanceTests.train(one.trainer, dataset).record.validation)
  }

  private func expectSame(
    _ found: ValidationMetrics, _ plain: ValidationMetrics, within tolerance: Double, _ what: String
  ) throws {
    let areas = (try #require(found.auc), try #require(plain.auc))
    #expect(
      abs(found.logLoss - plain.logLoss) <= tolerance, "\(what): log-loss \(found.logLoss), \(plain.logLoss)")
    #expect(abs(areas.0 - areas.1) <= tolerance, "\(what): AUC \(areas.0), \(areas.1)")
  }

  @Test(arguments: cases) func unitsShiftsAndConstantsChangeNothing(_ one: Case) throws {
    let planted = Planted()
    let plain = try metrics(one, planted)
    for constant in [100, 2025, 20_000] as [Float] {
      var wider = planted
      wider.embeddings = planted.embeddings.appending(
        columns: Matrix(rows: planted.embeddings.rows, columns: 1, repeating: constant))
      try expectSame(metrics(one, wider), plain, within: 1e-3, "a constant column of \(constant)")
    }
    for factor in [1e-6, 1e6, 1e19] as [Float] {
      try expectSame(
        metrics(one, planted.changed { $1 * factor }), plain, within: 1e-3, "embeddings × \(factor)")
    }
    guard !one.looksAtAngles else { return }
    try expectSame(
      metrics(one, planted.changed { $1 + Float($0) / 4 - 2 }), plain, within: 1e-3, "a shift")
    // Clusters are drawn for queries in the order of their lengths, which a column's unit changes a little.
    let tolerance = one.algorithm == "cluster" ? 0.04 : 1e-2
    for factor in [1e-3, 1000] as [Float] {
      try expectSame(
        metrics(one, planted.changed { $0 == 7 ? $1 * factor : $1 }), plain, within: tolerance,
        "one column × \(factor)")
    }
  }

  @Test(arguments: cases) func orderChangesNothing(_ one: Case) throws {
    let planted = Planted()
    let plain = try metrics(one, planted)
    // Pairs of bpr are drawn for places of LLMs, so that their order is a seed.
    let tolerance = one.readsOrder ? 0.04 : one.algorithm == "bpr" ? 5e-3 : 1e-3
    var generator = SeededGenerator(seed: 3)
    var columns = Array(0..<planted.embeddings.columns)
    generator.shuffle(&columns)
    var other = planted
    other.embeddings = planted.embeddings.selecting(columns: columns)
    try expectSame(metrics(one, other), plain, within: tolerance, "other order of columns")
    var rows = Array(planted.parts.indices)
    generator.shuffle(&rows)
    other = planted
    other.embeddings = planted.embeddings.selecting(rows: rows)
    other.answers = rows.map { planted.answers[$0] }
    other.parts = rows.map { planted.parts[$0] }
    try expectSame(metrics(one, other), plain, within: tolerance, "other order of queries")
    var llms = Array(planted.answers[0].indices)
    generator.shuffle(&llms)
    other = planted
    other.answers = planted.answers.map { row in llms.map { row[$0] } }
    try expectSame(metrics(one, other), plain, within: tolerance, "other order of LLMs")
  }

  /// One validation embedding a hundred times as long, and turned round.
  @Test(arguments: cases.filter { !$0.looksAtAngles }) func oneBrokenQueryRuinsNothing(_ one: Case) throws {
    let planted = Planted()
    let tolerance = one.isSeeded ? 0.04 : 0.02
    var broken = planted
    for column in 0..<planted.embeddings.columns { broken.embeddings[3, column] *= -100 }
    #expect(planted.parts[3] == .validation)
    let plain = try metrics(one, planted)
    try expectSame(metrics(one, broken), plain, within: tolerance, "a broken validation query")
    broken = planted
    for column in 0..<planted.embeddings.columns { broken.embeddings[1, column] *= -100 }
    #expect(planted.parts[1] == .train)
    try expectSame(metrics(one, broken), plain, within: tolerance, "a broken train query")
  }

  /// With one answer a query no model that contains the LLMs' means may predict worse than they do.
  @Test(arguments: cases.filter { type(of: $0.trainer).scope == .dataset })
  func noModelLosesToTheMeans(_ one: Case) throws {
    var planted = Planted()
    var generator = SeededGenerator(seed: 5)
    for query in planted.answers.indices {
      let kept = Int(generator.uniform() * 12) % 12
      planted.answers[query] = planted.answers[query].enumerated().map {
        $0.offset == kept ? $0.element : nil
      }
    }
    let data = try TrainingData(planted.dataset())
    // BPR learns from pairs, of which there are none.
    guard one.algorithm != "bpr" else { return }
    let found = try #require(TrainerConformanceTests.train(one.trainer, data).record.validation)
    let train = ResponseMatrix(data.blocks[0].train.cells).llmMeans()
    let validation = ResponseMatrix(data.blocks[0].validation.cells).dense()
    var (loss, count) = (0.0, 0.0)
    for row in 0..<validation.rows {
      for (llm, answer) in validation.row(row).enumerated() where !answer.isNaN {
        let mean = min(max(train[llm] ?? 0.5, 1e-6), 1 - 1e-6)
        loss -= answer == 1 ? log(mean) : log(1 - mean)
        count += 1
      }
    }
    #expect(found.logLoss <= loss / count + 1e-3)
  }

  /// The advice of an error about a matrix helps.
  @Test(arguments: [("als", "1e-30"), ("bpr", "1e-30"), ("logistic-mf", "1e-30"), ("kernel-ridge", "1e-30")])
  func adviceHelps(_ algorithm: String, _ l2: String) throws {
    let planted = Planted(queries: 100, llms: 6)
    let dataset = try planted.dataset()
    func run<T: Trainer>(_ type: T.Type, _ settings: [String: String]) throws -> String? {
      var trainer = T()
      try trainer.set(settings)
      do {
        _ = try TrainerConformanceTests.train(trainer, dataset)
        return nil
      } catch let error as NumericalError { return error.description }
    }
    let type = try #require(TrainerCatalog.type(named: algorithm))
    let settings = ["l2": l2].merging(algorithm == "kernel-ridge" ? ["width": "1000"] : [:]) { $1 }
    guard let message = try run(type, settings) else { return }
    let words = message.split(separator: " ")
    let option = try #require(words.first { $0.hasPrefix("--") })
    let value = try #require(words.last)
    #expect(Double(value) != nil, "\(message)")
    let again = try run(
      type, settings.merging([String(option.dropFirst(2)): String(value)]) { $1 })
    #expect(again == nil, "after '\(message)'")
  }
}
