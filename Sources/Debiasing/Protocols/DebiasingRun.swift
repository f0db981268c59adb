import Evaluation
import FileFormats
import RoutingData

/// Makes logs of every pool of a dataset by every policy, learns from them and estimates by them.
public struct DebiasingRun {
  private let configuration: DebiasingConfiguration
  private let dataset: Dataset
  private let cells: [EvaluationCell]

  /// How routers can be trained on logs.
  package static let methods = DebiasMethod.allCases.map(\.rawValue)

  /// The pools that are too large for the data.
  public let skipped: [SkippedCell]

  /// A run of a configuration.
  ///
  /// - Throws: `DataError` for a policy, grading, method or estimator that there is not, or no pool at all.
  public init(_ configuration: DebiasingConfiguration, of dataset: Dataset) throws(DataError) {
    for text in configuration.policies { _ = try LoggerRecipe(text) }
    for text in configuration.gradings {
      let plan = try GradingPlan(text)
      for rows in configuration.rows { _ = try plan.grading(rows: rows, llms: 1, seed: 0) }
    }
    for text in configuration.estimators { _ = try OffPolicyEstimator(text) }
    for text in configuration.methods where !Self.methods.contains(text) {
      throw DataError("unknown method '\(text)'; there are: \(Self.methods.joined(separator: ", "))")
    }
    let grid = EvaluationGrid(
      sizes: configuration.sizes, groups: configuration.groups.compactMap(CandidateGroup.init),
      poolQueries: PoolQueries(rawValue: configuration.poolQueries) ?? .train, seed: configuration.seed)
    let plan = grid.plan(try dataset.benchmarks(named: configuration.benchmarks), of: dataset)
    guard !plan.cells.isEmpty else {
      throw DataError("nothing to log: \(plan.skipped.first?.reason ?? "no pools asked for")")
    }
    self.configuration = configuration
    self.dataset = dataset
    cells = plan.cells
    skipped = plan.skipped
  }

  /// The number of parts: pools, policies, gradings and numbers of rows.
  public var partCount: Int { cells.count * kinds(of: cells[0]).count }

  /// The kinds of logs of a pool.
  private func kinds(of cell: EvaluationCell) -> [LogKind] {
    configuration.gradings.flatMap { grading in
      configuration.policies.flatMap { policy in
        configuration.rows.map { rows in
          LogKind(
            benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group, policy: policy,
            grading: grading, rows: rows)
        }
      }
    }
  }

  /// Makes all logs.
  ///
  /// With a folder, each part is saved there as soon as it is done, and parts that are there already are read instead.
  /// `onPart` hears how many parts are done.
  ///
  /// - Throws: `DataError` and `NumericalError` of training, and `FileError` of the folder; the parts that were done before an
  ///   error stay there.
  public func result(
    saving folder: DebiasingFolder? = nil, onPart: (_ done: Int) -> Void = { _ in }
  ) throws -> DebiasingResult {
    var parts: [DebiasingFolder.Part] = []
    for cell in cells {
      var experiment: LogExperiment?
      for kind in kinds(of: cell) {
        if let saved = try folder?.part(of: kind) {
          parts.append(saved)
        } else {
          let own = try experiment ?? LogExperiment(cell, of: dataset, configuration)
          experiment = own
          let part = try own.part(kind)
          try folder?.save(part, of: kind)
          parts.append(part)
        }
        onPart(parts.count)
      }
    }
    let result = DebiasingResult(
      learned: parts.flatMap(\.learned), estimated: parts.flatMap(\.estimated), skipped: skipped)
    try folder?.finish(result)
    return result
  }
}
