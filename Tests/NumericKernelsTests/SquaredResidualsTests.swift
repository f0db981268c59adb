import NumericKernels
import Testing

@Suite(.serialized) struct SquaredResidualsTests {
  /// w·(y − z), w (0 where a cell is missing), and ½ Σ w (y − z)², in `Double`.
  static func reference(
    _ cells: GradedCells, rows: Matrix, columns: Matrix, gain: Double
  ) -> (residuals: [[Double]], weights: [[Double]], loss: Double) {
    let z = ReferenceKernels.multiply(rows, columns.transposed)
    var residuals = z
    var weights = z
    var loss = 0.0
    for row in 0..<cells.rows {
      for column in 0..<cells.columns {
        let own = ReferenceKernels.weight(cells, row, column)
        guard own > 0 else {
          (residuals[row][column], weights[row][column]) = (0, 0)
          continue
        }
        let y = ReferenceKernels.value(cells, row, column)
        weights[row][column] = own * (1 + gain * y)
        residuals[row][column] = weights[row][column] * (y - z[row][column])
        loss += residuals[row][column] * (y - z[row][column]) / 2
      }
    }
    return (residuals, weights, loss)
  }

  @Test(arguments: LogisticResidualsTests.targets.indices, [0, 1.5] as [Float])
  func agreesWithReference(index: Int, gain: Float) {
    let cells = ReferenceKernels.withJunkWhereMissing(LogisticResidualsTests.targets[index])
    let rows = Matrix.random(cells.rows, 4, seed: 4)
    let columns = Matrix.random(cells.columns, 4, seed: 5)
    let right = Matrix.random(cells.columns, 3, seed: 6)
    let left = Matrix.random(cells.rows, 2, seed: 7)
    let expected = Self.reference(cells, rows: rows, columns: columns, gain: Double(gain))
    let found = SquaredResiduals(cells, rows: rows, columns: columns, gain: gain)

    let (product, loss) = found.timesWithLoss(right)
    #expect(product.distance(to: ReferenceKernels.multiply(expected.residuals, right)) < 2e-3)
    #expect(abs(loss - expected.loss) < 1e-5 * max(expected.loss, 1))
    #expect(found.times(right) == product)
    #expect(
      found.transposedTimes(left).distance(
        to: ReferenceKernels.multiply(ReferenceKernels.transposed(expected.residuals), left)) < 2e-3)

    let z = ReferenceKernels.multiply(rows, columns.transposed)
    let curved = zip(expected.weights, z).map { zip($0, $1).map { $0 * $1 } }
    #expect(found.curvatureTimes(right).distance(to: ReferenceKernels.multiply(curved, right)) < 2e-3)
    #expect(
      found.transposedCurvatureTimes(left).distance(
        to: ReferenceKernels.multiply(ReferenceKernels.transposed(curved), left)) < 2e-3)
  }

  @Test func factorsOfNoColumnsAreZero() {
    let cells = GradedCells(.bits(LogisticResidualsTests.bits(300, 700, seed: 1, share: 0.4)))
    let none = SquaredResiduals(
      cells, rows: Matrix(rows: 300, columns: 0), columns: Matrix(rows: 700, columns: 0))
    let zeros = SquaredResiduals(
      cells, rows: Matrix(rows: 300, columns: 1), columns: Matrix(rows: 700, columns: 1))
    let right = Matrix.random(700, 2, seed: 2)
    #expect(none.times(right) == zeros.times(right))
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Threads.count
    defer { Threads.count = before }
    let cells = GradedCells(
      .bits(LogisticResidualsTests.bits(700, 1100, seed: 8, share: 0.5)),
      observed: LogisticResidualsTests.bits(700, 1100, seed: 9, share: 0.8))
    let found = SquaredResiduals(
      cells, rows: .random(700, 5, seed: 9), columns: .random(1100, 5, seed: 10), gain: 1)
    func results() -> ([Matrix], Double) {
      let (product, loss) = found.timesWithLoss(found.columns)
      return ([product, found.transposedTimes(found.rows), found.curvatureTimes(found.columns)], loss)
    }
    Threads.count = 1
    let one = results()
    Threads.count = 2
    #expect(results() == one)
  }
}
