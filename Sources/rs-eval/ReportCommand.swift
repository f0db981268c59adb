import CommandLineKit
import Evaluation
import FileFormats
import Models
import Reporting
import RoutingData

/// `rs-eval report`: a finished run as one HTML page, tables and figures.
enum ReportCommand {
  static let results = Positional.one("RESULTS", help: "results folder of a finished 'rs-eval benchmark'")
  static let output = Option.string(
    "output", placeholder: "DIR|FILE.html",
    help: "folder to write, with report.html in it; or the page itself, with a folder FILE_files beside it")
  static let overwrite = Option.flag("overwrite", help: "replace a report that exists")
  static let paper = Option.string(
    "paper", placeholder: "DIR", help: "folder of the paper's figures to show beside the run's"
  ).optional(meaning: "none")
  static let baseline = Option.string(
    "baseline", placeholder: "NAME", help: "router that the others are compared with"
  ).optional(meaning: "best-single, if the run has it")
  static let data = Option.string(
    "data", placeholder: "DIR", help: "the run's dataset folder, to check its hash and name its sources"
  ).optional(meaning: "none")

  static let command = Command(
    name: "report",
    summary:
      "Gather a finished run into one HTML page, tables and figures, with the training curves of its models.",
    options: [output, overwrite, baseline, paper, data, CommonOptions.json, CommonOptions.quiet],
    positional: [results],
    examples: ["rs-eval report results/ --data full/ --paper experiments/paper --output report/"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    let run = try FinishedRun(arguments[results])
    let place = try ReportFolder(arguments[output], replacing: arguments[overwrite])
    let paper = try arguments[paper].map { try PaperFigures(folder: $0) }
    var sources: [String]?
    if let folder = arguments[data] {
      let dataset = try DatasetFolder.open(folder)
      try run.requireDataset(hash: dataset.hash, folder: folder)
      sources = dataset.sources
    }
    let report = Report(
      run, differences: try differences(of: run, to: arguments[baseline]), training: training(of: run),
      paper: paper, origin: DataOrigin(sources: sources))
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

  /// How the run's models were trained, by their folders where these are still what they were.
  private static func training(of run: FinishedRun) -> [TrainingCurve] {
    run.configuration.routers.compactMap { entry in
      guard let router = try? RouterSpecification(entry.router), case .model(let path) = router.recipe else {
        return nil
      }
      guard let digest = try? ModelFolder.digest(of: path), digest == entry.sha256,
        let record = try? ModelFolder.record(of: path)
      else {
        Log.note("no training curve of \(router.name): \(path) is no longer the model that was evaluated")
        return nil
      }
      let fit = record.fits.last { $0.epochs == record.history.count }
      return TrainingCurve(
        name: router.name, algorithm: record.algorithm,
        epochs: record.history.map {
          TrainingCurve.Epoch(
            epoch: $0.epoch, objective: $0.objective, validation: $0.validation?.logLoss)
        }, kept: fit?.bestEpoch, end: fit?.end.rawValue)
    }
  }

  /// The differences to a router; none to the usual one where the run lacks it or has no picks.
  private static func differences(
    of run: FinishedRun, to baseline: String?
  ) throws(FileError) -> (comparison: RouterComparison, baseline: String)? {
    let name = baseline ?? "best-single"
    // What nobody asked for is no loss where the run can't have it.
    if baseline == nil, run.cells[0].router(named: name) == nil { return nil }
    do throws(FileError) {
      let compared = try ComparedRun(run)
      try CompareCommand.require(name, in: compared)
      guard let comparison = try RouterComparison.toBaseline(name, of: compared) else { return nil }
      return (comparison, name)
    } catch {
      guard baseline == nil else { throw error }
      Log.note("no differences to \(name) in the report: \(error)")
      return nil
    }
  }
}
