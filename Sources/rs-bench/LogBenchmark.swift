import CommandLineKit
import Debiasing
import Dispatch
import FileFormats
import NumericKernels
import Regression
import Routing
import RoutingData

/// Measures what logs cost: making one among many LLMs, writing and reading it, learning from one, and estimating from one.
enum LogBenchmark {
  /// Seconds of the fastest of several repetitions, in one process.
  struct Result: Codable {
    let kernel: String
    let threads: Int
    /// Rows of the log among many LLMs, and of the log that is estimated from.
    let rows: Int
    let llms: Int
    let queries: Int
    /// A logger that picks uniformly.
    let uniformSeconds: Double
    /// A logger that looks at each query, its construction included.
    let difficultySeconds: Double
    /// The answers that the log saw, as a dataset of its own.
    let seenSeconds: Double
    /// Writing that dataset with its log, and opening it again.
    let writeSeconds: Double
    let openSeconds: Double
    let openRowsPerSecond: Double
    let trainRows: Int
    let trainQueries: Int
    let candidates: Int
    let dimensions: Int
    /// Training kernel-ridge with `stack`, from the log to the calibrated model.
    let stackSeconds: Double
    /// XᵀX of the train queries' embeddings alone.
    let productSeconds: Double
    let stackPerProduct: Double
    /// The weights, answers and predictions of the rows for one target.
    let targetSeconds: Double
    let estimators: Int
    /// All estimators of that target with their intervals.
    let estimateSeconds: Double
    /// One interval that is a guarantee.
    let bettingSeconds: Double
    let peakMemoryBytes: Int?
  }

  private static let rows = 1_000_000
  private static let trainRows = 100_000
  private static let candidates = 10
  private static let dimensions = 384

  static func run(fraction: Double, repetitions: Int, seed: UInt64) throws -> Result {
    let rows = Int(Double(rows) * fraction)
    let many = try ManyLLMs(fraction: fraction, rows: rows, seed: seed)
    var (uniform, difficulty, seen) = (Double.infinity, Double.infinity, Double.infinity)
    var (write, open) = (Double.infinity, Double.infinity)
    for _ in 0..<repetitions {
      uniform = try min(uniform, Stopwatch.seconds { _ = try many.log(by: many.uniform()) })
      difficulty = try min(difficulty, Stopwatch.seconds { _ = try many.log(by: many.difficulty()) })
    }
    let log = try many.log(by: many.uniform())
    let known = try many.dataset.seen(in: log, source: "made up")
    for _ in 0..<repetitions {
      seen = try min(seen, Stopwatch.seconds { _ = try many.dataset.seen(in: log, source: "made up") })
      try TemporaryOutputs.withFolder(named: "rs-bench") { folder in
        write = try min(write, Stopwatch.seconds { try DatasetFolder.write(known, to: "\(folder)/log") })
        open = try min(open, Stopwatch.seconds { _ = try DatasetFolder.open("\(folder)/log").log() })
      }
    }
    let few = try FewLLMs(
      queries: Int(Double(trainRows) * fraction), llms: candidates, dimensions: dimensions, seed: seed)
    let small = try few.log(rows: Int(Double(trainRows) * fraction))
    let large = try few.log(rows: rows)
    var (stack, product) = (Double.infinity, Double.infinity)
    var (target, estimate, betting) = (Double.infinity, Double.infinity, Double.infinity)
    for _ in 0..<repetitions {
      product = min(
        product,
        Stopwatch.seconds { _ = BLAS.multiply(few.embeddings, .transposed, few.embeddings, .asStored) })
      stack = try min(
        stack,
        Stopwatch.seconds {
          var trainer = KernelRidgeTrainer()
          trainer.seed = seed
          _ = try LogTraining(small, of: few.dataset, debias: .stack).train(trainer)
        })
      let start = DispatchTime.now().uptimeNanoseconds
      let logged = try LoggedRows(large, parts: [.train], of: few.benchmark)
      let targetRows = logged.rows(
        for: few.shares(logged.queries, temperature: 0.5),
        predicted: few.shares(logged.queries, temperature: 2))
      target = min(target, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
      estimate = min(
        estimate,
        Stopwatch.seconds {
          for estimator in OffPolicyEstimator.all { _ = TargetEstimate(targetRows, by: estimator) }
        })
      betting = min(
        betting,
        Stopwatch.seconds { _ = TargetEstimate(targetRows, by: OffPolicyEstimator.all[0], method: .betting) })
    }
    return Result(
      kernel: OpenBLASKernel.current, threads: Threads.count, rows: rows, llms: many.llms.count,
      queries: many.benchmark.queries.count, uniformSeconds: uniform, difficultySeconds: difficulty,
      seenSeconds: seen, writeSeconds: write, openSeconds: open, openRowsPerSecond: Double(rows) / open,
      trainRows: small.picks.count, trainQueries: few.benchmark.queries.count, candidates: candidates,
      dimensions: dimensions, stackSeconds: stack, productSeconds: product, stackPerProduct: stack / product,
      targetSeconds: target, estimators: OffPolicyEstimator.all.count, estimateSeconds: estimate,
      bettingSeconds: betting, peakMemoryBytes: Machine.peakMemory)
  }

  /// Prints what was measured.
  static func printTable(_ result: Result) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    func row(_ what: String, _ value: Double, _ unit: String) {
      table.append([what, NumberFormatting.fixed(value, 2), unit])
    }
    let rows = NumberFormatting.count(result.rows)
    let llms = NumberFormatting.count(result.llms)
    row("simulate \(rows) rows over \(llms) LLMs, uniform", result.uniformSeconds, "s")
    row("the same, difficulty", result.difficultySeconds, "s")
    row("the answers that the log saw", result.seenSeconds, "s")
    row("write the log's folder", result.writeSeconds, "s")
    row("open the log's folder", result.openSeconds, "s")
    row("rows read", result.openRowsPerSecond / 1e6, "million/s")
    row(
      "train stack on \(NumberFormatting.count(result.trainRows)) rows × \(result.candidates) LLMs",
      result.stackSeconds, "s")
    row("to one product XᵀX of \(result.dimensions) features", result.stackPerProduct, "×")
    row("the rows of a target, \(rows)", result.targetSeconds, "s")
    row("\(result.estimators) estimators with intervals", result.estimateSeconds, "s")
    row("one interval by betting", result.bettingSeconds, "s")
    table.append(["peak memory", NumberFormatting.bytes(result.peakMemoryBytes), ""])
    try StandardOutput.write(table.render())
  }
}
