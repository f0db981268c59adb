import CommandLineKit
import Dispatch
import FileFormats
import Learning
import NumericKernels
import RoutingData
import TwoTower

/// The speed of a linear two-tower model on data of MMLU-Pro's shapes, which it makes itself.
///
/// `experiments/peers/two_tower.py` puts it beside a plain loop in PyTorch.
enum TwoTowerBenchmark {
  /// What was measured.
  struct Report: Codable {
    var kernel: String
    var threads: Int
    var queries: Int
    var llms: Int
    var dimensions: Int
    var factors: Int
    var epochs: Int
    var rate: Double
    var weightDecay: Double
    var warmUp: Double
    var training: [Training]

    /// Training with batches of one size.
    struct Training: Codable {
      var batchSize: Int
      var seconds: Double
      var secondsPerStep: Double
      var firstLoss: Double
      var lastLoss: Double
    }
  }

  static let queries = 9563
  static let llms = 28
  static let dimensions = 384

  /// Times 20 epochs of binary cross-entropy over all cells; the fastest of some repetitions counts.
  static func run(repetitions: Int, seed: UInt64) throws -> Report {
    let data = try TrainingData(dataset(seed: seed))
    var trainer = TwoTowerTrainer()
    trainer.hidden = []
    trainer.firstWeights = .random
    trainer.weightDecay = 0.01
    trainer.maximumEpochs = 20
    trainer.seed = seed
    let training = try [32, 64, 128, 256].map { batchSize in
      trainer.batchSize = batchSize
      var result = Report.Training(
        batchSize: batchSize, seconds: .infinity, secondsPerStep: 0, firstLoss: 0, lastLoss: 0)
      for _ in 0..<repetitions {
        let start = DispatchTime.now().uptimeNanoseconds
        var fit = try trainer.start(on: data)
        let losses = try (0..<trainer.maximumEpochs).map { _ in try fit.advance() }
        result.seconds = min(result.seconds, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        (result.firstLoss, result.lastLoss) = (losses.first ?? 0, losses.last ?? 0)
      }
      let steps = trainer.maximumEpochs * ((queries + batchSize - 1) / batchSize)
      result.secondsPerStep = result.seconds / Double(steps)
      return result
    }
    return Report(
      kernel: OpenBLASKernel.current, threads: Threads.count, queries: queries, llms: llms,
      dimensions: dimensions, factors: trainer.factors, epochs: trainer.maximumEpochs, rate: trainer.rate,
      weightDecay: trainer.weightDecay ?? 0, warmUp: trainer.warmUp, training: training)
  }

  /// Prints what was measured, a row for each batch size.
  static func printTable(_ report: Report) throws {
    var table = TextTable([.left("two-tower"), .right("seconds"), .right("µs a step")])
    for row in report.training {
      table.append([
        "\(report.epochs) epochs in batches of \(row.batchSize)", NumberFormatting.fixed(row.seconds, 3),
        NumberFormatting.fixed(1e6 * row.secondsPerStep, 1),
      ])
    }
    try StandardOutput.write(table.render())
  }

  /// Right or wrong by the sign of random linear functions of normal embeddings, with noise.
  private static func dataset(seed: UInt64) throws -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: "two-tower benchmark")
    func normal(_ rows: Int) -> Matrix {
      Matrix(
        rows: rows, columns: dimensions,
        storage: (0..<rows * dimensions).map { _ in generator.normal() / Float(dimensions).squareRoot() })
    }
    let (embeddings, directions) = (normal(queries), normal(llms))
    let scores = BLAS.multiply(embeddings, .asStored, directions, .transposed, scale: 40)
    var builder = ResponseMatrixBuilder(queryCount: queries, llmCount: llms)
    for query in 0..<queries {
      let row = scores.row(query).map { score -> Float in
        generator.uniform() < Elementwise.sigmoid(score) ? 1 : 0
      }
      try builder.setRow(query, row[...])
    }
    let benchmark = try Benchmark(
      name: "synthetic",
      queries: QuerySet(
        subscenarioNames: ["all"], subscenarios: Array(repeating: 0, count: queries),
        embeddings: ["normal": NDArray(matrix: embeddings)]),
      llms: Array(0..<llms), responses: builder.build(),
      split: Split(parts: Array(repeating: .train, count: queries)))
    return try Dataset(
      catalog: LLMCatalog(names: (0..<llms).map { "llm\($0)" }), benchmarks: [benchmark])
  }
}
