import FileFormats
import Metrics
import RoutingData

/// How much better some routers are than others on the same queries: in every cell of a run and over cells.
///
/// Queries of a benchmark are resampled once for all its cells, those of several benchmarks each for themselves; a mean counts
/// every cell alike. Holm's adjustment is over the rows of one extent together, whichever routers they are of.
public struct RouterComparison: Encodable, Sendable {
  /// The router that is subtracted from and the one that is subtracted.
  public struct Pair: Sendable {
    let first: Side
    let second: Side

    /// A router of a run against one of the same or another run.
    public init(_ first: Side, minus second: Side) {
      self.first = first
      self.second = second
    }
  }

  /// A router of a run.
  public struct Side: Sendable {
    let run: ComparedRun
    let router: String
    /// What tables call it.
    let label: String

    /// A router that the run has, under its own name or another.
    public init(_ router: String, of run: ComparedRun, label: String? = nil) {
      self.run = run
      self.router = router
      self.label = label ?? router
    }
  }

  /// What a difference is the mean of.
  public enum Extent: String, CaseIterable, Encodable, Sendable {
    /// One pool.
    case cell
    /// The pools of one size of one benchmark.
    case groups
    /// All pools of one benchmark.
    case benchmark
    /// All pools of one size, without those of a mix of benchmarks that stand beside it.
    case size
    /// All pools, likewise.
    case all
  }

  /// One difference.
  public struct Row: Encodable, Sendable {
    /// What it is the mean of.
    public let extent: Extent
    /// The benchmark; nil for means over several.
    public let benchmark: String?
    /// The number of candidates; nil for means over several.
    public let size: Int?
    /// The group; nil for means over several.
    public let group: CandidateGroup?
    /// The number of cells.
    public let cells: Int
    /// The number of different queries.
    public let queries: Int
    /// What the router is called that is subtracted from.
    public let first: String
    /// What the router is called that is subtracted.
    public let second: String
    /// First minus second, in μ.
    public let difference: Estimate
    /// Its two-sided p-value.
    public let pValue: Double
    /// The same after Holm's adjustment over all rows of the extent.
    public internal(set) var adjustedPValue: Double

    private enum CodingKeys: String, CodingKey {
      case extent, benchmark
      case size = "m"
      case group, cells, queries, first, second
      case difference = "mu_difference"
      case pValue = "p"
      case adjustedPValue = "p_holm"
    }

    /// Writes all keys; what a mean has none of is null.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(extent, forKey: .extent)
      try container.encode(benchmark, forKey: .benchmark)
      try container.encode(size, forKey: .size)
      try container.encode(group, forKey: .group)
      try container.encode(cells, forKey: .cells)
      try container.encode(queries, forKey: .queries)
      try container.encode(first, forKey: .first)
      try container.encode(second, forKey: .second)
      try container.encode(difference, forKey: .difference)
      try container.encode(pValue, forKey: .pValue)
      try container.encode(adjustedPValue, forKey: .adjustedPValue)
    }
  }

  /// The differences: by pair, then extent from cells to all.
  public let rows: [Row]
  /// How intervals were made.
  public let bootstrap: Bootstrap

  /// The rows of one extent.
  public func rows(_ extent: Extent) -> [Row] { rows.filter { $0.extent == extent } }

  /// Compares pairs of routers; the bootstrap is that of the first pair's run.
  ///
  /// - Throws: `FileError` for runs of other data, pools or queries, or a router that a run does not have.
  public init(_ pairs: [Pair]) throws(FileError) {
    precondition(!pairs.isEmpty, "no routers to compare")
    let bootstrap = pairs[0].first.run.run.configuration.bootstrap
    var rows: [Row] = []
    for pair in pairs { rows += try Self.rows(pair, bootstrap) }
    for extent in Extent.allCases {
      let own = rows.indices.filter { rows[$0].extent == extent }
      for (index, value) in zip(own, HolmAdjustment.adjusted(own.map { rows[$0].pValue })) {
        rows[index].adjustedPValue = value
      }
    }
    self.rows = rows
    self.bootstrap = bootstrap
  }

  /// Every other router of a run against a baseline; nil where it has no other.
  ///
  /// - Throws: `FileError` for a router that the run does not have.
  public static func toBaseline(_ baseline: String, of run: ComparedRun) throws(FileError)
    -> RouterComparison?
  {
    let second = Side(baseline, of: run)
    let others = run.routers.filter { Name($0) != Name(baseline) }
    return others.isEmpty
      ? nil : try RouterComparison(others.map { Pair(Side($0, of: run), minus: second) })
  }

  /// The rows of one pair.
  private static func rows(_ pair: Pair, _ bootstrap: Bootstrap) throws(FileError) -> [Row] {
    let cells = pair.first.run.run.cells
    let matched = try ComparedCells(pair)
    let benchmarks = cells.indices.groupedInOrder { Name(cells[$0].benchmark) }
    // The differences of each benchmark, and where a cell stands among them.
    var differences: [BenchmarkDifferences] = []
    var place: [Int: (benchmark: Int, cell: Int)] = [:]
    for (index, benchmark) in benchmarks.enumerated() {
      differences.append(
        BenchmarkDifferences(
          benchmark.elements.map { matched.cells[$0] }, benchmark: benchmark.key.text, bootstrap: bootstrap))
      for (own, cell) in benchmark.elements.enumerated() { place[cell] = (index, own) }
    }
    func row(_ extent: Extent, _ own: [Int]) -> Row {
      let parts = own.compactMap { place[$0] }.groupedInOrder { $0.benchmark }
      let difference = PairedDifference(
        over: parts.map { (differences[$0.key], $0.elements.map(\.cell)) }, bootstrap: bootstrap)
      let first = cells[own[0]]
      return Row(
        extent: extent, benchmark: parts.count == 1 ? first.benchmark : nil,
        size: Set(own.map { cells[$0].size }).count == 1 ? first.size : nil,
        group: Set(own.map { cells[$0].group }).count == 1 ? first.group : nil,
        cells: own.count,
        queries: own.groupedInOrder { Name(cells[$0].benchmark) }.reduce(0) {
          $0 + Set($1.elements.flatMap { matched.cells[$0].queries }).count
        },
        first: pair.first.label, second: pair.second.label, difference: difference.mu,
        pValue: difference.pValue, adjustedPValue: difference.pValue)
    }
    // Queries of a mixed benchmark are those of its parts: beside them it would count them twice.
    let mix = pair.first.run.run.configuration.mix ?? []
    let isBesideItsParts = cells.contains { mix.containsName($0.benchmark) }
    let distinct = cells.indices.filter {
      !isBesideItsParts || Name(cells[$0].benchmark) != Name(Benchmark.mixName)
    }
    let sizes = distinct.groupedInOrder { cells[$0].size }
    var rows = cells.indices.map { row(.cell, [$0]) }
    // A mean that another row is already is left out.
    let pools = benchmarks.flatMap { $0.elements.groupedInOrder { cells[$0].size } }
    if pools.contains(where: { $0.elements.count > 1 }), pools.count > 1 {
      rows += pools.map { row(.groups, $0.elements) }
    }
    if benchmarks.count > 1, sizes.count > 1 {
      rows += benchmarks.map { row(.benchmark, $0.elements) }
      rows += sizes.map { row(.size, $0.elements) }
    }
    if distinct.count > 1 { rows.append(row(.all, distinct)) }
    return rows
  }
}
