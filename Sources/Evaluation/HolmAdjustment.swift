import FileFormats

/// The p-values of the cells of a table, adjusted for looking at many cells.
///
/// A family is one router in all cells in which it has a p-value (that of its paired difference in μ to
/// the train-chosen best LLM). Holm's step-down method keeps the chance of any false claim in a
/// family at the level: with the k values in ascending order, the adjusted i-th is the largest of
/// min(1, (k − j + 1) · p_j) over j ≤ i. A bootstrap p-value is never less than 2 / (B + 1), so with
/// 10,000 resamples and 180 cells the smallest adjusted value is 180 · 2 / 10,001 = 0.036.
/// Source: Holm 1979.
public struct HolmAdjustment: Sendable {
  /// The adjusted p-value of each cell, by router.
  private let adjusted: [Name: [Int: Double]]

  /// Adjusts the p-values of the routers of some cells; cost: a sort for each router.
  public init(_ cells: [CellResult]) {
    var families: [Name: [(cell: Int, pValue: Double)]] = [:]
    for (index, cell) in cells.enumerated() {
      for router in cell.routers {
        if let pValue = router.pValue { families[Name(router.name), default: []].append((index, pValue)) }
      }
    }
    adjusted = families.mapValues { family in
      let values = Self.adjusted(family.map(\.pValue))
      return zip(family.map(\.cell), values).reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// The adjusted p-value of a router in the cell at an index; nil where it has none.
  public func pValue(cell: Int, router: String) -> Double? { adjusted[Name(router)]?[cell] }

  /// The adjusted values of one family, in the given order.
  static func adjusted(_ pValues: [Double]) -> [Double] {
    var result = pValues
    var largest = 0.0
    for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      result[index] = largest
    }
    return result
  }
}
