import Debiasing
import FileFormats
import Foundation

/// Experiments with logs in the order in which tables and figures show them: by run and benchmark, means over pools.
struct DebiasingOutline {
  /// What routers trained on logs of one policy by one method lose, on average over the pools of a benchmark.
  struct MeanLoss {
    let policy: String
    let grading: String
    let rows: Int
    let method: String
    let pools: Int
    let loss: Double
    /// Over logs, pool by pool; nil for one log.
    let standardError: Double?
    let gain: Double?
    let gainError: Double?
    /// The share of the loss beyond a uniform log that is won back, of the sums over pools.
    let recovered: Double?
  }

  /// What estimators are worth on logs of one policy, on average over pools.
  struct MeanEstimator {
    let policy: String
    let grading: String
    let rows: Int
    let estimator: String
    let bias: Double
    let biasError: Double?
    /// The root of the mean square over pools.
    let rootMeanSquare: Double
    let coverage: Double
    let coverageError: Double?
    let length: Double
    let effectiveSampleSize: Double
    /// What choosing among routers by it loses; nil where there is one router.
    let regret: Double?
    let regretError: Double?
    let regretByLot: Double?
  }

  /// A benchmark of one run.
  struct Section {
    /// Its name in file names, unique in the report.
    let name: String
    let title: String
    let configuration: DebiasingConfiguration
    let losses: [MeanLoss]
    let estimators: [MeanEstimator]

    /// The policies and gradings of its logs, in the order of the run.
    var policies: [String] { configuration.policies }
    var gradings: [String] { configuration.gradings }

    /// A mean loss; nil where there is none.
    func loss(_ policy: String, _ grading: String, _ method: String, _ rows: Int) -> MeanLoss? {
      losses.first {
        $0.policy == policy && $0.grading == grading && $0.method == method && $0.rows == rows
      }
    }
  }

  let sections: [Section]

  /// The outline of some runs.
  init(_ runs: [FinishedDebiasing]) {
    var used: [Name: Int] = [:]
    var sections: [Section] = []
    let all = runs.flatMap(\.configuration.benchmarks)
    for run in runs {
      for benchmark in run.configuration.benchmarks {
        let key = Name(benchmark)
        let losses = run.result.losses.filter { Name($0.kind.benchmark) == key }
        let estimators = run.result.estimators.filter { Name($0.kind.benchmark) == key }
        guard !losses.isEmpty || !estimators.isEmpty else { continue }
        used[key, default: 0] += 1
        let number = used[key] ?? 1
        let isShared = all.count { Name($0) == key } > 1
        let folder = URL(fileURLWithPath: run.path).lastPathComponent
        sections.append(
          Section(
            // No benchmark has a plus sign in its name.
            name: number > 1 ? "\(benchmark)+\(number)" : benchmark,
            title: isShared ? "\(benchmark) of \(folder)" : benchmark, configuration: run.configuration,
            losses: Self.meanLosses(losses),
            estimators: Self.meanEstimators(
              estimators, run.result.selections.filter { Name($0.kind.benchmark) == key })))
      }
    }
    self.sections = sections
  }

  private struct Key: Hashable {
    let policy: String
    let grading: String
    let rows: Int
    let method: String

    init(_ kind: LogKind, _ method: String) {
      policy = kind.policy
      grading = kind.grading
      rows = kind.rows
      self.method = method
    }
  }

  private static func meanLosses(_ losses: [LossSummary]) -> [MeanLoss] {
    let cells = Grouped(losses) { Key($0.kind, $0.method) }
    func mean(_ policy: String, _ key: Key, _ method: String) -> Double? {
      let own = losses.filter {
        $0.method == method && $0.kind.policy == policy && $0.kind.grading == key.grading
          && $0.kind.rows == key.rows
      }
      return own.isEmpty ? nil : own.reduce(0) { $0 + $1.loss } / Double(own.count)
    }
    return cells.order.map { key in
      let own = cells[key]
      let count = Double(own.count)
      let loss = own.reduce(0) { $0 + $1.loss } / count
      var recovered: Double?
      if let plain = mean(key.policy, key, LossSummary.naive),
        let floor = mean(LossSummary.uniform, key, LossSummary.naive), plain - floor > 0.001
      {
        recovered = (plain - loss) / (plain - floor)
      }
      let gains = own.compactMap(\.gain)
      return MeanLoss(
        policy: key.policy, grading: key.grading, rows: key.rows, method: key.method, pools: own.count,
        loss: loss, standardError: error(own.map(\.standardError)),
        gain: gains.isEmpty ? nil : gains.reduce(0, +) / Double(gains.count),
        gainError: error(own.map(\.gainError)), recovered: recovered)
    }
  }

  private static func meanEstimators(
    _ estimators: [EstimatorSummary], _ selections: [SelectionSummary]
  ) -> [MeanEstimator] {
    let cells = Grouped(estimators) { Key($0.kind, $0.estimator) }
    let choices = Grouped(selections) { Key($0.kind, $0.estimator) }
    return cells.order.map { key in
      let own = cells[key]
      let chosen = choices[key]
      func mean(_ value: (EstimatorSummary) -> Double) -> Double {
        own.reduce(0) { $0 + value($1) } / Double(own.count)
      }
      func chosenMean(_ value: (SelectionSummary) -> Double) -> Double? {
        chosen.isEmpty ? nil : chosen.reduce(0) { $0 + value($1) } / Double(chosen.count)
      }
      return MeanEstimator(
        policy: key.policy, grading: key.grading, rows: key.rows, estimator: key.method, bias: mean(\.bias),
        biasError: error(own.map(\.biasError)),
        rootMeanSquare: mean { $0.rootMeanSquare * $0.rootMeanSquare }.squareRoot(),
        coverage: mean(\.coverage), coverageError: error(own.map(\.coverageError)), length: mean(\.length),
        effectiveSampleSize: mean(\.effectiveSampleSize), regret: chosenMean(\.regret),
        regretError: error(chosen.map(\.standardError)), regretByLot: chosenMean(\.regretByLot))
    }
  }

  /// The standard error of a mean of independent means; nil where one of them has none.
  static func error(_ errors: [Double?]) -> Double? {
    let known = errors.compactMap { $0 }
    guard !known.isEmpty, known.count == errors.count else { return nil }
    return known.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(known.count)
  }
}

/// Values by a key, in the order in which keys came.
struct Grouped<Key: Hashable, Value> {
  private(set) var order: [Key] = []
  private var members: [Key: [Value]] = [:]

  init(_ values: [Value], by key: (Value) -> Key) {
    for value in values {
      let own = key(value)
      if members[own] == nil { order.append(own) }
      members[own, default: []].append(value)
    }
  }

  /// The values of a key; none for an unknown one.
  subscript(key: Key) -> [Value] { members[key] ?? [] }
}
