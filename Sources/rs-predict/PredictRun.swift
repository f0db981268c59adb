import CommandLineKit
import FileFormats
import Models
import NumericKernels
import Prediction
import RoutingData

extension PredictCommand {
  /// Answers the queries that the options name.
  static func answer(_ arguments: Arguments) throws {
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
    let (log, output) = (arguments[log], arguments[output])
    let lock = try (log ?? output).map { path throws(FileError) in
      try FileLock(output: path, inputs: [arguments[model]])
    }
    defer { lock?.release() }
    if let output { try AtomicFile.check(output, replacing: arguments[overwrite]) }
    let costs = try arguments[costs].map { path throws(FileError) in try CostTable(path: path) }
    let rule = PickRule(
      try PickRecipe(arguments[policy]), price: arguments[price], budget: arguments[budget])
    let stored = try ModelFolder.read(arguments[model])
    if let name = arguments[benchmark] {
      guard stored.record.benchmarks.containsName(name) else {
        throw UsageError(
          "option '--benchmark': the model was trained on \(stored.record.benchmarks.joined(separator: ", ")), not on "
            + "'\(name)'")
      }
    }
    let encoding = QueryEncoding(try encoder(arguments, of: stored), of: stored.router)
    guard !arguments[serve] else {
      let service = try PredictionService(
        stored.router, llms: arguments[llms], costs: costs, rule: rule, encoding: encoding,
        benchmark: arguments[benchmark],
        log: try log.map { path throws(FileError) in try PickLog(path: path) },
        seed: UInt64(arguments[CommonOptions.seed]))
      while let line = readLine() {
        guard let answer = try service.answer(to: line) else { continue }
        try StandardOutput.write(answer)
        try StandardOutput.flush()
      }
      try encoding.finish()
      return
    }
    let predictor = try Predictor(
      stored.router, llms: arguments[llms], costs: costs, rule: rule, benchmark: arguments[benchmark])
    try print(predictor, encoding, arguments)
  }

  /// Answers all queries, in the format that was asked for.
  private static func print(
    _ predictor: Predictor, _ encoding: QueryEncoding, _ arguments: Arguments
  ) throws {
    let format = chosenFormat(arguments)
    let rows: PredictionTable.Rows =
      arguments[all] ? .all : arguments[top].map { .best($0) } ?? .pick
    let table = PredictionTable(rows, isCSV: format == .csv, candidates: predictor.candidates)
    switch (arguments[output], format.isArrays) {
    case (let path?, true):
      let arrays = PredictionArrays(candidates: predictor.candidates)
      try print(predictor, arrays, encoding, arguments)
      for note in try arrays.write(format, to: path) { Log.note(note) }
    case (let path?, false):
      try PredictionLines.write(table, to: path) { try print(predictor, $0, encoding, arguments) }
    case (nil, _):
      let lines = PredictionLines(table) { try StandardOutput.write($0) }
      try print(predictor, lines, encoding, arguments)
    }
  }

  private static func print(
    _ predictor: Predictor, _ output: any PredictionOutput, _ encoding: QueryEncoding, _ arguments: Arguments
  ) throws {
    var printer = PredictionPrinter(
      predictor, output, encoding, seed: UInt64(arguments[CommonOptions.seed]))
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
    if arguments[serve],
      arguments[all] || arguments[top] != nil || arguments[format] != nil || arguments[output] != nil
    {
      throw UsageError(
        "'--all', '--top', '--format' and '--output' are not for '--serve': a line says \"top\" itself")
    }
    if arguments[overwrite], arguments[output] == nil {
      throw UsageError("'--overwrite' goes with '--output'")
    }
    let format = chosenFormat(arguments)
    if format.isArrays, arguments[output] == nil {
      throw UsageError("'--format \(format.rawValue)' is no text: name a file with '--output FILE'")
    }
    if format.isArrays, arguments[all] || arguments[top] != nil {
      throw UsageError("'--all' and '--top' are for rows: arrays hold every LLM, see '--llms' for fewer")
    }
    if arguments[embeddingIDs] != nil, arguments[embeddings] == nil || arguments[embeddings] == "-" {
      throw UsageError("'--embedding-ids' goes with '--embeddings FILE'")
    }
    if arguments[embeddings] != nil, arguments[encoderCommand] != nil {
      throw UsageError("'--encoder-command' is for texts: leave it out beside '--embeddings'")
    }
    if arguments[encoderCommand] == nil, arguments.isGiven(encoderTimeout) || arguments[anyEncoder] {
      throw UsageError("'--encoder-timeout' and '--any-encoder' go with '--encoder-command'")
    }
  }

  private static func chosenFormat(_ arguments: Arguments) -> PredictionFormat {
    arguments[format] ?? arguments[output].flatMap(PredictionFormat.init(endingOf:)) ?? .csv
  }

  /// What turns texts into embeddings: another program, or the featurizer that the model carries.
  private static func encoder(_ arguments: Arguments, of model: StoredModel) throws -> (any TextEncoding)? {
    if let command = arguments[encoderCommand] {
      guard let length = model.router.embeddingLength else {
        throw UsageError("'--encoder-command': this model looks at no embeddings")
      }
      if model.probes == nil, !arguments[anyEncoder] {
        Log.note(
          "the model has no prompts to know its encoder by: make sure that the program is encoder "
            + "'\(model.router.encoder ?? "")'")
      }
      return try EncoderCommand(
        command, dimensions: length, timeout: .seconds(arguments[encoderTimeout]),
        of: arguments[anyEncoder] ? nil : model)
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
