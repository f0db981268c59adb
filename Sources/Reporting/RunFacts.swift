import Evaluation
import NumericKernels
import Foundation

/// What a report tells of a run beside its results.
enum RunFacts {
  /// The pools that were left out, and why.
  static func skipped(_ run: FinishedRun) -> ReportTable {
    ReportTable(
      name: "skipped", title: "Pools that the data do not allow",
      columns: [.text("benchmark"), .number("m"), .text("group"), .text("reason")],
      rows: run.skipped.map { cell in
        ReportTable.Row([
          ReportTable.Cell(cell.benchmark), ReportTable.Cell("\(cell.size)"),
          ReportTable.Cell(cell.group.words), ReportTable.Cell(cell.reason),
        ])
      })
  }

  /// What decided the results.
  static func configuration(_ run: FinishedRun, origin: DataOrigin) -> ReportTable {
    let configuration = run.configuration
    let bootstrap = configuration.bootstrap
    let own = configuration.ownPools?.map { "\($0.name) (\($0.llms.count) LLMs)" }
    let answered = configuration.leastAnswered.map { "\(NumberText.fixed(100 * $0, 0))% of these" }
    var rows: [(String, String)] = [
      ("program version", configuration.version),
      ("dataset sha256", configuration.datasetHash ?? NumberText.missing),
      ("dataset sources", origin.sources?.joined(separator: "; ") ?? "not told to the report"),
      ("benchmarks", configuration.benchmarks.joined(separator: ", ")),
      ("mix of", configuration.mix?.joined(separator: ", ") ?? "none"),
      ("encoder", configuration.encoder ?? "none"),
      ("numbers of candidates", configuration.sizes.map(String.init).joined(separator: ", ")),
      ("own pools", own?.joined(separator: ", ") ?? "none"),
      ("groups", configuration.groups.joined(separator: ", ")),
      ("pools chosen on", "\(configuration.poolQueries) queries"),
      ("answered at least", answered ?? "any"),
      ("missing answers", (configuration.missing ?? .complete).rawValue),
      ("measured on", "\(configuration.measured.rawValue) queries"),
      ("ties", configuration.ties),
      (
        "intervals",
        "\(NumberText.fixed(100 * bootstrap.level, 0))%, \(bootstrap.resamples) resamples, seed \(bootstrap.seed)"
      ),
    ]
    rows += configuration.routers.map { entry in
      ("router", entry.router + (entry.sha256.map { " (sha256 \($0))" } ?? ""))
    }
    return facts("configuration", "Configuration of the run", rows)
  }

  /// The machine on which this process runs.
  static func machine() -> ReportTable {
    let memory = Machine.memory.map { "\(NumberText.fixed(Double($0) / 1e9, 1)) GB" }
    let rows = [
      ("processor", Machine.processor ?? NumberText.missing),
      ("processors in use", "\(Threads.available)"),
      ("memory", memory ?? NumberText.missing),
      ("OpenBLAS kernel", "\(OpenBLASKernel.current) (\(OpenBLASKernel.reason))"),
      ("OpenBLAS", OpenBLASKernel.configuration),
      ("system", ProcessInfo.processInfo.operatingSystemVersionString),
    ]
    return facts("machine", "Machine on which the report was made", rows)
  }

  private static func facts(_ name: String, _ title: String, _ rows: [(String, String)]) -> ReportTable {
    ReportTable(
      name: name, title: title, columns: [.text("what"), .text("value")],
      rows: rows.map { ReportTable.Row([ReportTable.Cell($0.0), ReportTable.Cell($0.1)]) })
  }
}
