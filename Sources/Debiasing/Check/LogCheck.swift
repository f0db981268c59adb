import Foundation
import NumericKernels
import Routing
import RoutingData

/// Whether a log can carry weights: how far its picks reach, whether its propensities are true, and what hides behind them.
package struct LogCheck: Codable, Sendable {
  /// An LLM of the pool.
  package struct LLM: Codable, Sendable {
    /// The name.
    package let llm: String
    /// The rows on which it was picked.
    package let rows: Int
    /// Those that were graded.
    package let graded: Int
    /// The smallest probability with which it was picked; nil where it never was.
    package let smallestPropensity: Double?
    /// (Σw)²/Σw² over its graded rows.
    package let effectiveSize: Double
    /// The mean over all rows on which it was offered of its weight, 1/p where it was picked and 0 elsewhere: 1 if propensities
    /// are true.
    package let meanWeight: Double
    /// The standard error of that mean.
    package let standardError: Double
    /// The z of the test for hidden information; nil where there is none.
    package var hidden: Double?
  }

  /// A policy that somebody may want to evaluate on the log.
  package struct Target: Codable, Sendable {
    /// Its name.
    package let target: String
    /// (Σw)²/Σw² over all graded rows.
    package let effectiveSize: Double
    /// The largest weight's share of the sum.
    package let largestShare: Double
  }

  /// The log's name.
  package let log: String
  /// The number of rows.
  package let rows: Int
  /// The number of queries.
  package let queries: Int
  /// The number of graded rows.
  package let graded: Int
  /// The smallest propensity.
  package let smallestPropensity: Double
  /// Whether propensities were estimated from the features.
  package let isEstimated: Bool
  /// The LLMs of the pool.
  package let llms: [LLM]
  /// The targets that were asked for.
  package let targets: [Target]
  /// Whether recorded propensities are true by strata of features; nil without enough rows.
  package let calibration: Calibration?
  /// The test for hidden information; nil where no row has a response.
  package let hidden: HiddenInformation?
  /// What else to know, one line each.
  package let remarks: [String]

  /// Checks a log of a benchmark with its features.
  ///
  /// `embeddings` are those of all queries of the benchmark.
  ///
  /// - Throws: `DataError` for rows without propensity, or propensities that leave no overlap; errors of the regressions.
  package init(
    _ log: Log, names: [String], embeddings: Matrix, targets: [TargetRecipe], isEstimated: Bool = false,
    seed: UInt64
  ) throws {
    try log.requireOverlap()
    let queries = Set(log.picks.map(\.query)).sorted()
    let standard = StandardFeatures(embeddings.selecting(rows: queries))
    let features = standard.values
    let fit = try CrossFit(log, queries: queries, features: features, seed: seed)
    let components = try standard.leadingComponents(HiddenInformation.mostComponents)
    let test =
      log.picks.contains { $0.response != nil }
      ? HiddenInformation(log, fit, components: components) : nil
    self.log = log.name
    rows = log.picks.count
    self.queries = queries.count
    graded = log.picks.count { $0.response != nil }
    smallestPropensity = log.picks.compactMap(\.propensity).min() ?? 1
    self.isEstimated = isEstimated
    let measured = LogReach(log)
    llms = names.indices.map { llm in measured.llm(llm, name: names[llm], hidden: test?.z[llm]) }
    self.targets = targets.map { $0.overlap(with: log, fit) }
    calibration = Calibration(log, features: features, places: fit.places, seed: seed)
    hidden = test
    remarks = log.remarks
  }
}

extension Log {
  /// Throws unless weights can be made of the log: propensities in all rows, and not all of them 1.
  package func requireOverlap() throws(DataError) {
    if let row = picks.firstIndex(where: { $0.propensity == nil }) {
      let missing = picks.count { $0.propensity == nil }
      throw DataError(
        "log '\(name)': row \(row + 1) and \(missing - 1) others have no propensity: record the probability of each pick, or "
          + "let --estimate-propensities guess it from the features")
    }
    guard llmCount > 1 else {
      throw DataError("log '\(name)': one LLM was offered, so there is nothing to compare: log at least two")
    }
    guard picks.contains(where: { ($0.propensity ?? 1) < 1 - 1e-9 }) else {
      throw DataError(
        "log '\(name)': every propensity is 1: the logger always sent a query to the same LLM, so nothing was seen of what "
          + "others would have answered, and no weight can make up for it; let a share of the picks be random, such as 5%"
      )
    }
  }
}
