import CommandLineKit
import Dispatch
import Learning
import Models
import NumericKernels
import Routing
import RoutingData

/// The speed of the routers that belong to one pool, on data it makes itself.
///
/// `experiments/peers/routers.py` puts it beside the same training in other software.
enum RouterBenchmark {
  /// What was measured.
  struct Report: Codable {
    var kernel: String
    var threads: Int
    var queries: Int
    var dimensions: Int
    var candidates: Int
    var training: [Training]
    var neighbours: Neighbours

    /// Finding the nearest train queries of each test query, the normalisation of the train queries included.
    struct Neighbours: Codable {
      var testQueries: Int
      var count: Int
      var seconds: Double
    }

    /// Training of one kind of router with its `paper` preset: one query a step.
    struct Training: Codable {
      var router: String
      var steps: Int
      var stepsPerSecond: Double
    }
  }

  static let queries = 9563
  static let dimensions = 384
  static let candidates = 3
  static let testQueries = 1196
  static let neighbours = 5

  /// Times one epoch of each router's `paper` preset; the fastest of some repetitions counts.
  static func run(repetitions: Int, seed: UInt64) throws -> Report {
    let benchmark = try benchmark(seed: seed)
    var generator = SeededGenerator(seed: seed, stream: "router benchmark/embeddings")
    func embeddings(_ count: Int) -> Matrix {
      Matrix(
        rows: count, columns: dimensions,
        storage: (0..<count * dimensions).map { _ in generator.normal() / Float(dimensions).squareRoot() })
    }
    let (embeddings, tests) = (embeddings(queries), embeddings(testQueries))
    let train = TrainQueries(
      benchmark.batch(of: Array(0..<queries), embeddings: embeddings, encoder: nil))
    let data = TrainingData(
      TrainingData.Pool(benchmark: benchmark.name, llms: Array(0..<candidates)), of: benchmark,
      catalog: try LLMCatalog(names: (0..<candidates).map { "llm\($0)" }), queries: train)
    let training = try ["linear", "mlp"].map { name in
      let settings = ["preset": "paper", "epochs": "1"]
      let fastest = try fastest(repetitions) {
        var fit = try fit(name, settings, seed: seed, data)
        try fit.advance()
      }
      return Report.Training(router: name, steps: queries, stepsPerSecond: Double(queries) / fastest)
    }
    let neighbours = try fit("knn", ["neighbours": "\(Self.neighbours)"], seed: seed, data)
    // Much shorter than a training, so that more repetitions cost little.
    let search = try fastest(10 * repetitions) {
      var fit = neighbours
      try fit.advance()
      _ = try fit.router().scores(for: QueryBatch(embeddings: tests), among: Candidates(data.llmNames))
    }
    return Report(
      kernel: OpenBLASKernel.current, threads: Threads.count, queries: queries, dimensions: dimensions,
      candidates: candidates, training: training,
      neighbours: Report.Neighbours(testQueries: testQueries, count: Self.neighbours, seconds: search))
  }

  /// A fit of a trainer by its name.
  private static func fit(
    _ name: String, _ settings: [String: String], seed: UInt64, _ data: TrainingData
  ) throws -> AnyFit {
    guard let type = TrainerCatalog.type(named: name) else { throw DataError("no trainer '\(name)'") }
    var trainer = type.init()
    trainer.seed = seed
    try trainer.set(settings)
    return AnyFit(try trainer.start(on: data))
  }

  /// A fit of any trainer.
  private struct AnyFit {
    private var fit: any TrainingFit

    init(_ fit: any TrainingFit) { self.fit = fit }

    mutating func advance() throws { _ = try fit.advance() }

    func router() throws -> any Router {
      func model<Fit: TrainingFit>(_ fit: Fit) throws -> any Router { try fit.model(isFinal: true).router }
      return try model(fit)
    }
  }

  /// The seconds of the fastest of some runs.
  private static func fastest(_ repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
    var fastest = Double.infinity
    for _ in 0..<repetitions {
      let start = DispatchTime.now().uptimeNanoseconds
      try body()
      fastest = min(fastest, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
    }
    return fastest
  }

  /// Prints what was measured, a row for each router.
  static func printTable(_ report: Report) throws {
    var table = TextTable([.left("router"), .right("per second"), .right("µs")])
    for row in report.training {
      table.append([
        "\(row.router), a step", NumberFormatting.fixed(row.stepsPerSecond, 0),
        NumberFormatting.fixed(1e6 / row.stepsPerSecond, 2),
      ])
    }
    let search = report.neighbours.seconds / Double(report.neighbours.testQueries)
    table.append([
      "knn, a query", NumberFormatting.fixed(1 / search, 0), NumberFormatting.fixed(1e6 * search, 2),
    ])
    try StandardOutput.write(table.render())
  }

  private static func benchmark(seed: UInt64) throws -> Benchmark {
    var generator = SeededGenerator(seed: seed, stream: "router benchmark/responses")
    var builder = ResponseMatrixBuilder(queryCount: queries, llmCount: candidates)
    for query in 0..<queries {
      let row = (0..<candidates).map { _ -> Float in generator.uniform() < 0.5 ? 1 : 0 }
      try builder.setRow(query, row[...])
    }
    return try Benchmark(
      name: "synthetic",
      queries: QuerySet(subscenarioNames: ["all"], subscenarios: Array(repeating: 0, count: queries)),
      llms: Array(0..<candidates), responses: builder.build(),
      split: Split(parts: Array(repeating: .train, count: queries)))
  }
}
