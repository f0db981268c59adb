import CommandLineKit
import FileFormats
import RoutingData

/// `rs-data import`: makes a dataset folder of other people's files.
enum ImportCommand {
  static let output = Option.string("output", placeholder: "DIR", help: "dataset folder to write")
  static let overwrite = Option.flag("overwrite", help: "replace a dataset folder that exists")
  static let add = Option.flag("add", help: "add the benchmarks to the dataset folder that exists")
  static let merge = Option.flag(
    "merge", help: "add LLMs, queries, benchmarks and answers to the dataset folder that exists")
  static let onConflict = Option.choice(
    "on-conflict", placeholder: "RULE", of: MergeRule.self, default: .error,
    help:
      "with --merge: which answer counts where the folder has another one: none (error), keep its, or replace it"
  )
  static let models = Option.list(
    "models", placeholder: "DIR,DIR",
    help: "with --merge or --add: where model folders are, to name those that the new data make stale"
  ).optional(meaning: "those beside the dataset folder")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "the benchmark's name, or the only one to take of several"
  ).optional(meaning: "from the file")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "name of the encoder of the embeddings"
  ).optional(meaning: "from the file's name")
  static let splitSeed = Option.integer(
    "split-seed", placeholder: "N", default: 0, help: "seed of the 80/10/10 split, where the data has none")
  static let llms = Option.string(
    "llms", placeholder: "FILE", help: "CSV of what is known of LLMs: a column name, and any others"
  ).optional()
  static let references = Option.list(
    "reference", placeholder: "NAME=X,NAME=X",
    help: "accuracy of a reference LLM on a benchmark, which V_R divides by"
  ).optional(meaning: "RouterEval's, where the benchmark has one of its names")
  static let common = options(naming: benchmark)

  /// The options of all importers, with the one that names benchmarks.
  static func options(naming benchmark: Option<String?>) -> [any OptionDeclaration] {
    [
      output, overwrite, add, merge, onConflict, models, benchmark, encoder, splitSeed, llms, references,
      CommonOptions.quiet,
    ]
  }

  static let scores = Option.string(
    "scores", placeholder: "FILE", help: "leaderboard_score pickle"
  ).optional(meaning: "those of the pools in --router-dataset")
  static let embeddings = Option.list(
    "embeddings", placeholder: "FILE,FILE", help: "leaderboard_embed pickles"
  ).optional()
  static let prompts = Option.string("prompts", placeholder: "FILE", help: "leaderboard_prompt pickle")
    .optional()
  static let routerDatasets = Option.list(
    "router-dataset", placeholder: "FILE,FILE",
    help: "router_dataset pickles, whose splits and pools the benchmarks get"
  ).optional()
  static let scenarios = Option.string(
    "scenarios", placeholder: "FILE", help: "JSON file of benchmarks and their sub-scenarios"
  ).optional(meaning: "RouterEval's twelve benchmarks")

  static let routerEval = Command(
    name: "routereval", summary: "Import the pickles that RouterEval publishes, executing nothing in them.",
    options: [scores, embeddings, prompts, routerDatasets, scenarios] + common,
    examples: [
      "rs-data import routereval --scores leaderboard_score/leaderboard_mmlu_pro.pkl "
        + "--embeddings sentence_bert_result.pkl --output mmlu_pro/"
    ]
  ) { arguments in
    try finish(arguments) { options in
      guard let scoreFile = arguments[scores] else {
        guard let files = arguments[routerDatasets], files.count == 1, let file = files.first,
          arguments[embeddings] == nil, arguments[prompts] == nil, arguments[scenarios] == nil
        else {
          throw UsageError("give '--scores', or one '--router-dataset' alone")
        }
        return try RouterDatasetImporter.load(file, options: options)
      }
      let files = RouterEvalFiles(
        scores: scoreFile,
        embeddings: (arguments[embeddings] ?? []).map { .init(path: $0, encoder: arguments[encoder]) },
        prompts: arguments[prompts], routerDatasets: arguments[routerDatasets] ?? [],
        scenarios: try arguments[scenarios].map { try ScenarioList(jsonFile: $0) })
      return try RouterEvalImporter.load(files, options: options)
    }
  }

  static let benchmarkFrom = Option.string(
    "benchmark-from", placeholder: "NAME",
    help:
      "the array or column that says the benchmark of each query, such as subscenario: several make several"
  ).optional(meaning: "benchmark, where it is there")
  static let npzFile = Positional.one("FILE", help: "archive with scores and models")

  static let npz = Command(
    name: "npz",
    summary:
      "Import an .npz with scores [LLMs, queries] and models. Of the queries, the arrays prompts, subscenario, "
      + "benchmark, split (train, validation or val, test), item_id, embed and embed_ENCODER are used where they "
      + "are there; a note names the others. A score of NaN is a missing answer.",
    options: [benchmarkFrom] + common, positional: [npzFile],
    examples: [
      "rs-data import npz mmlu_pro.npz --output mmlu_pro/",
      "rs-data import npz six.npz --benchmark-from subscenario --output six/",
    ]
  ) { arguments in
    try finish(arguments) { options in
      var options = options
      options.benchmarkArray = arguments[benchmarkFrom]
      return try NPZImporter.load(arguments[npzFile], options: options)
    }
  }

  static let command = Command(
    name: "import", summary: "Make a dataset folder of published or of your own files.",
    subcommands: [routerEval, npz, ImportTableCommand.command, ImportHarnessCommand.command])

  /// Imports, writes the folder and says what is in it.
  static func finish(
    _ arguments: Arguments, _ load: (ImportOptions) throws -> ImportResult
  ) throws {
    let name = arguments[benchmark]
    try ImportDestination(arguments, folder: arguments[output]).fill { options in
      var options = options
      options.benchmark = name
      return try load(options)
    }
  }
}
