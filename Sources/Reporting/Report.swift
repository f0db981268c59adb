import Evaluation
import FileFormats
import Metrics

/// A run as tables and figures.
public struct Report: ReportContents {
  /// What a report tells of one benchmark.
  struct Section: Sendable {
    let benchmark: String
    let figures: [Figure]
    let tables: [ReportTable]
  }

  /// The run.
  public let run: FinishedRun
  /// Where its data come from.
  public let origin: DataOrigin
  let summary: ReportTable
  let paperTables: [ReportTable]
  let otherTables: [ReportTable]
  let biasTables: [ReportTable]
  /// Differences to a baseline; empty where there is none.
  let differences: [ReportTable]
  let values: [Figure]
  /// How the run's models were trained; empty where nobody says.
  let training: [ReportTable]
  let trainingFigures: [Figure]
  let sections: [Section]
  let skipped: ReportTable?
  let configuration: ReportTable

  /// The report of a run, with the paper's figures beside the run's where they are given.
  ///
  /// `differences` are those of its routers to a baseline of that name; `training` says how its models were trained.
  public init(
    _ run: FinishedRun, differences: (comparison: RouterComparison, baseline: String)? = nil,
    training: [TrainingCurve] = [], paper: PaperFigures? = nil, origin: DataOrigin = DataOrigin(sources: nil)
  ) {
    self.training = training.isEmpty ? [] : [TrainingTable.table(training)]
    trainingFigures = [TrainingFigure(training).figure()].compactMap { $0 }
    self.differences =
      differences.map { DifferenceTables.tables($0.comparison, baseline: $0.baseline) } ?? []
    self.run = run
    self.origin = origin
    summary = SummaryTable.table(run)
    let means = PaperTables(run: run, paper: paper, origin: origin)
    paperTables = means.tables()
    otherTables = means.otherTables()
    biasTables = BiasTables(run: run, paper: paper, origin: origin).tables()
    values = ValueFigures(run: run).figures()
    let holm = HolmAdjustment(run.cells)
    sections = RunOutline(run.cells).benchmarks.map { benchmark in
      Section(
        benchmark: benchmark,
        figures: ScalingFigures(run: run).figures(benchmark) + [GroupFigures(run: run).figure(benchmark)]
          + CostFigures(run: run).figures(benchmark),
        tables: CellTables.tables(run, benchmark: benchmark, holm: holm)
          + [CostTables.table(run, benchmark: benchmark)].compactMap { $0 })
    }
    skipped = run.skipped.isEmpty ? nil : RunFacts.skipped(run)
    configuration = RunFacts.configuration(run, origin: origin)
  }

  /// Every table, in the order of the page.
  public var tables: [ReportTable] {
    [summary] + differences + paperTables + biasTables + otherTables + sections.flatMap(\.tables)
      + training + [skipped].compactMap { $0 } + [configuration]
  }

  /// Every figure, in the order of the page.
  public var figures: [Figure] { values + sections.flatMap(\.figures) + trainingFigures }

  /// The page; see `ReportContents`.
  public func page(pictures: [Name: String], remedy: String?, machine: ReportTable) -> String {
    ReportPage(report: self, pictures: pictures, remedy: remedy, machine: machine).html
  }
}
