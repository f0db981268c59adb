import CommandLineKit
import FileFormats
import RoutingData

/// `rs-data import csv`: a table of answers, long or wide.
enum ImportTableCommand {
  static let file = Positional.one("FILE", help: "CSV, TSV or JSON Lines, perhaps gzipped")
  static let wide = Option.choice(
    "wide", placeholder: "ROWS", of: WideRows.self,
    help:
      "the table is wide, and its rows are queries (each other column an LLM) or llms (each other column a query)"
  ).optional(meaning: "one row an answer")
  static let scale = Option.double(
    "scale", placeholder: "X", default: 1, in: .leastNonzeroMagnitude...Double.infinity,
    help: "the number that is the best grade, such as 100")
  static let duplicates = Option.choice(
    "duplicates", placeholder: "WHICH", of: DuplicateAnswers.self, default: .error,
    help: "what counts where a query and an LLM have several grades that differ")
  static let queryColumn = column("query", "the query's id")
  static let llmColumn = column("llm", "the LLM's name")
  static let scoreColumn = column("score", "the grade")
  static let benchmarkColumn = column("benchmark", "the query's benchmark")
  static let subscenarioColumn = column("subscenario", "the query's sub-scenario")
  static let splitColumn = column("split", "train, validation or test")
  static let promptColumn = column("prompt", "the query's text")
  static let costColumn = column("cost", "what the answer cost")
  static let costSuffix = Option.string(
    "cost-suffix", placeholder: "TEXT",
    help: "with --wide queries: the column LLM and this text holds what the answers of the column LLM cost"
  ).optional(meaning: "no costs")
  static let memoryLimit = Option.integer(
    "memory-limit", placeholder: "GIB", in: 1...65_536,
    help: "memory that the matrix of queries × LLMs may take; more is refused before it is taken"
  ).optional(meaning: "128 MiB, or 16 times the file's size")
  static let embeddings = Option.string(
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

  /// What a table and the files of an evaluation harness share.
  static let answers: [any OptionDeclaration] = [
    scale, duplicates, embeddings, embeddingIDs, embeddingsOrder, memoryLimit,
  ]

  static let command = Command(
    name: "csv",
    summary:
      "Import a table with a row query,llm,score for each graded answer: CSV with commas, tabs or semicolons, or JSON "
      + "Lines with such keys. The columns benchmark, subscenario, split (train, validation or val, test), prompt and "
      + "cost (of the answer, from 0 on) are used where they are there; a note names the others. Pairs without a row, or with a score that is empty, NA, NaN "
      + "or null, stay missing.",
    options: [
      wide, queryColumn, llmColumn, scoreColumn, benchmarkColumn, subscenarioColumn, splitColumn,
      promptColumn, costColumn, costSuffix,
      ImportCommand.benchmarkFrom,
    ] + answers + ImportCommand.common, positional: [file],
    examples: [
      "rs-data import csv answers.csv --embeddings queries.csv --output mine/",
      "rs-data import csv matrix.csv --wide queries --scale 100 --output mine/",
    ]
  ) { arguments in
    let embeddings = try embeddingsFile(arguments)
    let names = try columnNames(arguments)
    try ImportCommand.finish(arguments) { options in
      var options = options
      try read(arguments, into: &options)
      (options.columns, options.wide) = (names, arguments[wide])
      return try CSVImporter.load(arguments[file], embeddings: embeddings, options: options)
    }
  }

  /// The embeddings that go with the answers.
  static func embeddingsFile(_ arguments: Arguments) throws -> EmbeddingsFile? {
    let (file, ids, order) = (arguments[embeddings], arguments[embeddingIDs], arguments[embeddingsOrder])
    if file == nil, ids != nil || order != nil {
      throw UsageError("'--embedding-ids' and '--embeddings-order' need '--embeddings'")
    }
    if ids != nil, order != nil {
      throw UsageError("choose one of '--embedding-ids' and '--embeddings-order'")
    }
    return file.map { EmbeddingsFile(path: $0, ids: ids, isInOrderOfAnswers: order == .file) }
  }

  /// Takes over the options that are about grades.
  static func read(_ arguments: Arguments, into options: inout ImportOptions) throws {
    options.memoryLimit = arguments[memoryLimit].map { $0 << 30 }
    (options.scale, options.duplicates) = (arguments[scale], arguments[duplicates])
  }

  private static func column(_ name: String, _ meaning: String) -> Option<String?> {
    Option.string("\(name)-column", placeholder: "NAME", help: "the column of \(meaning)").optional(
      meaning: name)
  }

  private static func columnNames(_ arguments: Arguments) throws -> AnswerColumnNames {
    if arguments[benchmarkColumn] != nil, arguments[ImportCommand.benchmarkFrom] != nil {
      throw UsageError("choose one of '--benchmark-column' and '--benchmark-from'")
    }
    var names = AnswerColumnNames()
    (names.query, names.llm) = (arguments[queryColumn], arguments[llmColumn])
    (names.score, names.prompt) = (arguments[scoreColumn], arguments[promptColumn])
    (names.subscenario, names.split) = (arguments[subscenarioColumn], arguments[splitColumn])
    (names.cost, names.costSuffix) = (arguments[costColumn], arguments[costSuffix])
    if names.costSuffix != nil, arguments[wide] == nil {
      throw UsageError(
        "'--cost-suffix' needs '--wide queries': a column of one row an answer is '--cost-column'")
    }
    names.benchmark = arguments[benchmarkColumn] ?? arguments[ImportCommand.benchmarkFrom]
    if let rows = arguments[wide] {
      var without: [(option: Option<String?>, isChosen: Bool)] = [
        (scoreColumn, names.score != nil), (costColumn, names.cost != nil),
      ]
      switch rows {
      case .queries: without.append((llmColumn, names.llm != nil))
      case .llms:
        without += [
          (queryColumn, names.query != nil), (benchmarkColumn, arguments[benchmarkColumn] != nil),
          (ImportCommand.benchmarkFrom, arguments[ImportCommand.benchmarkFrom] != nil),
          (subscenarioColumn, names.subscenario != nil), (splitColumn, names.split != nil),
          (promptColumn, names.prompt != nil), (costSuffix, names.costSuffix != nil),
        ]
      }
      if let other = without.first(where: \.isChosen) {
        throw UsageError(
          "'--\(other.option.specification.name)' does not go with '--wide \(rows.rawValue)': such a table has no column of it"
        )
      }
    }
    if let clash = names.clash {
      throw UsageError(
        "column '\(clash.column)' is mapped twice: by '--\(clash.first)-column' and '--\(clash.second)-column'"
      )
    }
    return names
  }
}
