import CommandLineKit
import Dispatch
import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import RoutingData

/// `rs-train`: learns a model from a dataset folder and writes a model folder.
///
/// Each model has options of its own, so the command depends on `--model`.
struct TrainCommand<T: Trainer> {
  static var data: Option<String> { .string("data", placeholder: "DIR", help: "dataset folder") }
  static var model: Option<String> {
    .choice(
      "model", placeholder: "NAME", of: TrainerCatalog.names, default: T.algorithm, help: "what to train")
  }
  static var output: Option<String> { .string("output", placeholder: "DIR", help: "model folder to write") }
  static var overwrite: Option<Bool> { .flag("overwrite", help: "replace a model folder that exists") }
  static var benchmarks: Option<[String]?> {
    Option.list("benchmarks", placeholder: "A,B", help: "benchmarks to train on").optional(meaning: "all")
  }
  static var encoder: Option<String?> {
    Option.string("encoder", placeholder: "NAME", help: "whose query embeddings to use")
      .optional(meaning: "the only one")
  }
  static var pool: Option<String?> {
    Option.string(
      "pool", placeholder: "BENCHMARK/M/GROUP",
      help: "train on the candidates of one pool alone, such as gsm8k/5/all_strong"
    ).optional(meaning: "all LLMs")
  }
  static var poolsFrom: Option<PoolQueries> {
    .choice(
      "pools-from", placeholder: "PART", of: PoolQueries.self, default: .all,
      help: "queries that --pool is constructed on, as for rs-eval")
  }
  static var skipEmpty: Option<Bool> {
    .flag("skip-empty", help: "leave out LLMs and train queries without any response instead of stopping")
  }
  static var patience: Option<Int> {
    .integer(
      "patience", placeholder: "N", default: TrainingRun<T>.standardPatience, in: 0...100_000,
      help:
        "stop when validation has not become better for N epochs, and keep the best epoch; 0 never stops")
  }
  static var selectBy: Option<SelectionCriterion> {
    .choice(
      "select-by", placeholder: "METRIC", of: SelectionCriterion.self, default: .logLoss,
      help: "the validation metric that chooses epochs, settings marked auto and trials of a search")
  }
  static var checkpointEvery: Option<Int?> {
    Option.integer(
      "checkpoint-every", placeholder: "N", in: 1...1_000_000,
      help: "save the state every N epochs, to OUTPUT.checkpoint"
    ).optional(meaning: "never")
  }
  static var search: Option<Int?> {
    Option.integer(
      "search", placeholder: "N", in: 1...100_000,
      help:
        "random search: N trials over the settings that show a search range, judged on validation; "
        + "finished trials are kept in OUTPUT.search until the end"
    ).optional(meaning: "no search")
  }
  static var resume: Option<Bool> {
    .flag(
      "resume",
      help: "go on from OUTPUT.checkpoint or OUTPUT.search, to the same bits; start if there is none")
  }

  /// An option for each setting of the model.
  static var settings: [any OptionDeclaration] { T.settings.map(SettingOption.init) }

