import CommandLineKit
import Dispatch
import FileFormats
import Foundation
import Factorization
import Learning
import NumericKernels
import RoutingData

/// `rs-bench`: measures speed as ratios within one run, on data it makes itself.
enum BenchCommand {
  /// Everything measured in one run.
  struct Report: Codable {
    var kernel: String
    var threads: Int
    var sgemmGigaflops: Double
    var llms: Int
    var queries: Int
    var synthesisSeconds: Double
    var sweep: FactorizationBenchmark.Result
    var training: Training?
    var folder: Folder
    var npzImport: ImportBenchmark.Result
    var csvImport: ImportBenchmark.Result
    var bootstrap: [BootstrapBenchmark.Result]
    var pools: PoolBenchmark.Result
    var peakMemoryBytes: Int?

    /// A whole training run.
    struct Training: Codable {
      var seconds: Double
      var sweeps: Int
      var validationLogLoss: Double?
      var peakMemoryBytes: Int?
    }

    /// Writing the dataset folder and opening it again.
    struct Folder: Codable {
      var writeSeconds: Double
      var openSeconds: Double
    }
  }

  static let fraction = Option.double(
    "fraction", placeholder: "X", default: 1, in: 0.01...1,
    help: "share of the 24,000 queries to make; there are always 8,500 LLMs")
  static let factors = Option.integer(
    "factors", placeholder: "K", default: 32, in: 1...512, help: "number of latent factors")
  static let repetitions = Option.integer(
    "repetitions", placeholder: "N", default: 3, in: 1...100, help: "repetitions, of which the fastest counts"
  )
  static let training = Option.flag("training", help: "also train a model with --l2 10 to the end")
  static let routers = Option.flag(
    "routers", help: "measure linear and mlp, steps of the paper preset, and knn instead")
  static let twoTower = Option.flag(
    "two-tower", help: "measure a linear two-tower model on data of MMLU-Pro's shapes instead")

  static let factorizations = Option.flag(
    "factorizations", help: "measure a sweep of als and bpr against logistic-mf, and svd instead")
  static let heldOut = Option.flag(
    "held-out", help: "train logistic-mf with --l2 10 on 95% of the cells, measure on the others, instead")
  static let matrix = Option.string(
    "matrix", placeholder: "DIR", help: "with --held-out, also write responses.npy and observed.npy there"
  ).optional()
  static let kernelRidge = Option.flag(
    "kernel-ridge", help: "measure kernel-ridge on 10,000 train queries instead")
  static let coldStart = Option.flag(
    "cold-start", help: "place 1,000 new LLMs by 50 answers each among 24,000 queries, and ask, instead")
  static let logs = Option.flag(
    "logs", help: "simulate, write, read, train on and estimate from logs of a million rows instead")
  static let texts = Option.flag(
    "texts", help: "fit text features on 4,000 made-up prompts and make those of one query, instead")
  static let prediction = Option.flag(
    "prediction", help: "predict for one query and for 1,024 queries among 8,500 LLMs, instead")

