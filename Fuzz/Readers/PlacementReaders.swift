import ColdStart
import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// What a new LLM answered.
extension Reader {
  static let placements = [
    Reader("placement-answers") { input, scratch in
      let trained = try trainedQueries()
      let path = try scratch.file("x.csv", input)
      try place(try AnswerFile(path: path, name: "new", of: trained).llms.map(\.answers), trained)
    },
    // What is there is read, and after a grade more it is a session still.
    Reader("session") { input, scratch in
      let trained = try trainedQueries()
      let path = try scratch.file("x.jsonl", input)
      let session = try AskingSession(path: path, header: .init(model: "m", benchmarks: ["b"]), of: trained)
      let taken = (session.answers + session.skipped).map(\.query)
      try place([session.answers], trained)
      guard let free = [0, 1, 2].first(where: { !taken.contains($0) }) else { return }
      try session.add(benchmark: 0, query: free, score: 0.5)
      let again = try AskingSession.answers(in: path, of: trained)
      try Violation.unless(again == session.answers, "answers that were written are not read again")
    },
  ]

  private static func place(_ llms: [[GradedAnchor]], _ trained: TrainedQueries) throws {
    for placed in try trained.placement.placed(llms) {
      let interval = placed.accuracies[0].interval()
      try Violation.unless(
        interval.lowerBound >= 0 && interval.upperBound <= 1, "an accuracy outside of [0, 1]")
    }
  }

  /// Two LLMs, four queries with their rows as ids, three of which the model knows.
  private static func trainedQueries() throws -> TrainedQueries {
    let benchmark = try Benchmark(
      name: "b", queries: QuerySet(subscenarioNames: ["s"], subscenarios: [0, 0, 0, 0]), llms: [0, 1],
      responses: ResponseMatrix(GradedCells(.floats(Matrix([[1, 0], [0, 1], [1, 1], [0, 0]])))),
      split: Split(parts: [.train, .train, .train, .test]))
    let catalog = try LLMCatalog(names: ["u", "v"], fields: [], metadata: [[], []])
    let model = try FactorModel(
      RouterIdentity(name: "mirt", encoder: nil, llms: ["u", "v"]), llmFactors: Matrix([[1], [-1]]),
      llmBiases: [0.5, -0.5],
      queries: [
        .init(benchmark: "b", rows: [0, 1, 2], factors: Matrix([[1], [0.5], [-1]]), biases: [0, 1, -1])
      ],
      queryEncoder: EmbeddingMap(
        benchmarks: ["b"], weights: Matrix(rows: 2, columns: 1), residualCovariance: nil))
    return try TrainedQueries(
      model: model, record: TrainingRecord(), dataset: Dataset(catalog: catalog, benchmarks: [benchmark]))
  }
}
