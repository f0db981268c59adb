import CommandLineKit
import FileFormats
import Models
import RoutingData

/// The dataset folder that an import makes or adds to; checked before the work, filled after it.
struct ImportDestination {
  private enum Mode {
    case make, replace, add
    case merge(MergeRule)
  }

  private let folder: String
  private let mode: Mode
  private let options: ImportOptions
  private let additions: ImportAdditions
  /// Where models may be that the new data make stale; nil beside the folder.
  private let models: [String]?
  /// Keeps other processes out until the import is over.
  private let lock: FileLock

  /// Reads `--add`, `--merge`, `--overwrite`, what belongs to them, `--encoder` and `--split-seed`.
  init(_ arguments: Arguments, folder: String) throws {
    mode = try Self.mode(arguments)
    models = arguments[ImportCommand.models]
    switch mode {
    case .add, .merge: break
    case .make, .replace:
      if models != nil { throw UsageError("'--models' needs '--merge' or '--add'") }
    }
    do {
      additions = try ImportAdditions(
        llms: arguments[ImportCommand.llms], references: arguments[ImportCommand.references] ?? [])
    } catch {
      throw UsageError(error.description)
    }
    self.folder = folder
    lock = try FileLock(output: folder)
    options = ImportOptions(
      encoder: arguments[ImportCommand.encoder], splitSeed: UInt64(arguments[ImportCommand.splitSeed]))
    switch mode {
    case .add, .merge: try DatasetFolder.checkGrowth(folder)
    case .make: try DatasetFolder.checkOutput(folder, replacing: false)
    case .replace: try DatasetFolder.checkOutput(folder, replacing: true)
    }
  }

  private static func mode(_ arguments: Arguments) throws -> Mode {
    let (add, merge) = (arguments[ImportCommand.add], arguments[ImportCommand.merge])
    let replace = arguments[ImportCommand.overwrite]
    let rule = arguments[ImportCommand.onConflict]
    guard [add, merge, replace].count(where: { $0 }) <= 1 else {
      throw UsageError("choose one of '--add', '--merge' and '--overwrite'")
    }
    if merge { return .merge(rule) }
    guard rule == .error else { throw UsageError("'--on-conflict' needs '--merge'") }
    return add ? .add : replace ? .replace : .make
  }

  /// Imports, writes the folder and says what is in it.
  func fill(_ load: (ImportOptions) throws -> ImportResult) throws {
    defer { lock.release() }
    let progress = ProgressLine("importing", total: 100, unit: "percent")
    var options = options
    options.progress = { progress.update(Int($0 * 100)) }
    let result = try additions.applied(to: load(options))
    progress.finish()
    for note in result.notes { Log.note(note) }
    var dataset = result.dataset
    switch mode {
    case .make: try DatasetFolder.write(dataset, to: folder)
    case .replace: try DatasetFolder.write(dataset, to: folder, replacing: true)
    case .add:
      let old = try DatasetFolder.open(folder)
      try DatasetFolder.add(dataset, to: folder)
      dataset = try DatasetFolder.open(folder)
      noteGrowth(from: old.hash, to: dataset.hash)
    case .merge(let rule):
      let merged = try DatasetFolder.merge(dataset, into: folder, rule: rule, splitSeed: options.splitSeed)
      for note in merged.summary.notes { Log.note(note) }
      Log.note(Self.text(merged.summary, rule))
      dataset = merged.dataset
      noteGrowth(from: merged.oldHash, to: dataset.hash)
    }
    try StandardOutput.writeLine(DatasetSummary.line(dataset, folder: folder))
  }

  /// What a merge added, and which of the answers that contradict each other count.
  private static func text(_ summary: MergeSummary, _ rule: MergeRule) -> String {
    guard !summary.changesNothing(by: rule) || summary.contradicting > 0 else {
      return "nothing is new: the folder was left as it is"
    }
    func count(_ value: Int, _ one: String, _ many: String) -> String {
      "\(NumberFormatting.count(value)) \(value == 1 ? one : many)"
    }
    var text =
      "new: \(count(summary.benchmarks, "benchmark", "benchmarks")), \(count(summary.llms, "LLM", "LLMs")), "
      + "\(count(summary.queries, "query", "queries")), \(count(summary.answers, "answer", "answers")); "
      + "\(NumberFormatting.count(summary.agreeing)) were there already"
    if summary.contradicting > 0 {
      text +=
        "; \(count(summary.contradicting, "answer contradicts", "answers contradict")) what was there and "
        + (rule == .keep ? "did not replace it" : "replaced it")
    }
    return text
  }

  /// Names both hashes and the models that were trained on the data as they were.
  private func noteGrowth(from old: String?, to new: String?) {
    guard let old, let new, old != new else { return }
    Log.note("the dataset's hash was \(old) and is \(new)")
    let stale = ModelFolder.trained(on: old, in: models ?? [ModelFolder.surroundings(of: folder)])
    guard !stale.isEmpty else { return }
    Log.note(
      "\(stale.count == 1 ? "a model is" : "\(stale.count) models are") stale, trained on the data as they were: "
        + "\(stale.joined(separator: ", ")); train again with 'rs-train --data \(folder) … --overwrite'")
  }
}
