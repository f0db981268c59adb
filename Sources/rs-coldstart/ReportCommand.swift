import ColdStart
import CommandLineKit
import Reporting

/// `rs-coldstart report`: finished runs of `evaluate` as one HTML page, tables and figures.
enum ReportCommand {
  static let results = Positional.many("RESULTS", help: "results folders of finished 'rs-coldstart evaluate'")
  static let output = Option.string(
    "output", placeholder: "DIR|FILE.html",
    help: "folder to write, with report.html in it; or the page itself, with a folder FILE_files beside it")
  static let overwrite = Option.flag("overwrite", help: "replace a report that exists")

  static let command = Command(
    name: "report",
    summary:
      "Gather finished runs into one HTML page, tables and figures; runs on the same benchmark, such as family and "
      + "frontier, stand side by side.",
    options: [output, overwrite, CommonOptions.json, CommonOptions.quiet], positional: [results],
    examples: ["rs-coldstart report family/ frontier/ --output cold.html"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    let runs = try FinishedRuns(arguments[results])
    let place = try ReportFolder(arguments[output], replacing: arguments[overwrite])
    let report = PlacementReport(runs.placements, unseen: runs.unseen)
    let gnuplot = Gnuplot()
    let progress = ProgressLine("drawing", total: report.figures.count, unit: "figures")
    let written = try place.write(report, gnuplot: gnuplot) { progress.update($0) }
    progress.finish()
    if gnuplot == nil { Log.note(Gnuplot.remedy) }
    for failure in written.failures { Log.note(failure) }
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(written)
    } else {
      try StandardOutput.writeLine(written.page)
    }
  }
}
