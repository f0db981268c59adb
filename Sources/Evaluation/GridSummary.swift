import FileFormats
import Metrics

/// The means of a router's metrics over all cells of one pool size.
public struct GridSummary: Equatable, Sendable {
  /// The number of candidates.
  public let size: Int
  /// The router's name.
  public let router: String
  /// The number of cells that it was measured on.
  public let cells: Int
  /// How many of them have too few queries to tell routers apart.
  public let thinCells: Int
  /// The mean of each metric over the cells that define it, by key.
  private let means: [String: Double]
  /// The mean of the cells' null V_B, over the cells that define it; nil where none does.
  public let nullBestSingleModelValue: Double?
  /// The number of cells whose μ is above that of the train-chosen best LLM, at 5% after Holm's adjustment.
  public let better: Int
  /// The number of cells whose μ is below it, at 5% after Holm's adjustment.
  public let worse: Int

  /// The mean of a metric over the cells that define it; nil where none does.
  public subscript(metric: Metric) -> Double? { means[metric.key] }

  private static let level = 0.05

  /// One router in one cell.
  private struct Entry {
    let cell: CellResult
    let router: RouterResult
    let adjustedPValue: Double?
  }

  /// The summaries of a run: by size ascending, then in the order of the routers' first appearance.
  ///
  /// p-values are adjusted over all the cells given.
  public static func summaries(of cells: [CellResult]) -> [GridSummary] {
    let holm = HolmAdjustment(cells)
    let entries = cells.enumerated().flatMap { index, cell in
      cell.routers.map {
        Entry(cell: cell, router: $0, adjustedPValue: holm.pValue(cell: index, router: $0.name))
      }
    }
    var seen: Set<Name> = []
    let names = entries.map { Name($0.router.name) }.filter { seen.insert($0).inserted }
    return Set(cells.map(\.size)).sorted().flatMap { size in
      names.compactMap { name in
        let own = entries.filter { $0.cell.size == size && Name($0.router.name) == name }
        return own.isEmpty ? nil : GridSummary(size: size, router: own[0].router.name, of: own)
      }
    }
  }

  /// The means of some results of one router, at least one.
  private init(size: Int, router: String, of entries: [Entry]) {
    let results = entries.map(\.router)
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    self.size = size
    self.router = router
    cells = results.count
    thinCells = entries.count { $0.cell.hasTooFewQueries }
    means = MetricCatalog.all.reduce(into: [:]) { means, metric in
      means[metric.key] = mean(results.compactMap { $0[metric]?.value })
    }
    nullBestSingleModelValue = mean(entries.compactMap(\.cell.nullBestSingleModelValue?.value))
    let clear = entries.filter { ($0.adjustedPValue ?? 1) <= Self.level }
      .compactMap { $0.router.differenceToBestSingle?.mu.value }
    better = clear.count { $0 > 0 }
    worse = clear.count { $0 < 0 }
  }
}
