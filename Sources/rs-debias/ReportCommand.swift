import CommandLineKit
import Debiasing
import FileFormats
import Reporting

/// `rs-debias report`: finished runs of `evaluate` as one HTML page, tables and figures.
enum ReportCommand {
  static let results = Positional.many("RESULTS", help: "results folders of finished 'rs-debias evaluate'")
  static let spread = Option.list(
    "spread", placeholder: "A,B",
    help: "files that 'rs-debias spread --json' printed, for the frontier of μ and entropy"
  ).optional(meaning: "none")
  static let output = Option.string(
    "output", placeholder: "DIR|FILE.html",
    help: "folder to write, with report.html in it; or the page itself, with a folder FILE_files beside it")
  static let overwrite = Option.flag("overwrite", help: "replace a report that exists")

  static let command = Command(
    name: "report",
    summary:
      "Gather finished runs of evaluate, and what spread printed, into one HTML page, tables and figures.",
    options: [spread, output, overwrite, CommonOptions.json, CommonOptions.quiet], positional: [results],
    examples: ["rs-debias report run/ --spread spread.json --output debias.html"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    let runs = try arguments[results].map { try FinishedDebiasing($0) }
    let spread = try (arguments[spread] ?? []).map { try JSONFile.read(SpreadReport.self, path: $0) }
    let place = try ReportFolder(arguments[output], replacing: arguments[overwrite])
    let report = DebiasingReport(runs, spread: spread)
    let gnuplot = Gnuplot()
    let progress = ProgressLine("drawing", total: report.figures.count, unit: "figures")
    let written = try place.write(report, gnuplot: gnuplot) { progress.update($0) }
    progress.finish()
    if gnuplot == nil { CommandLineKit.Log.note(Gnuplot.remedy) }
    for failure in written.failures { CommandLineKit.Log.note(failure) }
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(written)
    } else {
      try StandardOutput.writeLine(written.page)
    }
  }
}
