import Debiasing
import Evaluation
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
    /// Nil, as all up to the length, for one that only chooses.
    let bias: Double?
    let biasError: Double?
    /// The root of the mean square over pools.
    let rootMeanSquare: Double?
    let coverage: Double?
    let coverageError: Double?
    let length: Double?
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
    var policy: String
    let grading: String
    let rows: Int
    var method: String

    init(_ kind: LogKind, _ method: String) {
      policy = kind.policy
      grading = kind.grading
      rows = kind.rows
      self.method = method
    }

    /// The same of another method, and perhaps another policy.
    func with(policy: String? = nil, method: String) -> Key {
      var other = self
      other.policy = policy ?? self.policy
      other.method = method
      return other
    }
  }

  private static func meanLosses(_ losses: [LossSummary]) -> [MeanLoss] {
    let cells = losses.groupedInOrder { Key($0.kind, $0.method) }
    let means = Dictionary(
      uniqueKeysWithValues: cells.map { key, own in
        (key, MeanError(of: own.map { MeanError($0.loss, standardError: $0.standardError) }))
      })
    return cells.compactMap { key, own in
      guard let loss = means[key] else { return nil }
      let uniform = means[key.with(policy: LossSummary.uniform, method: LossSummary.naive)]
      let recovered = means[key.with(method: LossSummary.naive)].flatMap { plain in
        uniform.flatMap { LossSummary.recovered(loss.mean, plain: plain, uniform: $0) }
      }
      let gains = own.compactMap { one in one.gain.map { MeanError($0, standardError: one.gainError) } }
      let gain = gains.isEmpty ? nil : MeanError(of: gains)
      return MeanLoss(
        policy: key.policy, grading: key.grading, rows: key.rows, method: key.method, pools: own.count,
        loss: loss.mean, standardError: loss.standardError, gain: gain?.mean, gainError: gain?.standardError,
        recovered: recovered)
    }
  }

  private static func meanEstimators(
    _ estimators: [EstimatorSummary], _ selections: [SelectionSummary]
  ) -> [MeanEstimator] {
    let choices = Dictionary(grouping: selections) { Key($0.kind, $0.estimator) }
    return estimators.groupedInOrder { Key($0.kind, $0.estimator) }.map { key, own in
      let chosen = choices[key] ?? []
      func mean(_ value: (EstimatorSummary) -> Double?) -> Double? {
        let known = own.compactMap(value)
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      }
      func chosenMean(_ value: (SelectionSummary) -> Double) -> Double? {
        chosen.isEmpty ? nil : chosen.reduce(0) { $0 + value($1) } / Double(chosen.count)
      }
      return MeanEstimator(
        policy: key.policy, grading: key.grading, rows: key.rows, estimator: key.method, bias: mean(\.bias),
        biasError: MeanError.error(of: own.map(\.biasError)),
        rootMeanSquare: mean { one in one.rootMeanSquare.map { $0 * $0 } }?.squareRoot(),
        coverage: mean(\.coverage), coverageError: MeanError.error(of: own.map(\.coverageError)),
        length: mean(\.length),
        effectiveSampleSize: mean { $0.effectiveSampleSize } ?? 0, regret: chosenMean(\.regret),
        regretError: MeanError.error(of: chosen.map(\.standardError)), regretByLot: chosenMean(\.regretByLot))
    }
  }
}
