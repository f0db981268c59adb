import Metrics
import NumericKernels
import RoutingData

/// The reasons for what a cell's results leave undefined, one line for each.
///
/// A line starts with the names of the metrics concerned. The order is fixed: too few queries, missing answers, intervals, V_R, V_B, V_B
/// train-chosen and what else needs that LLM, oracle gap, predictions, their AUC, missing intervals, costs.
package enum CellNotes {
  static func lines(
    _ pool: PoolResponses, _ routers: [RouterResult], null: Estimate?, level: Double
  ) -> [String] {
    let groups: [[String]] = [
      tooFew(pool), sparse(pool), intervals(pool), reference(pool), bestSingle(pool), trainBest(pool),
      predictions(routers),
      ranking(routers),
      missingIntervals(routers, null: null, level: level), costs(pool, routers),
    ]
    return groups.flatMap { $0 }
  }

  private static func tooFew(_ pool: PoolResponses) -> [String] {
    let (count, enough) = (pool.queries.count, CellResult.enoughQueries)
    guard count < enough else { return [] }
    return [
      "\(tooFewPrefix): \(count) of \(count + pool.leftOutCount) \(pool.measured.rawValue) queries are measured, fewer "
        + "than \(enough): nothing here tells routers apart"
    ]
  }

  private static let tooFewPrefix = "too few queries"
  private static let sparsePrefix = "missing answers"
  private static let costsPrefix = "costs"

  /// Whether a line leaves nothing undefined but says what to think of the cell.
  package static func isRemark(_ line: String) -> Bool {
    [tooFewPrefix, sparsePrefix, costsPrefix].contains { line.hasPrefix("\($0): ") }
  }

  private static func sparse(_ pool: PoolResponses) -> [String] {
    let shares = pool.answeredShares
    let sparse = shares.indices.filter { shares[$0] < PoolConstruction.usualAnsweredShare }
    guard let least = sparse.min(by: { shares[$0] < shares[$1] }) else { return [] }
    let (share, usual) = (percent(shares[least]), percent(PoolConstruction.usualAnsweredShare))
    return [
      "\(sparsePrefix): \(sparse.count) of \(shares.count) candidates answered under \(usual) of the "
        + "\(pool.measured.rawValue) queries, '\(pool.llms[least])' \(share)"
    ]
  }

  private static func costs(_ pool: PoolResponses, _ routers: [RouterResult]) -> [String] {
    guard let costs = pool.costs else { return [] }
    var lines: [String] = []
    if costs.unknownShare > 0 {
      lines.append(
        "\(costsPrefix): \(percent(costs.unknownShare)) of the measured answers' costs are not known; the LLM's mean on train "
          + "stands for them")
    }
    let without = routers.filter { $0.costCurve == nil }.map { "'\($0.name)'" }
    if !without.isEmpty {
      lines.append(
        "\(costsPrefix): no curve of \(without.joined(separator: ", ")), whose picks do not come of comparing scores, or which "
          + "were measured without costs")
    }
    return lines
  }

  private static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))%" : "\(tenths)%"
  }

  private static func intervals(_ pool: PoolResponses) -> [String] {
    if pool.queries.count == 1 { return ["intervals: the cell has one \(pool.measured.rawValue) query"] }
    guard Set(pool.strata).count == pool.strata.count else { return [] }
    return [
      "intervals: every sub-scenario has one \(pool.measured.rawValue) query, so that resamples draw from all together"
    ]
  }

  private static func reference(_ pool: PoolResponses) -> [String] {
    pool.referenceAccuracy == nil ? ["V_R: benchmark '\(pool.benchmark)' has no reference accuracy"] : []
  }

  private static func bestSingle(_ pool: PoolResponses) -> [String] {
    pool.bestSingleMean > 0
      ? [] : ["V_B, null V_B: no candidate answers any \(pool.measured.rawValue) query well"]
  }

  private static func trainBest(_ pool: PoolResponses) -> [String] {
    guard let best = pool.trainBest, let mean = pool.trainBestMean else {
      return ["V_B train-chosen, difference to best single, p, oracle gap: no candidate has a train response"]
    }
    var lines: [String] = []
    if mean == 0 {
      lines.append(
        "V_B train-chosen: the train-chosen LLM '\(pool.llms[best])' answers no \(pool.measured.rawValue) query well"
      )
    }
    if OracleGap.closed(mean, from: mean, to: pool.oracleMean) == nil {
      lines.append("oracle gap: the oracle is no better than the train-chosen LLM '\(pool.llms[best])'")
    }
    return lines
  }

  private static func predictions(_ routers: [RouterResult]) -> [String] {
    let silent = routers.filter { $0[.brier] == nil }.map { "'\($0.name)'" }
    guard !silent.isEmpty else { return [] }
    let names = MetricCatalog.all.of(.predictions).map(\.symbol).joined(separator: ", ")
    return ["\(names): no responses are predicted by \(silent.joined(separator: ", "))"]
  }

  private static func ranking(_ routers: [RouterResult]) -> [String] {
    let predicting = routers.filter { $0[.brier] != nil }
    guard !predicting.isEmpty, predicting.allSatisfy({ $0[.auc] == nil }) else { return [] }
    return ["AUC: the responses are all right or all wrong"]
  }

  /// The metrics that have a value but, on too many resamples, none.
  private static func missingIntervals(
    _ routers: [RouterResult], null: Estimate?, level: Double
  ) -> [String] {
    let metrics: [(name: String, estimates: [Estimate?])] = [
      ("V_B", routers.map { $0[.bestSingleModelValue] }), ("null V_B", [null]),
      ("V_B train-chosen", routers.map { $0[.honestBestSingleModelValue] }),
      ("oracle gap", routers.map { $0[.gapClosed] }),
    ]
    let names = metrics.filter { $0.estimates.contains { $0 != nil && $0?.low == nil } }.map(\.name)
    guard !names.isEmpty else { return [] }
    return [
      "intervals of \(names.joined(separator: ", ")): undefined on over \(percent(1 - level)) of the resamples"
    ]
  }
}
