import NumericKernels

/// Graded cells in two: most to learn from, a few of each row held out to validate on.
///
/// For data without query embeddings, whose models can't predict a query that they have no answers of.
package struct HeldOutCells: Sendable {
  /// The cells that stay.
  package let kept: GradedCells
  /// The cells that were held out, in the same rows and columns.
  package let held: GradedCells

  /// One of so many cells is held out.
  private static let share = 10

  /// Draws the cells of a benchmark; the last answer of a query or an LLM is never held out.
  ///
  /// Cost: one random number for each observed cell.
  package init(_ cells: GradedCells, benchmark: String) {
    var kept = cells.observed ?? BitMatrix(rows: cells.rows, columns: cells.columns, repeating: true)
    var held = BitMatrix(rows: cells.rows, columns: cells.columns)
    var left = kept.columnCounts()
    var generator = SeededGenerator(seed: 0, stream: "held-out-cells/\(benchmark)")
    for row in 0..<cells.rows {
      var own = kept.rowCount(row)
      for column in 0..<cells.columns where kept[row, column] {
        guard generator.below(Self.share) == 0, own > 1, left[column] > 1 else { continue }
        kept[row, column] = false
        held[row, column] = true
        own -= 1
        left[column] -= 1
      }
    }
    self.kept = Self.masked(cells, kept)
    self.held = Self.masked(cells, held)
  }

  /// Cells of which only some are observed; the bits of the others are 0, as everywhere.
  private static func masked(_ cells: GradedCells, _ observed: BitMatrix) -> GradedCells {
    var values = cells.values
    if case .bits(let bits) = values { values = .bits(bits.intersection(observed)) }
    return GradedCells(values, observed: observed, weights: cells.weights)
  }
}
