import CommandLineKit
import Debiasing
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
  static var data: Option<String?> {
    Option.string("data", placeholder: "DIR", help: "dataset folder").optional(meaning: "--log says it")
  }
  static var log: Option<String?> {
    Option.string(
      "log", placeholder: "DIR",
      help: "dataset folder with a log, to learn from what the log saw instead of from all responses"
    ).optional(meaning: "no log")
  }
  static var logName: Option<String?> {
    Option.string("log-name", placeholder: "NAME", help: "with --log: which log of the folder")
      .optional(meaning: "the only one")
  }
  static var debias: Option<DebiasMethod> {
    .choice(
      "debias", placeholder: "METHOD", of: DebiasMethod.self, default: .auto,
      help:
        "what to do about the policy that made --log: kernel-ridge and ridge know all methods, other models auto, "
        + "none and ipw")
  }
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
      options: [
        data, log, logName, debias, model, output, overwrite, benchmarks, encoder, pool, poolsFrom, skipEmpty,
      ]
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
    let source = try source(arguments)
    let output = arguments[output]
    let stem = String(output.reversed().drop { $0 == "/" }.reversed())
    guard arguments[search] == nil || arguments[checkpointEvery] == nil else {
      throw UsageError("'--checkpoint-every' does not go with '--search', which keeps every finished trial")
    }
    let saved = ["\(stem).checkpoint", "\(stem).search"]
    let lock = try FileLock(output: output, companions: saved, inputs: [source])
    defer { lock.release() }
    let isSearch = arguments[search] != nil
    InterruptionAdvice.set {
      saved.first { FileManager.default.fileExists(atPath: $0) }
        .map { "\($0) is kept: the same command with --resume goes on from it" }
        ?? (isSearch
          ? "no trial was finished"
          : "nothing is kept: --checkpoint-every N keeps states that --resume goes on from")
    }
    // An output that can't be written is found before the work, not after.
    try AtomicFolder.check(output, replacing: arguments[overwrite], marker: ModelFolder.marker)
    let dataset = try DatasetFolder.open(source)
    let start = DispatchTime.now().uptimeNanoseconds
    let run = ModelRun(trainer: trainer, arguments: arguments, given: given, stem: stem)
    // The state of another kind of run would be left behind, with nothing that could go on with it.
    try run.requireNoOther()
    var model: StoredModel
    var training: TrainingData?
    if arguments[Self.log] != nil {
      model = try logged(dataset, arguments, run)
    } else {
      let data = try TrainingData(
        dataset, benchmarks: arguments[benchmarks] ?? [], encoder: arguments[encoder],
        pool: try candidates(arguments, of: dataset), empty: arguments[skipEmpty] ? .skip : .refuse,
        withoutEmbeddings: T.learnsWithoutEmbeddings)
      noteSkipped(data)
      noteWithoutEmbeddings(data)
      training = data
      model = StoredModel(try run.train(trainer, on: data))
    }
    model.rememberEncoders(of: dataset)
    model.record.datasetFolder = URL(filePath: source).standardizedFileURL.path
    let made = model
    try AtomicFolder.write(
      to: output, replacing: arguments[overwrite], marker: ModelFolder.marker
    ) { folder in try ModelFolder.write(made, into: folder) }
    run.cleanUp()
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    try TrainingReport(
      model: model, data: training, seconds: seconds, output: output,
      factorsAreGiven: given.contains("factors")
    )
    .print(asJSON: arguments[CommonOptions.json])
  }

  /// The folder to learn from.
  private static func source(_ arguments: Arguments) throws(UsageError) -> String {
    switch (arguments[data], arguments[log]) {
    case (let folder?, nil):
      guard !arguments.isGiven(debias) else { throw UsageError("'--debias' goes with '--log'") }
      guard !arguments.isGiven(logName) else { throw UsageError("'--log-name' goes with '--log'") }
      return folder
    case (nil, let folder?):
      guard arguments[pool] == nil, arguments[benchmarks] == nil else {
        throw UsageError(
          "a log says which benchmark and LLMs it is of: leave '--pool' and '--benchmarks' out")
      }
      return folder
    case (nil, nil): throw UsageError("missing option '--data' (or '--log')")
    case (_?, _?): throw UsageError("'--data' and '--log' name two folders: give one of them")
    }
  }

  /// A model of the only log of a dataset.
  private static func logged(_ dataset: Dataset, _ arguments: Arguments, _ run: ModelRun<T>) throws
    -> StoredModel
  {
    let training = try LogTraining(
      dataset.log(named: arguments[logName]), of: dataset, debias: arguments[debias],
      encoder: arguments[encoder])
    for note in training.notes { Log.note(note) }
    let method = training.method(closedForm: LogTraining.isClosedForm(run.trainer))
    guard method == DebiasMethod.none || method == .ipw || !run.isKept else {
      throw UsageError(
        "'--search', '--checkpoint-every' and '--resume' keep one kind of run: with them choose '--debias none' or 'ipw'"
      )
    }
    return try training.train(run.trainer) { trainer, data in
      noteSkipped(data)
      return try run.train(trainer, on: data)
    }
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
    let pool = try dataset.pool(
      name, from: arguments[poolsFrom], seed: UInt64(arguments[CommonOptions.seed])
    ).pool
    return TrainingData.Pool(benchmark: name.benchmark, llms: pool.llms)
  }

  private static func noteWithoutEmbeddings(_ data: TrainingData) {
    guard !data.hasEmbeddings else { return }
    let all = data.trainResponseCount + data.heldOutCount
    Log.note(
      "no query embeddings: \(NumberFormatting.count(data.heldOutCount)) of \(NumberFormatting.count(all)) answers to train "
        + "queries are held out to validate on; the model knows these queries alone and can't route others")
  }

  static func noteSkipped(_ data: TrainingData) {
    guard data.skipped.llms + data.skipped.queries > 0 else { return }
    Log.note(
      "left out without any response: \(NumberFormatting.count(data.skipped.llms)) LLMs, "
        + "\(NumberFormatting.count(data.skipped.queries)) train queries")
  }
}
