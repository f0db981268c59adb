import CommandLineKit
import FileFormats
import Models
import NumericKernels
import Prediction
import RoutingData

/// `rs-predict`: which LLM should answer a query, how sure the model is, and at what price.
enum PredictCommand {
  static let model = Option.string("model", placeholder: "DIR", help: "model folder")
  static let embeddings = Option.string(
    "embeddings", placeholder: "FILE",
    help:
      "query embeddings: .npy, .npz, CSV or JSON Lines; - reads one a line from standard input, as numbers or a list"
  ).optional(meaning: "none")
  static let embeddingIDs = Option.string(
    "embedding-ids", placeholder: "FILE", help: "the query id of each row of an .npy"
  ).optional(meaning: "the rows' numbers from 0")
  static let text = Option.string("text", placeholder: "TEXT", help: "one query as its text").optional()
  static let texts = Option.string(
    "texts", placeholder: "FILE", help: "queries as texts, one a line; - reads them from standard input"
  ).optional(meaning: "none")
  static let encoderCommand = Option.string(
    "encoder-command", placeholder: "CMD",
    help:
      "program that turns texts into embeddings: gets one a line, answers one vector a line, keeps running"
  ).optional(meaning: "none")
  static let llms = Option.list("llms", placeholder: "A,B", help: "LLMs to choose from")
    .optional(meaning: "all that the model knows")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME",
    help: "benchmark of the model that the queries belong to, where the model knows LLMs better by benchmark"
  ).optional(meaning: "none")
  static let policy = Option.text(
    "policy", placeholder: "POLICY", default: "argmax",
    help: "how scores become picks: \(PickRecipe.forms)"
  ) { text in
    do throws(DataError) {
      _ = try PickRecipe(text)
      return nil
    } catch { return "option '--policy': \(error.description)" }
  }
  static let costs = Option.string(
    "costs", placeholder: "FILE", help: "CSV with columns llm and cost: what a query costs with each"
  ).optional(meaning: "none")
  static let price = Option.double(
    "price", placeholder: "L", in: 0...1e12,
    help: "pick by predicted response less L times the cost"
  ).optional(meaning: "cost does not count")
  static let budget = Option.double(
    "budget", placeholder: "B", in: 0...1e300, help: "the most that a query may cost"
  ).optional(meaning: "no limit")
  static let top = Option.integer(
    "top", placeholder: "K", in: 1...1_000_000, help: "a row for each of the K best LLMs of a query"
  ).optional(meaning: "the pick alone")
  static let all = Option.flag("all", help: "a row for every LLM of a query")
  static let format = Option.choice(
    "format", placeholder: "FORMAT", of: PredictionTable.Format.self, default: .csv,
    help: "what rows look like")
  static let serve = Option.flag(
    "serve", help: "answer queries line by line, one JSON object each: see docs/predict.md")
  static let log = Option.string(
    "log", placeholder: "FILE", help: "with --serve: add every pick with its propensity to a log"
  ).optional(meaning: "none")

  static let command = Command(
    name: "rs-predict",
    summary: "Say of queries how well LLMs would answer and which one to ask, by policy, price and budget.",
    options: [
      model, embeddings, embeddingIDs, text, texts, encoderCommand, llms, benchmark, policy, costs, price,
      budget, top,
      all, format, serve, log, CommonOptions.seed, CommonOptions.threads, CommonOptions.quiet,
    ],
    examples: [
      "rs-predict --model model/ --embeddings queries.npy --top 3",
      "rs-predict --model model/ --embeddings queries.npy --costs costs.csv --price 0.02",
      "rs-predict --model model/ --texts - --encoder-command './encode.py' < questions.txt",
      "rs-predict --model model/ --serve --policy epsilon:0.1 --log picks.csv",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let sources = [
      arguments[embeddings].map { _ in "--embeddings" }, arguments[text].map { _ in "--text" },
      arguments[texts].map { _ in "--texts" }, arguments[serve] ? "--serve" : nil,
    ].compactMap { $0 }
    guard sources.count == 1 else {
      throw UsageError(
        sources.isEmpty
          ? "missing queries: give '--embeddings', '--text', '--texts' or '--serve'"
          : "'\(sources[0])' and '\(sources[1])' both say where queries come from: give one of them")
    }
    guard arguments[log] == nil || arguments[serve] else { throw UsageError("'--log' goes with '--serve'") }
    guard !(arguments[all] && arguments[top] != nil) else {
      throw UsageError("choose one of '--all' and '--top'")
    }
    try requireUse(arguments)
    let costs = try arguments[costs].map { path throws(FileError) in try CostTable(path: path) }
    let rule = PickRule(
      try PickRecipe(arguments[policy]), price: arguments[price], budget: arguments[budget])
    let stored = try ModelFolder.read(arguments[model])
    let router = stored.router
    if let name = arguments[benchmark] {
      guard stored.record.benchmarks.containsName(name) else {
        throw UsageError(
          "option '--benchmark': the model was trained on \(stored.record.benchmarks.joined(separator: ", ")), not on "
            + "'\(name)'")
      }
    }
    let encoding = QueryEncoding(try encoder(arguments, of: stored), of: router)
    let seed = UInt64(arguments[CommonOptions.seed])
    if arguments[serve] {
      let lock = try arguments[log].map { try FileLock(output: $0, inputs: [arguments[model]]) }
      defer { lock?.release() }
      let service = try PredictionService(
        router, llms: arguments[llms], costs: costs, rule: rule, encoding: encoding,
        benchmark: arguments[benchmark],
        log: try arguments[log].map { path throws(FileError) in try PickLog(path: path) }, seed: seed)
      while let line = readLine() {
        guard let answer = try service.answer(to: line) else { continue }
        try StandardOutput.write(answer)
        try StandardOutput.flush()
      }
      return
    }
    let predictor = try Predictor(
      router, llms: arguments[llms], costs: costs, rule: rule, benchmark: arguments[benchmark])
    let rows: PredictionTable.Rows =
      arguments[all] ? .all : arguments[top].map { .best($0) } ?? .pick
    let table = PredictionTable(rows, arguments[format], candidates: predictor.candidates)
    var printer = PredictionPrinter(predictor, table, encoding, seed: seed)
    switch (arguments[embeddings], arguments[text], arguments[texts]) {
    case ("-"?, _, _): try printer.printLines { number, line in try Self.embedding(line, number) }
    case (let path?, _, _):
      let read = try QueryFile.embeddings(path: path, ids: arguments[embeddingIDs])
      try printer.print(ids: read.ids, read.values)
    case (_, let text?, _): try printer.print([Query(id: "0", .text(text))])
    case (_, _, "-"?): try printer.printLines { number, line in Query(id: String(number - 1), .text(line)) }
    case (_, _, let path?): try printer.print(try QueryFile.texts(path: path))
    default: break
    }
    try printer.finish()
  }

  /// Throws for options that would do nothing.
  private static func requireUse(_ arguments: Arguments) throws(UsageError) {
    if arguments[serve], arguments[all] || arguments[top] != nil || arguments.isGiven(format) {
      throw UsageError("'--all', '--top' and '--format' are not for '--serve': a line says \"top\" itself")
    }
    if arguments[embeddingIDs] != nil, arguments[embeddings] == nil || arguments[embeddings] == "-" {
      throw UsageError("'--embedding-ids' goes with '--embeddings FILE'")
    }
    if arguments[embeddings] != nil, arguments[encoderCommand] != nil {
      throw UsageError("'--encoder-command' is for texts: leave it out beside '--embeddings'")
    }
  }

  /// What turns texts into embeddings: another program, or the featurizer that the model carries.
  private static func encoder(_ arguments: Arguments, of model: StoredModel) throws -> (any TextEncoding)? {
    if let command = arguments[encoderCommand] {
      guard let length = model.router.embeddingLength else {
        throw UsageError("'--encoder-command': this model looks at no embeddings")
      }
      return try EncoderCommand(command, dimensions: length)
    }
    guard arguments[text] == nil, arguments[texts] == nil else {
      do { return try model.featurizer } catch let error as DataError {
        throw DataError("\(error.description), or name a program with --encoder-command")
      }
    }
    // A service may get embeddings alone; a text is answered with what is missing.
    return arguments[serve] ? try? model.featurizer : nil
  }

  private static func embedding(_ line: String, _ number: Int) throws(FileError) -> Query {
    guard let values = EmbeddingText.numbers(line) else {
      throw FileError(
        "standard input", at: .line(number),
        "'\(FileError.excerpt(line))' is no embedding: expected finite numbers with spaces or commas between them"
      )
    }
    return Query(id: String(number - 1), .embedding(values))
  }
}