  static var command: Command {
    Command(
      name: "rs-train",
      summary:
        "Learn LLM and query embeddings from the train queries of a dataset. Options of \(T.algorithm) "
        + "(\(T.summary)); other models list theirs with --model NAME --help.",
      options: [data, model, output, overwrite, benchmarks, encoder, pool, poolsFrom, skipEmpty]
        + settings
        + [patience, selectBy, checkpointEvery, search, resume] + CommonOptions.all,
      examples: [
        "rs-train --data mmlu_pro/ --model \(T.algorithm) --output model/",
        "rs-train --data mmlu_pro/ --model \(T.algorithm) --search 20 --output model/",
      ],
      run: run)
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    var trainer = T()
    trainer.seed = UInt64(arguments[CommonOptions.seed])
    var given: Set<String> = []
    for setting in T.settings {
      let option = SettingOption(setting)
      guard let text = option.text(in: arguments) else { continue }
      given.insert(setting.name)
      try setting.set(text, in: &trainer)
    }
    let output = arguments[output]
    let stem = String(output.reversed().drop { $0 == "/" }.reversed())
    let patience = arguments[patience] == 0 ? nil : arguments[patience]
    guard arguments[search] == nil || arguments[checkpointEvery] == nil else {
      throw UsageError("'--checkpoint-every' does not go with '--search', which keeps every finished trial")
    }
    let saved = ["\(stem).checkpoint", "\(stem).search"]
    let lock = try FileLock(output: output, companions: saved, inputs: [arguments[data]])
    defer { lock.release() }
    InterruptionAdvice.set {
      saved.first { FileManager.default.fileExists(atPath: $0) }
        .map { "\($0) is kept: the same command with --resume goes on from it" }
    }
    // An output that can't be written is found before the work, not after.
    try AtomicFolder.check(output, replacing: arguments[overwrite], marker: ModelFolder.marker)
    let dataset = try DatasetFolder.open(arguments[data])
    let training = try TrainingData(
      dataset, benchmarks: arguments[benchmarks] ?? [], encoder: arguments[encoder],
      pool: try candidates(arguments, of: dataset), empty: arguments[skipEmpty] ? .skip : .refuse)
    noteSkipped(training)
    // Fewer factors than the default are nothing to complain of on small data.
    if given.contains("factors"), let factors = trainer.settingTexts["factors"].flatMap(Int.init) {
      try training.require(factors: factors)
    }
    let start = DispatchTime.now().uptimeNanoseconds
    let progress = TrainingLine(responses: training.trainResponseCount)
    defer { progress.finish() }
    var model: TrainedModel<T.Fit.Model>
    let cleanUp: () -> Void
    // The state of another kind of run would be left behind, with nothing that could go on with it.
    try requireAbsent(
      "\(stem).\(arguments[search] == nil ? "search" : "checkpoint")",
      arguments[search] == nil ? "a search" : "a run without a search")
    if let trials = arguments[search] {
      let search = HyperparameterSearch(
        trainer, fixed: given, trials: trials, patience: patience,
        criterion: arguments[selectBy], path: "\(stem).search",
        resumes: arguments[resume])
      try search.check()
      model = try search.train(on: training, report: progress.update)
      cleanUp = { try? FileManager.default.removeItem(atPath: search.path) }
    } else {
      let plan = CheckpointPlan(
        path: "\(stem).checkpoint", interval: arguments[checkpointEvery] ?? .max, resumes: arguments[resume])
      try plan.check()
      model = try TrainingRun(
        trainer, patience: patience, criterion: arguments[selectBy], checkpoints: plan
      )
      .train(on: training, report: progress.update)
      cleanUp = plan.remove
    }
    progress.finish()
    model.record.datasetFolder = URL(filePath: arguments[data]).standardizedFileURL.path
    try AtomicFolder.write(
      to: output, replacing: arguments[overwrite], marker: ModelFolder.marker
    ) { folder in try ModelFolder.write(StoredModel(model), into: folder) }
    cleanUp()
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    try TrainingReport(
      model: StoredModel(model), data: training, seconds: seconds, output: output,
      factorsAreGiven: given.contains("factors")
    )
    .print(asJSON: arguments[CommonOptions.json])
  }

  /// The candidates that `--pool` names.
  private static func candidates(
    _ arguments: Arguments, of dataset: Dataset
  ) throws -> TrainingData.Pool? {
    guard let text = arguments[pool] else { return nil }
    guard arguments[benchmarks] == nil else {
      throw UsageError("'--pool' names a benchmark: leave '--benchmarks' out")
    }
    let name: PoolName
    do throws(DataError) { name = try PoolName(text) } catch {
      throw UsageError("option '--pool': \(error.description)")
    }
    var pools = BenchmarkPools(
      try dataset.benchmark(named: name.benchmark), from: arguments[poolsFrom])
    let chosen = try pools.pool(
      size: name.size, group: name.group, seed: UInt64(arguments[CommonOptions.seed]))
    return TrainingData.Pool(benchmark: name.benchmark, llms: chosen.pool.llms)
  }

  private static func requireAbsent(_ path: String, _ what: String) throws(FileError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    throw FileError(
      path, "is the state of \(what) that did not end: go on with that by --resume, or delete it")
  }

  private static func noteSkipped(_ data: TrainingData) {
    guard data.skipped.llms + data.skipped.queries > 0 else { return }
    Log.note(
      "left out without any response: \(NumberFormatting.count(data.skipped.llms)) LLMs, "
        + "\(NumberFormatting.count(data.skipped.queries)) train queries")
  }
}
