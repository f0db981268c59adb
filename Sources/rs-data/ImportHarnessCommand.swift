import CommandLineKit
import FileFormats
import RoutingData

/// `rs-data import harness`: what lm-evaluation-harness logs.
enum ImportHarnessCommand {
  static let paths = Positional.many("PATH", help: "samples_*.jsonl files, or folders that hold some")
  static let llm = Option.string(
    "llm", placeholder: "NAME", help: "the LLM, where the files are of one"
  ).optional(meaning: "the folder above each file")
  static let filters = Option.list(
    "filter", placeholder: "NAME,NAME", help: "for tasks with several filters: the first one that a task has"
  ).optional(meaning: "the only one")
  static let metrics = Option.list(
    "metric", placeholder: "NAME,NAME", help: "for tasks with several metrics: the first one that a task has"
  ).optional(meaning: "the only one")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "one benchmark of all tasks, which become its sub-scenarios"
  ).optional(meaning: "a benchmark a task")

  static let command = Command(
    name: "harness",
    summary:
      "Import the answers that lm-evaluation-harness writes with --log_samples: LLM/samples_TASK_TIME.jsonl. Each task "
      + "becomes a benchmark, a query is called TASK/doc_id. Of several runs of one LLM and task the newest counts.",
    options: [llm, filters, metrics] + ImportTableCommand.answers
      + ImportCommand.options(naming: benchmark),
    positional: [paths],
    examples: [
      "rs-data import harness results/ --metric acc_norm,acc,exact_match --filter strict-match,none --output mine/"
    ]
  ) { arguments in
    let embeddings = try ImportTableCommand.embeddingsFile(arguments)
    let choices = HarnessChoices(
      llm: arguments[llm], filters: arguments[filters] ?? [], metrics: arguments[metrics] ?? [])
    try ImportDestination(arguments, folder: arguments[ImportCommand.output]).fill { options in
      var options = options
      try ImportTableCommand.read(arguments, into: &options)
      options.benchmark = arguments[benchmark]
      return try HarnessImporter.load(
        arguments[paths], choices: choices, embeddings: embeddings, options: options)
    }
  }
}
