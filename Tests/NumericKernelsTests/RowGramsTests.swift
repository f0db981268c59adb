import NumericKernels
import Testing

@Suite struct RowGramsTests {
  /// The shapes of the other kernels' tests, and rows that are nearly full and nearly empty.
  static var targets: [GradedCells] {
    let full = LogisticResidualsTests.bits(12, 290, seed: 11, share: 0.95)
    let empty = LogisticResidualsTests.bits(12, 290, seed: 12, share: 0.04)
    let graded = Matrix(
      rows: 12, columns: 290,
      storage: (0..<12 * 290).map { full[$0 / 290, $0 % 290] ? 1 : empty[$0 / 290, $0 % 290] ? 0.5 : 0 })
    return LogisticResidualsTests.targets + [
      GradedCells(.floats(graded)), GradedCells(.floats(graded), observed: full),
      GradedCells(.bits(empty), observed: full), GradedCells(.bits(full), observed: full),
      GradedCells(.bits(full), observed: empty), GradedCells(.bits(empty)), GradedCells(.bits(full)),
      GradedCells(.bits(full), observed: BitMatrix(rows: 12, columns: 290)),
      GradedCells(.bits(full), weights: Matrix(rows: 12, columns: 290, repeating: 2)),
      GradedCells(.bits(full), observed: empty, weights: LogisticResidualsTests.weights(12, 290, seed: 13)),
    ]
  }

  @Test(arguments: targets.indices, [0, 1.5] as [Float])
  func agreesWithReference(index: Int, gain: Float) {
    let cells = ReferenceKernels.withJunkWhereMissing(Self.targets[index])
    let factors = Matrix.random(cells.columns, 3, seed: 1)
    let found = RowGrams(cells, factors: factors, shared: BLAS.gram(factors), gain: gain)
    let weights = SquaredResidualsTests.reference(
      cells, rows: Matrix(rows: cells.rows, columns: 3), columns: factors, gain: Double(gain)
    ).weights
    for row in 0..<min(cells.rows, 20) {
      var gram = Matrix(rows: 3, columns: 3, repeating: 0.5)
      found.add(row: row, to: &gram)
      let expected = (0..<3).map { left in
        (0..<3).map { right in
          weights[row].indices.reduce(0.5) {
            $0 + weights[row][$1] * Double(factors[$1, left]) * Double(factors[$1, right])
          }
        }
      }
      #expect(gram.distance(to: expected) < 2e-3)
      var sum = Matrix(rows: 3, columns: 3, repeating: 0.5)
      for term in found.terms(row: row) { sum += term }
      #expect(sum == gram)
    }
  }

  @Test(arguments: [0, 1.5] as [Float]) func countsTheCellsBesideTheMostFrequentWeight(gain: Float) {
    for cells in Self.targets.map(ReferenceKernels.withJunkWhereMissing) {
      let weights = SquaredResidualsTests.reference(
        cells, rows: Matrix(rows: cells.rows, columns: 1),
        columns: Matrix(rows: cells.columns, columns: 1),
        gain: Double(gain)
      ).weights
      let expected = (0..<cells.rows).map { row in
        let own = (0..<cells.columns).map { ReferenceKernels.weight(cells, row, $0) }.first { $0 > 0 } ?? 1
        let bases: [Double] = gain == 0 ? [0, own] : [0, own, own * (1 + Double(gain))]
        return bases.map { base in weights[row].count { $0 != base } }.min() ?? 0
      }
      #expect(RowGrams.deviatingCounts(cells, gain: gain) == expected)
    }
  }
}
