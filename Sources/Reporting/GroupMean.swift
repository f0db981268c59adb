import Evaluation
import Metrics

/// A router's metrics on one benchmark and number of candidates: means over the groups.
///
/// The paper's Tables 1 and 2 print these means. They have no interval here: intervals of cells can't be
/// combined exactly, because cells of one benchmark share their test queries.
struct GroupMean: Equatable {
  /// The number of groups measured.
  let groups: Int
  /// The mean of μ.
  let mu: Double
  /// The mean of V_R; nil where the benchmark has no reference.
  let referenceValue: Double?
  /// The mean of V_B; nil where a group does not define it.
  let bestSingleModelValue: Double?
  /// The mean of E_p.
  let classificationBias: Double

  /// The means of a router over those cells of `cells` that are of the benchmark and size; nil where it
  /// has none.
  init?(_ router: String, benchmark: String, size: Int, in cells: [CellResult]) {
    let results = cells.filter { $0.belongs(to: benchmark) && $0.size == size }
      .compactMap { $0.router(named: router) }
    guard let mu = Self.mean(results.map(\.mu.value)),
      let bias = Self.mean(results.map { $0[.classificationBias]?.value })
    else { return nil }
    groups = results.count
    self.mu = mu
    referenceValue = Self.mean(results.map { $0[.referenceValue]?.value })
    bestSingleModelValue = Self.mean(results.map { $0[.bestSingleModelValue]?.value })
    classificationBias = bias
  }

  /// The mean; nil where a value is missing or there are none, so that means over fewer groups never
  /// stand beside means over all.
  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty || known.count < values.count ? nil : known.reduce(0, +) / Double(known.count)
  }
}
