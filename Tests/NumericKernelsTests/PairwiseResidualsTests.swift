import Foundation
import NumericKernels
import Testing

@Suite(.serialized) struct PairwiseResidualsTests {
  /// A target with its factors and two offsets a row.
  struct Sample {
    let cells: GradedCells
    let rows: Matrix
    let columns: Matrix
    let offsets: [Int32]
    let margin: Float

    init(_ cells: GradedCells, margin: Float = 0.1) {
      self.cells = ReferenceKernels.withJunkWhereMissing(cells)
      rows = .random(cells.rows, 4, seed: 4)
      columns = .random(cells.columns, 4, seed: 5)
      var generator = SeededGenerator(seed: 6)
      offsets = (0..<(cells.columns > 1 ? 2 * cells.rows : 0)).map { _ in
        Int32(1 + generator.below(cells.columns - 1))
      }
      self.margin = margin
    }

    var fast: PairwiseResiduals {
      PairwiseResiduals(cells, rows: rows, columns: columns, offsets: offsets, margin: margin)
    }

    /// Residuals, loss and number of pairs, one pair at a time.
    var reference: (residuals: [[Double]], loss: Double, pairs: Int) {
      let z = ReferenceKernels.multiply(rows, columns.transposed)
      var residuals = z.map { $0.map { _ in 0.0 } }
      var (loss, pairs) = (0.0, 0)
      for row in 0..<cells.rows {
        func grade(_ column: Int) -> Double? {
          weight(column) > 0 ? ReferenceKernels.value(cells, row, column) : nil
        }
        func weight(_ column: Int) -> Double { ReferenceKernels.weight(cells, row, column) }
        for offset in offsets.indices.filter({ $0 / 2 == row }).map({ Int(offsets[$0]) }) {
          for column in 0..<cells.columns {
            let other = (column + offset) % cells.columns
            guard let mine = grade(column), let theirs = grade(other),
              abs(mine - theirs) >= Double(margin)
            else { continue }
            let (better, worse) = mine > theirs ? (column, other) : (other, column)
            let pull = 1 / (1 + exp(z[row][better] - z[row][worse]))
            let both = weight(better) * weight(worse)
            loss -= both * log(1 - pull)
            pairs += 1
            residuals[row][better] += both * pull
            residuals[row][worse] -= both * pull
          }
        }
      }
      return (residuals, loss, pairs)
    }
  }

  @Test(arguments: LogisticResidualsTests.targets.indices) func agreesWithReference(index: Int) {
    let sample = Sample(LogisticResidualsTests.targets[index])
    let expected = sample.reference
    let right = Matrix.random(sample.cells.columns, 3, seed: 7)
    let left = Matrix.random(sample.cells.rows, 2, seed: 8)
    let (product, loss) = sample.fast.timesWithLoss(right)
    #expect(product.distance(to: ReferenceKernels.multiply(expected.residuals, right)) < 1e-3)
    #expect(loss.pairs == expected.pairs)
    #expect(abs(loss.sum - expected.loss) < 1e-5 * max(expected.loss, 1))
    #expect(
      sample.fast.transposedTimes(left).distance(
        to: ReferenceKernels.multiply(ReferenceKernels.transposed(expected.residuals), left)) < 1e-3)
  }

  @Test func theMarginDecidesWhatIsAPair() {
    let grades = GradedCells(.floats(Matrix([[0, 0.25, 0.5, 1]])))
    func pairs(_ margin: Float) -> Int {
      PairwiseResiduals(
        grades, rows: Matrix([[1]]), columns: Matrix(rows: 4, columns: 1), offsets: [1], margin: margin
      ).timesWithLoss(Matrix(rows: 4, columns: 1)).loss.pairs
    }
    #expect(pairs(0.25) == 4)
    #expect(pairs(0.3) == 2)
    #expect(pairs(0.6) == 1)
  }

  @Test(arguments: [-300, -90, -1, 0, 1, 90, 300] as [Float]) func extremesStayFinite(z: Float) {
    let cells = GradedCells(.floats(Matrix([[1, 0]])))
    let (product, loss) = PairwiseResiduals(
      cells, rows: Matrix([[1]]), columns: Matrix([[z], [0]]), offsets: [1], margin: 0.1
    ).timesWithLoss(Matrix([[1], [0]]))
    // Both cells are compared with each other, from either side.
    let expected = 2 / (1 + exp(Double(z)))
    #expect(abs(Double(product[0, 0]) - expected) < 1e-6)
    #expect(abs(loss.sum - 2 * (max(-Double(z), 0) + log1p(exp(-abs(Double(z)))))) < 1e-3)
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Threads.count
    defer { Threads.count = before }
    let sample = Sample(GradedCells(.bits(LogisticResidualsTests.bits(5000, 40, seed: 8, share: 0.5))))
    func results() -> (Matrix, PairwiseResiduals.Loss, Matrix) {
      let (product, loss) = sample.fast.timesWithLoss(sample.columns)
      return (product, loss, sample.fast.transposedTimes(sample.rows))
    }
    Threads.count = 1
    let one = results()
    Threads.count = 2
    #expect(results() == one)
  }
}
