import CommandLineKit
import Evaluation
import Models
import NumericKernels

/// `rs-eval`: routes the test (or validation) queries of a dataset and prints RouterEval's metrics with intervals, or
/// estimates from a log what routers would earn.
enum EvaluateCommand {
  static let data = EvaluationRequest.data.optional(meaning: "none: give --log")
  static let routers = Option.list(
    "routers", placeholder: "A,B",
    help: "routers to measure: \(RouterCatalog.forms.joined(separator: ", ")); NAME=… names one"
  ).optional(meaning: "oracle,best-single,random")
  static let model = Option.string(
    "model", placeholder: "DIR", help: "model folder; stands before the other routers"
  ).optional(meaning: "none")
  static let csv = Option.flag("csv", help: "print a CSV row for each pool and router on standard output")

  static let command = Command(
    name: "rs-eval",
    summary:
      "Route the test (or validation) queries and print μ, V_R, V_B and E_p with 95% intervals; or estimate from a "
      + "log what routers would earn.",
    options: [data, model, routers] + EvaluationRequest.options + LogRequest.options + [csv]
      + CommonOptions.all,
    subcommands: [BenchmarkCommand.command, CompareCommand.command, ReportCommand.command],
    examples: [
      "rs-eval --data mmlu_pro/ --model model/ --pools 3,5,10 --json",
      "rs-eval --data mmlu_pro/ --model model/ --split validation",
      "rs-eval --data gsm8k/ --routers oracle,mix:0.5,knn,linear --ties first",
      "rs-eval --log log/ --routers model:model/,knn,best-single --baseline best --estimators sndr,snips,dr --json",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    if arguments[csv] && arguments[CommonOptions.json] {
      throw UsageError("choose one of '--csv' and '--json'")
    }
    let folder = arguments[model].map { ["model:\($0)"] } ?? []
    if let log = arguments[LogRequest.log] {
      guard arguments[data] == nil else { throw UsageError("choose one of '--data' and '--log'") }
      if arguments[csv] { throw UsageError("option '--csv' is not for '--log': use '--json'") }
      let named = arguments[routers] ?? (folder.isEmpty ? ["best-single", "random", "knn"] : [])
      let result = try LogRequest(
        arguments, folder: log, routers: EvaluationRequest.routers(folder + named)
      ).evaluate()
      if arguments[CommonOptions.json] {
        try StandardOutput.writeJSON(result)
      } else {
        try StandardOutput.write(LogText.table(result))
      }
      return
    }
    guard let data = arguments[data] else {
      throw UsageError("missing option '--data'; or '--log', to estimate from a log")
    }
    try LogRequest.refuseOptions(of: arguments)
    let named = arguments[routers] ?? ["oracle", "best-single", "random"]
    let request = try EvaluationRequest(
      arguments, folder: data, routers: EvaluationRequest.routers(folder + named))
    let result = try request.evaluate()
    if arguments[CommonOptions.json] {
      try StandardOutput.writeLine(result.json())
    } else if arguments[csv] {
      try StandardOutput.write(ResultTable.csv(result.cells))
    } else {
      for cell in result.cells { try StandardOutput.write(CellText.table(cell)) }
    }
  }
}
