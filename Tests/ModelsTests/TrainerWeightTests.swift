import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// What weights of observations mean to every trainer of the catalogue; `ObservationWeights` says it in words.
@Suite(.serialized) struct TrainerWeightTests {
  typealias Case = TrainerConformanceTests.Case

  /// The checkerboard with a seeded third of its answers marked; every query keeps one unmarked.
  private struct Sample {
    let table: TableBenchmark
    let marked: BitMatrix

    init() throws {
      table = try .checkerboard()
      let responses = table.benchmark.responses
      var marked = BitMatrix(rows: responses.queryCount, columns: responses.llmCount)
      var generator = SeededGenerator(seed: 2)
      for query in 0..<marked.rows {
        for llm in 0..<marked.columns where generator.uniform() < 0.3 && llm != query % 4 {
          marked[query, llm] = true
        }
      }
      self.marked = marked
    }

    /// A model of the answers with weights; marked ones may be missing, or turned round.
    func train(
      _ one: Case, weight: ((_ isMarked: Bool, _ place: Int) -> Float)?, missing: Bool = false,
      turned: Bool = false
    ) throws -> StoredModel {
      var values = table.benchmark.responses.dense()
      var observed = BitMatrix(rows: values.rows, columns: values.columns, repeating: true)
      var weights = Matrix(rows: values.rows, columns: values.columns)
      for query in 0..<values.rows {
        for llm in 0..<values.columns {
          let isMarked = marked[query, llm]
          if let weight { weights[query, llm] = weight(isMarked, query * values.columns + llm) }
          if isMarked, missing { observed[query, llm] = false }
          if isMarked, turned { values[query, llm] = 1 - values[query, llm] }
        }
      }
      let cells = GradedCells(
        .floats(values), observed: missing ? observed : nil, weights: weight == nil ? nil : weights)
      return try TrainerConformanceTests.train(
        one.trainer, TrainingSample.dataset(table, responses: ResponseMatrix(cells)))
    }

    /// The predicted responses to the test queries.
    func predicted(_ model: StoredModel) throws -> Matrix {
      try #require(
        model.router.scores(for: table.batch(), among: table.candidates()).probabilities, "no prediction")
    }
  }

  @Test(arguments: TrainerConformanceTests.cases) func equalWeightsAreNone(_ one: Case) throws {
    let sample = try Sample()
    let plain = try sample.train(one, weight: nil)
    for weight: Float in [1, 0.1, 3e6] {
      #expect(
        try TrainerConformanceTests.isSame(sample.train(one, weight: { _, _ in weight }), plain),
        "all weights \(weight)")
    }
  }

  @Test(arguments: TrainerConformanceTests.cases) func aWeightOfZeroIsAMissingAnswer(_ one: Case) throws {
    let sample = try Sample()
    let missing = try sample.train(one, weight: nil, missing: true)
    let unweighted = try sample.train(one, weight: { isMarked, _ in isMarked ? 0 : 0.7 }, turned: true)
    #expect(TrainerConformanceTests.isSame(unweighted, missing))
  }

  @Test(arguments: TrainerConformanceTests.cases) func theScaleOfWeightsChangesNothing(_ one: Case) throws {
    let sample = try Sample()
    func train(scale: Float) throws -> StoredModel {
      try sample.train(one, weight: { isMarked, place in scale * (isMarked ? 3 : 1 + Float(place % 5)) })
    }
    let usual = try train(scale: 1)
    #expect(try TrainerConformanceTests.isSame(train(scale: 1024), usual))
  }

  /// Wrong answers that weigh next to nothing teach next to nothing, in training and in validation.
  @Test(arguments: TrainerConformanceTests.cases) func weightsCount(_ one: Case) throws {
    let sample = try Sample()
    let missing = try sample.predicted(sample.train(one, weight: nil, missing: true))
    func distance(weight: Float) throws -> Double {
      let model = try sample.train(one, weight: { isMarked, _ in isMarked ? weight : 1 }, turned: true)
      let found = try sample.predicted(model)
      return zip(found.storage, missing.storage).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
        / Double(found.storage.count)
    }
    let (light, full) = (try distance(weight: 1e-5), try distance(weight: 1))
    #expect(light < 0.06 && light < full / 3, "\(light) with weights, \(full) without")
  }
}
