import CommandLineKit
import Dispatch
import Learning
import NumericKernels
import Regression
import RoutingData

/// How long kernel ridge regression takes beside the factorization and the products that it can't do without.
enum KernelRidgeBenchmark {
  /// Seconds of the fastest of some repetitions, in one process and in turn.
  struct Report: Codable {
    var kernel: String
    var threads: Int
    var trainQueries: Int
    var dimensions: Int
    var llms: Int
    /// A Cholesky factorization by LAPACK, with the threads of OpenBLAS.
    var libraryCholeskySeconds: Double
    /// The same by our blocks.
    var choleskySeconds: Double
    /// The products: half of X·Xᵀ, which is symmetric, and K·Y, which is what the two triangular solves cost.
    var productSeconds: Double
    /// The faster factorization and the products.
    var bareSeconds: Double
    /// A fit with --l2 and --width given: the kernel, the factorization, the coefficients, their axes, leave-one-out
    /// errors and the calibration.
    var fitSeconds: Double
    var fitPerBare: Double
    /// A fit that also searches λ and width.
    var searchedFitSeconds: Double
    var searchedFitPerBare: Double
    var peakMemoryBytes: Int?
  }

  static let trainQueries = 10_000
  static let dimensions = 384
  static let llms = 28

  static func run(repetitions: Int, seed: UInt64) throws -> Report {
    // 80% of each sub-scenario's queries, rounded down, are the train part: 10,000 of a few more than 12,500.
    let dataset = try SyntheticGenerator.generate(
      SyntheticOptions(
        llms: llms, queries: trainQueries * 10 / 8 + 60, factors: 16, dimensions: dimensions, seed: seed,
        missing: 0)
    )
    let data = try TrainingData(dataset)
    let inputs = Matrix.stacked(data.blocks.map(\.train.embeddings))
    var trainer = KernelRidgeTrainer()
    trainer.seed = seed
    var given = trainer
    (given.l2, given.width) = (.fixed(3), .fixed(1))
    let targets = Matrix(rows: inputs.rows, columns: llms, repeating: 0.5)
    var (library, own, products) = (Double.infinity, Double.infinity, Double.infinity)
    var (fit, searched) = (Double.infinity, Double.infinity)
    for _ in 0..<repetitions {
      var matrix = KernelFunction.gaussian(gamma: 0.5).matrix(inputs)
      products = min(
        products,
        Stopwatch.seconds { _ = BLAS.multiply(matrix, targets) } + Stopwatch.seconds {
          _ = BLAS.multiply(inputs, .asStored, inputs, .transposed)
        } / 2)
      for row in 0..<matrix.rows { matrix[row, row] += 3 }
      var copy = matrix
      // A change makes the copy a real one before the clock starts.
      copy[0, 0] = matrix[0, 0]
      library = min(library, Machine.secondsOfLibraryCholesky(consume copy))
      let start = DispatchTime.now().uptimeNanoseconds
      _ = try Cholesky(consume matrix)
      own = min(own, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
      fit = try min(fit, secondsOfFit(given, data))
      searched = try min(searched, secondsOfFit(trainer, data))
    }
    let bare = min(library, own) + products
    return Report(
      kernel: OpenBLASKernel.current, threads: Threads.count, trainQueries: inputs.rows,
      dimensions: dimensions,
      llms: llms, libraryCholeskySeconds: library, choleskySeconds: own, productSeconds: products,
      bareSeconds: bare, fitSeconds: fit, fitPerBare: fit / bare, searchedFitSeconds: searched,
      searchedFitPerBare: searched / bare, peakMemoryBytes: Machine.peakMemory)
  }

  private static func secondsOfFit(_ trainer: KernelRidgeTrainer, _ data: TrainingData) throws -> Double {
    var fit = try trainer.start(on: data)
    return try Stopwatch.seconds { _ = try fit.advance() }
  }

  /// Prints what was measured.
  static func printTable(_ report: Report) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    func row(_ what: String, _ value: Double, _ unit: String) {
      table.append([what, NumberFormatting.fixed(value, 2), unit])
    }
    let size = NumberFormatting.count(report.trainQueries)
    row("Cholesky of \(size), LAPACK with \(report.threads) threads", report.libraryCholeskySeconds, "s")
    row("Cholesky of \(size), our blocks", report.choleskySeconds, "s")
    row("matrix products, d = \(report.dimensions), \(report.llms) LLMs", report.productSeconds, "s")
    row("the faster Cholesky and the products", report.bareSeconds, "s")
    row("kernel-ridge with --l2 and --width", report.fitSeconds, "s")
    row("to the bare ones", report.fitPerBare, "×")
    row("kernel-ridge with both chosen", report.searchedFitSeconds, "s")
    row("to the bare ones", report.searchedFitPerBare, "×")
    table.append(["peak memory", NumberFormatting.bytes(report.peakMemoryBytes), ""])
    try StandardOutput.write(table.render())
  }
}
