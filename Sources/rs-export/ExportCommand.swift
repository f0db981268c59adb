import CommandLineKit
import FileFormats
import Models
import NumericKernels

/// `rs-export`: writes learned embeddings, or the nearest LLMs of each, in a format that other tools read.
enum ExportCommand {
  enum What: String, CaseIterable {
    case llms, queries
  }

  static let model = Option.string("model", placeholder: "DIR", help: "model folder")
  static let what = Option.choice(
    "what", placeholder: "KIND", of: What.self, default: .llms, help: "whose embeddings")
  static let format = Option.choice(
    "format", placeholder: "FORMAT", of: EmbeddingFormat.self,
    help: "file format; npy writes the names beside it, to <stem>.names.txt"
  ).optional(meaning: "as the output ends, else npy")
  static let normalize = Option.flag(
    "normalize", help: "divide each embedding by its length, so that products are cosines")
  static let neighbours = Option.integer(
    "neighbours", placeholder: "K", in: 1...1_000_000,
    help: "write the K nearest LLMs of each LLM instead: JSON where the output ends in .json, else CSV"
  ).optional(meaning: "none")
  static let similarity = Option.choice(
    "similarity", placeholder: "NAME", of: LLMSimilarity.self, default: .agreement,
    help:
      "with --neighbours: agreement is the share of queries that both are expected to answer alike, correlation that "
      + "of their predicted responses, cosine that of their factors")
  static let data = Option.string(
    "data", placeholder: "DIR", help: "the model's dataset folder, for the queries' ids and embeddings"
  ).optional(meaning: "where the model was trained")
  static let output = Option.string(
    "output", placeholder: "PATH", help: "file to write; a folder for projector")
  static let overwrite = Option.flag("overwrite", help: "replace a file or a projector folder that exists")

  static let command = Command(
    name: "rs-export",
    summary:
      "Write the embeddings of a model for numpy, gensim, TensorBoard and others, or the nearest neighbours of each "
      + "LLM. Queries are all those of the dataset, under their ids.",
    options: [
      model, what, format, normalize, neighbours, similarity, data, output, overwrite, CommonOptions.threads,
      CommonOptions.quiet,
    ],
    examples: [
      "rs-export --model model/ --what llms --format npy --output llm_embeddings.npy",
      "rs-export --model model/ --neighbours 10 --output neighbours.csv",
    ]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let isOfNeighbours = arguments[neighbours] != nil
    if isOfNeighbours, arguments[Self.format] != nil || arguments[normalize] || arguments[what] == .queries {
      throw UsageError(
        "'--neighbours' are LLMs, as CSV or JSON: leave '--what', '--format' and '--normalize' out")
    }
    if !isOfNeighbours, arguments.isGiven(similarity) {
      throw UsageError("'--similarity' needs '--neighbours'")
    }
    let (path, replacing) = (arguments[output], arguments[overwrite])
    let format = chosenFormat(arguments)
    let lock = try FileLock(
      output: path, companions: isOfNeighbours ? [] : format.companions(of: path),
      inputs: [arguments[model]] + [arguments[data]].compactMap { $0 })
    defer { lock.release() }
    try isOfNeighbours
      ? AtomicFile.check(path, replacing: replacing) : format.check(path, replacing: replacing)
    let stored = try ModelFolder.read(arguments[model])
    if let count = arguments[neighbours] {
      try write(count, of: stored, arguments)
    } else {
      try write(table(of: stored, arguments), arguments)
    }
  }

  /// The format that was asked for, or that the output's ending says.
  private static func chosenFormat(_ arguments: Arguments) -> EmbeddingFormat {
    arguments[format]
      ?? [.npz, .safetensors, .csv].first { arguments[output].hasSuffix(".\($0.rawValue)") } ?? .npy
  }

  private static func table(of stored: StoredModel, _ arguments: Arguments) throws -> EmbeddingTable {
    guard arguments[what] == .queries else {
      let table = try stored.factorModel().llmEmbeddings
      if 2 * table.vectors.columns > table.names.count {
        Log.note(
          "\(table.vectors.columns) factors for \(table.names.count) LLMs give each LLM a direction of its own: cosines are "
            + "near 0; for what is alike see --neighbours, or train with fewer --factors")
      }
      return table
    }
    let export = try QueryExport(stored, data: arguments[data])
    for note in export.notes { Log.note(note) }
    return export.table
  }

  private static func write(_ table: EmbeddingTable, _ arguments: Arguments) throws {
    let table = arguments[normalize] ? table.normalized : table
    let written = try chosenFormat(arguments).write(
      table, to: arguments[output], replacing: arguments[overwrite])
    for note in written.notes { Log.note(note) }
    try StandardOutput.writeLine(
      "\(NumberFormatting.count(table.names.count)) embeddings of \(table.vectors.columns) factors: "
        + written.files.joined(separator: ", "))
  }

  private static func write(_ count: Int, of stored: StoredModel, _ arguments: Arguments) throws {
    let model = try stored.factorModel()
    let similarity = arguments[similarity]
    var queries = model.trainVectors
    if queries.isEmpty, similarity != .cosine {
      queries = try QueryExport(stored, data: arguments[data]).vectors
    }
    let found = try similarity.neighbours(count, of: model, queries: queries)
    try NeighbourTable(found, of: model.identity.llms, by: similarity)
      .write(to: arguments[output], replacing: arguments[overwrite])
    try StandardOutput.writeLine(
      "the \(found.first?.count ?? 0) nearest of \(NumberFormatting.count(found.count)) LLMs by \(similarity.rawValue): "
        + arguments[output])
  }
}
