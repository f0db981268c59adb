import ColdStart
import CommandLineKit
import Learning
import NumericKernels

/// Measures placing new LLMs by a few answers, and choosing the next query to ask, on made-up queries.
enum ColdStartBenchmark {
  private static let queries = 24_000
  private static let llms = 1_000
  private static let answers = 50
  private static let abilities = 8

  /// Seconds of the fastest of several repetitions.
  struct Result: Codable {
    let kernel: String
    let threads: Int
    let queries: Int
    let llms: Int
    let answers: Int
    let abilities: Int
    /// Placing all LLMs: abilities and accuracies with their deviations.
    let placeSeconds: Double
    /// The same products of matrices alone: log-odds and their variances.
    let productSeconds: Double
    /// `placeSeconds / productSeconds`.
    let placePerProducts: Double
    /// One question: the posterior of 50 answers and the choice of the next query.
    let askSeconds: Double
  }

  static func run(repetitions: Int, seed: UInt64) throws -> Result {
    var generator = SeededGenerator(seed: seed, stream: "cold-start-benchmark")
    let weights = Matrix(
      rows: queries, columns: abilities, storage: (0..<queries * abilities).map { _ in generator.normal() })
    let known = KnownQueries(
      benchmark: "made up", factors: weights, biases: (0..<queries).map { _ in generator.normal() })
    let width = abilities + 1
    let prior = Abilities(
      mean: Array(repeating: 0, count: width),
      covariance: PackedSymmetric.packed(Matrix(identity: width)).map(Double.init))
    let placement = Placement(try FoldIn([known], prior: prior))
    let all = (0..<llms).map { _ in
      (0..<answers).map { _ in
        GradedAnchor(
          benchmark: 0, query: Int(generator.nextWord() % UInt32(queries)),
          response: generator.uniform() < 0.6 ? 1 : 0)
      }
    }
    let adaptive = AdaptiveAnchors(placement, targets: [0])
    let means = Matrix(rows: llms, columns: width + 1, repeating: 0.1)
    let spreads = Matrix(rows: llms, columns: PackedSymmetric.count(order: width), repeating: 0.1)
    let designs = Matrix(rows: queries, columns: width + 1, repeating: 0.1)
    let pairs = Matrix(rows: queries, columns: spreads.columns, repeating: 0.1)
    var (place, product, ask) = (Double.infinity, Double.infinity, Double.infinity)
    for _ in 0..<repetitions {
      place = try min(place, Stopwatch.seconds { _ = try placement.placed(all) })
      product = min(
        product,
        Stopwatch.seconds {
          let blocks = Parallel.blocks(of: llms, size: 64)
          Parallel.forEach(blocks.count) { index in
            let rows = Array(blocks[index])
            _ = BLAS.multiply(designs, .asStored, means.selecting(rows: rows), .transposed)
            _ = BLAS.multiply(pairs, .asStored, spreads.selecting(rows: rows), .transposed)
          }
        })
      ask = try min(
        ask,
        Stopwatch.seconds {
          let abilities = try placement.fold.posterior(of: all[0])
          _ = adaptive.next(given: abilities, dispersion: 1, answered: all[0])
        })
    }
    return Result(
      kernel: OpenBLASKernel.current, threads: Threads.count, queries: queries, llms: llms, answers: answers,
      abilities: abilities, placeSeconds: place, productSeconds: product, placePerProducts: place / product,
      askSeconds: ask)
  }

  /// Prints what was measured.
  static func printTable(_ result: Result) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    let (llms, queries) = (NumberFormatting.count(result.llms), NumberFormatting.count(result.queries))
    table.append([
      "placing \(llms) LLMs by \(result.answers) answers each among \(queries) queries",
      NumberFormatting.fixed(result.placeSeconds, 2), "s",
    ])
    table.append(["to the bare products", NumberFormatting.fixed(result.placePerProducts, 2), "×"])
    table.append(["one question", NumberFormatting.fixed(1_000 * result.askSeconds, 2), "ms"])
    try StandardOutput.write(table.render())
  }
}
