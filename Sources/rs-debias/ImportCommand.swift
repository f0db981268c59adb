import CommandLineKit
import FileFormats
import NumericKernels
import RoutingData

/// `rs-debias import`: a log that somebody has, joined with a dataset that holds its queries.
enum ImportCommand {
  static let file = Positional.one("FILE", help: "the log: CSV, JSON Lines or Vowpal Wabbit's text")
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder that holds the queries")
  static let format = Option.choice(
    "format", placeholder: "NAME", of: LogFormat.self, help: "the file's format"
  ).optional(meaning: "told by its first line")
  static let costs = Option.choice(
    "costs", placeholder: "MEANING", of: CostMeaning.self, default: .negative,
    help: "what a cost of vw and dsjson is: −response (negative) or 1 − response (loss)")
  static let name = Option.string(
    "name", placeholder: "NAME", default: "log", help: "the log's name in the folder")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "dataset folder to write: the log, and the answers that it saw")
  static let overwrite = Option.flag("overwrite", help: "replace a dataset folder that exists")

  static let command = Command(
    name: "import",
    summary:
      "Read a log and join it with the queries of a dataset. Formats: csv and jsonl with query, llm, response and "
      + "propensity, perhaps candidates, grade_propensity, audited, policy, time, cost; vw (action:cost:probability | "
      + "features, or ADF blocks); dsjson; obp (item_id, click, propensity_score); banditml (context, action, "
      + "action_prob, reward). Formats that number LLMs mean the order of --llms or --pool.",
    options: [data, format] + PoolOptions.all + [costs, name, output, overwrite] + CommonOptions.all,
    positional: [file],
    examples: [
      "rs-debias import served.csv --data gsm8k/ --output log/",
      "rs-debias import cb.vw --data gsm8k/ --llms llama,qwen,phi --output log/",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let lock = try FileLock(output: arguments[output], inputs: [arguments[file], arguments[data]])
    defer { lock.release() }
    try DatasetFolder.checkOutput(arguments[output], replacing: arguments[overwrite])
    let importer = try LogImporter(
      arguments[file], format: arguments[format], costs: arguments[costs])
    let dataset = try DatasetFolder.open(arguments[data])
    let (benchmark, names) = try PoolOptions.names(arguments, of: dataset)
    let result = try importer.load(
      named: arguments[name], of: benchmark, in: dataset, llms: names)
    try DatasetFolder.write(result.dataset, to: arguments[output], replacing: arguments[overwrite])
    for note in result.notes { CommandLineKit.Log.note(note) }
    try LogSummary(result.dataset.log(), of: result.dataset).print(asJSON: arguments[CommonOptions.json])
    CommandLineKit.Log.note("wrote \(arguments[output])")
  }
}