  static let command = Command(
    name: "rs-bench",
    summary: "Measure training speed against the bare matrix products, in one run on this machine.",
    options: [
      fraction, factors, repetitions, training, routers, twoTower, factorizations, heldOut, matrix,
      kernelRidge, coldStart, logs, texts, prediction,
    ] + CommonOptions.all,
    examples: [
      "rs-bench --fraction 0.1", "rs-bench --training --json", "rs-bench --routers",
      "rs-bench --two-tower", "rs-bench --factorizations", "rs-bench --held-out --fraction 0.1",
      "rs-bench --kernel-ridge", "rs-bench --cold-start", "rs-bench --logs", "rs-bench --texts",
      "rs-bench --prediction",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let seed = UInt64(arguments[CommonOptions.seed])
    func tell<Result: Encodable>(_ result: Result, _ print: (Result) throws -> Void) throws {
      try arguments[CommonOptions.json] ? StandardOutput.writeJSON(result) : print(result)
    }
    let (count, repetitions) = (arguments[factors], arguments[repetitions])
    if arguments[routers] {
      return try tell(RouterBenchmark.run(repetitions: repetitions, seed: seed), RouterBenchmark.printTable)
    }
    if arguments[kernelRidge] {
      return try tell(
        KernelRidgeBenchmark.run(repetitions: repetitions, seed: seed), KernelRidgeBenchmark.printTable)
    }
    if arguments[twoTower] {
      return try tell(
        TwoTowerBenchmark.run(repetitions: repetitions, seed: seed), TwoTowerBenchmark.printTable)
    }
    if arguments[coldStart] {
      return try tell(
        ColdStartBenchmark.run(repetitions: repetitions, seed: seed), ColdStartBenchmark.printTable)
    }
    if arguments[logs] {
      return try tell(
        LogBenchmark.run(fraction: arguments[fraction], repetitions: repetitions, seed: seed),
        LogBenchmark.printTable)
    }
    if arguments[texts] {
      return try tell(TextBenchmark.run(repetitions: repetitions, seed: seed), TextBenchmark.printTable)
    }
    if arguments[prediction] {
      return try tell(
        PredictionBenchmark.run(factors: count, repetitions: repetitions, seed: seed),
        PredictionBenchmark.printTable)
    }
    var options = SyntheticOptions.full
    options.seed = seed
    options.queries = Int(Double(options.queries) * arguments[fraction])
    if arguments[factorizations] {
      return try tell(
        SolverBenchmark.run(
          synthesized(options).benchmarks.map(\.responses.cells), factors: count, repetitions: repetitions,
          seed: seed), SolverTable.print)
    }
    if arguments[heldOut] {
      return try tell(
        HeldOutBenchmark.run(synthesized(options), factors: count, seed: seed, matrix: arguments[matrix]),
        HeldOutBenchmark.printTable)
    }
    let rate = Machine.measuredSGEMMRate()
    let (dataset, synthesis) = try timed { try synthesized(options) }
    let sweep = try FactorizationBenchmark.run(
      dataset.benchmarks.map(\.responses.cells), factors: count, repetitions: repetitions,
      seed: seed)
    let folder = try folderSpeed(dataset)
    let mmlu = try dataset.benchmark(named: "mmlu")
    let imported = try ImportBenchmark.npz(mmlu)
    let table = try ImportBenchmark.csv(mmlu, repetitions: repetitions)
    let bootstrap = try BootstrapBenchmark.run(repetitions: repetitions, seed: seed)
    let (benchmark, size) = try PoolBenchmark.data(fraction: arguments[fraction], seed: seed)
    let (_, construction) = try timed { try PoolBenchmark.construct(benchmark, size: size, seed: seed) }
    let pools = PoolBenchmark.Result(
      llms: benchmark.llms.count, queries: benchmark.queries.count, size: size, seconds: construction)
    var trained: Report.Training?
    if arguments[training] {
      var trainer = LogisticMFTrainer()
      (trainer.options.factors, trainer.options.l2, trainer.seed) = (count, .fixed(10), seed)
      let (model, seconds) = try timed { try trainer.train(on: TrainingData(dataset)) }
      trained = Report.Training(
        seconds: seconds, sweeps: model.record.history.count,
        validationLogLoss: model.record.validation?.logLoss,
        peakMemoryBytes: Machine.peakMemory)
    }
    let report = Report(
      kernel: OpenBLASKernel.current, threads: Threads.count, sgemmGigaflops: rate, llms: options.llms,
      queries: dataset.benchmarks.reduce(0) { $0 + $1.queries.count }, synthesisSeconds: synthesis,
      sweep: sweep, training: trained, folder: folder, npzImport: imported, csvImport: table,
      bootstrap: bootstrap, pools: pools, peakMemoryBytes: Machine.peakMemory)
    try tell(report, printTable)
  }

  private static func synthesized(_ options: SyntheticOptions) throws -> Dataset {
    let progress = ProgressLine("generating", total: 100, unit: "percent")
    defer { progress.finish() }
    return try SyntheticGenerator.generate(options) { progress.update(Int($0 * 100)) }
  }

  private static func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Double) {
    let start = DispatchTime.now().uptimeNanoseconds
    let value = try body()
    return (value, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
  }

  private static func folderSpeed(_ dataset: Dataset) throws -> Report.Folder {
    try TemporaryOutputs.withFolder(named: "rs-bench") { folder in
      let path = "\(folder)/dataset"
      let (_, write) = try timed { try DatasetFolder.write(dataset, to: path) }
      let (_, open) = try timed { try DatasetFolder.open(path) }
      return Report.Folder(writeSeconds: write, openSeconds: open)
    }
  }

  private static func printTable(_ report: Report) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    func row(_ what: String, _ value: String, _ unit: String) { table.append([what, value, unit]) }
    row(
      "SGEMM, kernel \(report.kernel), \(report.threads) threads", fixed(report.sgemmGigaflops, 0), "GFLOP/s")
    row(
      "synthetic data, \(report.llms) LLMs × \(report.queries) queries", fixed(report.synthesisSeconds, 2),
      "s")
    row("one sweep, k = \(report.sweep.factors)", fixed(report.sweep.sweepSeconds, 3), "s")
    row("its matrix products alone", fixed(report.sweep.productSeconds, 3), "s")
    row("sweep / products", fixed(report.sweep.sweepPerProducts, 2), "×")
    row("responses in a sweep", NumberFormatting.count(report.sweep.responses), "")
    row("responses per second", fixed(report.sweep.responsesPerSecond / 1e6, 0), "million/s")
    row("write the dataset folder", fixed(report.folder.writeSeconds, 2), "s")
    row("open the dataset folder", fixed(report.folder.openSeconds, 3), "s")
    row(
      "import \(NumberFormatting.count(report.npzImport.responses)) responses from an .npz",
      fixed(report.npzImport.responsesPerSecond / 1e6, 0), "million/s")
    row(
      "import \(NumberFormatting.count(report.csvImport.responses)) rows of a CSV",
      fixed(report.csvImport.responsesPerSecond / 1e6, 1), "million/s")
    for cell in report.bootstrap {
      let what =
        "\(NumberFormatting.count(cell.resamples)) resamples, \(cell.queries) queries × "
        + "\(cell.llms) LLMs, \(cell.routers) routers"
      row(what, fixed(cell.cellSeconds, 3), "s")
      row("the same with draws shared between pools", fixed(cell.sharedDrawsSeconds, 3), "s")
    }
    row(
      "pools of \(NumberFormatting.count(report.pools.size)) among \(NumberFormatting.count(report.pools.llms)) "
        + "LLMs × \(NumberFormatting.count(report.pools.queries)) queries", fixed(report.pools.seconds, 2),
      "s")
    if let training = report.training {
      row("training with l2 10, \(training.sweeps) sweeps", fixed(training.seconds, 1), "s")
    }
    row("peak memory", NumberFormatting.bytes(report.peakMemoryBytes), "")
    try StandardOutput.write(table.render())
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    NumberFormatting.fixed(value, decimals)
  }
}
