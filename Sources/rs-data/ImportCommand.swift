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
  static let common: [any OptionDeclaration] = [
    output, overwrite, add, merge, onConflict, models, benchmark, encoder, splitSeed, CommonOptions.quiet,
  ]

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
    "benchmark-from", placeholder: "ARRAY",
    help: "the array that says the benchmark of each query, such as subscenario: several make several"
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

  static let csvFile = Positional.one("FILE", help: "CSV with a header")
  static let csvEmbeddings = Option.string(
    "embeddings", placeholder: "FILE",
    help:
      "query embeddings with their ids: CSV (a column query, then numbers), JSON Lines (query, embedding), "
      + ".npz (arrays ids and embed), or .npy with --embedding-ids"
  ).optional()
  static let embeddingIDs = Option.string(
    "embedding-ids", placeholder: "FILE", help: "the query id of each row of an .npy: one a line, or an .npy"
  ).optional()

  enum EmbeddingsOrder: String, CaseIterable {
    case file
  }

  static let embeddingsOrder = Option.choice(
    "embeddings-order", placeholder: "ORDER", of: EmbeddingsOrder.self,
    help:
      "for an .npy without ids: row i is the i-th query in the order of first appearance in the answers file; "
      + "wrong if either file was sorted"
  ).optional()
  static let memoryLimit = Option.integer(
    "memory-limit", placeholder: "GIB", in: 1...65_536,
    help: "memory that the matrix of queries × LLMs may take; more is refused before it is taken"
  ).optional(meaning: "128 MiB, or 16 times the file's size")

  static let csv = Command(
    name: "csv",
    summary:
      "Import a CSV with a row query,llm,score for each graded answer. The columns benchmark, subscenario, split "
      + "(train, validation or val, test) and prompt are used where they are there; a note names the others. Pairs "
      + "without a row, or with a score that is empty, NA, NaN or null, stay missing.",
    options: [csvEmbeddings, embeddingIDs, embeddingsOrder, memoryLimit] + common, positional: [csvFile],
    examples: ["rs-data import csv answers.csv --embeddings queries.csv --output mine/"]
  ) { arguments in
    let (file, ids, order) = (arguments[csvEmbeddings], arguments[embeddingIDs], arguments[embeddingsOrder])
    if file == nil, ids != nil || order != nil {
      throw UsageError("'--embedding-ids' and '--embeddings-order' need '--embeddings'")
    }
    if ids != nil, order != nil {
      throw UsageError("choose one of '--embedding-ids' and '--embeddings-order'")
    }
    let embeddings = file.map { EmbeddingsFile(path: $0, ids: ids, isInOrderOfAnswers: order == .file) }
    try finish(arguments) { options in
      var options = options
      options.memoryLimit = arguments[memoryLimit].map { $0 << 30 }
      return try CSVImporter.load(arguments[csvFile], embeddings: embeddings, options: options)
    }
  }

  static let command = Command(
    name: "import", summary: "Make a dataset folder of published or of your own files.",
    subcommands: [routerEval, npz, csv])

  /// Imports, writes the folder and says what is in it.
  private static func finish(
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
