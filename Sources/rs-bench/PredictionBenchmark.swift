import CommandLineKit
import Learning
import NumericKernels
import Prediction
import Routing

/// Measures `rs-predict` after load: one query with its embedding, and batches, for 8,500 LLMs.
enum PredictionBenchmark {
  private static let llms = 8_500
  private static let dimensions = 384
  private static let batchRows = 1_024
  private static let singles = 400

  /// Seconds of the fastest of several repetitions.
  struct Result: Codable {
    let kernel: String
    let threads: Int
    let llms: Int
    let factors: Int
    let dimensions: Int
    /// The pick of one query from its embedding, without standard errors: the median of many queries.
    let oneQuerySeconds: Double
    /// The same with the standard errors of all LLMs.
    let oneQueryWithErrorsSeconds: Double
    /// Scores, probabilities and picks of 1,024 queries.
    let batchSeconds: Double
    /// Their product alone, by SGEMM with the same shapes and threads.
    let productSeconds: Double
  }

  static func run(factors: Int, repetitions: Int, seed: UInt64) throws -> Result {
    let model = try model(factors, seed)
    let queries = matrix(batchRows, dimensions, "queries", seed)
    let predictor = try Predictor(model)
    var (single, withErrors) = (Double.infinity, Double.infinity)
    var (batch, product) = (Double.infinity, Double.infinity)
    let vectors = matrix(batchRows, factors + 1, "vectors", seed)
    let llmFactors = matrix(llms, factors + 1, "factors", seed)
    for _ in 0..<repetitions {
      for wantsErrors in [false, true] {
        let times = try (0..<singles).map { place in
          let query = QueryBatch(embeddings: queries.selecting(rows: [place]))
          return try Stopwatch.seconds { _ = try predictor.predictions(for: query, wantsErrors: wantsErrors) }
        }
        let median = times.sorted()[times.count / 2]
        if wantsErrors { withErrors = min(withErrors, median) } else { single = min(single, median) }
      }
      let all = QueryBatch(embeddings: queries)
      batch = min(
        batch, try Stopwatch.seconds { _ = try predictor.blocks(of: all, wantsErrors: false) })
      product = min(
        product, Stopwatch.seconds { _ = BLAS.multiply(vectors, .asStored, llmFactors, .transposed) })
    }
    return Result(
      kernel: OpenBLASKernel.current, threads: Threads.count, llms: llms, factors: factors,
      dimensions: dimensions, oneQuerySeconds: single, oneQueryWithErrorsSeconds: withErrors,
      batchSeconds: batch, productSeconds: product)
  }

  private static func matrix(_ rows: Int, _ columns: Int, _ stream: String, _ seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: stream)
    return Matrix(rows: rows, columns: columns, storage: (0..<rows * columns).map { _ in generator.normal() })
  }

  private static func model(_ factors: Int, _ seed: UInt64) throws -> FactorModel {
    let root = matrix(factors + 1, factors + 1, "covariance", seed).scaled(by: 0.1)
    return try FactorModel(
      RouterIdentity(name: "bench", encoder: nil, llms: (0..<llms).map { "llm-\($0)" }),
      llmFactors: matrix(llms, factors, "factors", seed), llmBiases: Array(repeating: 0, count: llms),
      llmStandardErrors: matrix(llms, factors + 1, "errors", seed).mapped { abs($0) },
      queryEncoder: EmbeddingMap(
        benchmarks: [], weights: matrix(dimensions, factors + 1, "map", seed).scaled(by: 0.05),
        residualCovariance: BLAS.multiply(root, .asStored, root, .transposed)))
  }

  /// Prints what was measured.
  static func printTable(_ result: Result) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    func add(_ what: String, _ value: Double, _ unit: String) {
      table.append([what, NumberFormatting.fixed(value, value < 10 ? 2 : 0), unit])
    }
    let llms = NumberFormatting.count(result.llms)
    add("one query, \(llms) LLMs", 1e6 * result.oneQuerySeconds, "µs")
    add("the same with standard errors", 1e6 * result.oneQueryWithErrorsSeconds, "µs")
    add("1,024 queries", 1e3 * result.batchSeconds, "ms")
    add("their product alone (SGEMM)", 1e3 * result.productSeconds, "ms")
    add("share of SGEMM's rate", 100 * result.productSeconds / result.batchSeconds, "%")
    try StandardOutput.write(table.render())
  }
}
