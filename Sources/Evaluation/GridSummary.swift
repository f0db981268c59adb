/// The means of a router's metrics over all cells of one pool size.
public struct GridSummary: Codable, Equatable, Sendable {
  /// The number of candidates.
  public let size: Int
  /// The router's name.
  public let router: String
  /// The number of cells that it was measured on.
  public let cells: Int
  /// The mean of μ.
  public let mu: Double
  /// The mean of V_R over the cells that define it; nil where none does.
  public let referenceValue: Double?
  /// The mean of V_B over the cells that define it; nil where none does.
  public let bestSingleModelValue: Double?
  /// The mean of E_p.
  public let classificationBias: Double

  /// The summaries of a run: by size ascending, then in the order of the routers' first appearance.
  public static func summaries(of cells: [CellResult]) -> [GridSummary] {
    Set(cells.map(\.size)).sorted().flatMap { size -> [GridSummary] in
      let own = cells.filter { $0.size == size }
      var names: [String] = []
      for name in own.flatMap({ $0.routers.map(\.name) }) where !names.contains(name) { names.append(name) }
      return names.map { name in
        GridSummary(size: size, of: own.flatMap { $0.routers.filter { $0.name == name } })
      }
    }
  }

  /// The means of some results of one router, at least one.
  private init(size: Int, of results: [RouterResult]) {
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    self.size = size
    router = results[0].name
    cells = results.count
    mu = mean(results.map(\.mu.value)) ?? 0
    referenceValue = mean(results.compactMap(\.referenceValue?.value))
    bestSingleModelValue = mean(results.compactMap(\.bestSingleModelValue?.value))
    classificationBias = mean(results.map(\.classificationBias.value)) ?? 0
  }
}
