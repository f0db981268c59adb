import NumericKernels
import Testing

@Suite(.serialized) struct LogisticResidualsTests {
  static func bits(_ rows: Int, _ columns: Int, seed: UInt64, share: Float) -> BitMatrix {
    var generator = SeededGenerator(seed: seed)
    var matrix = BitMatrix(rows: rows, columns: columns)
    for row in 0..<rows {
      matrix.setRow(row, from: (0..<columns).map { _ in generator.uniform() < share ? 1 : 0 })
    }
    return matrix
  }

  /// Weights of a few kinds, zeros and ones among them, of which sums are exact.
  static func weights(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let kinds: [Float] = [0, 0.5, 1, 1, 1.5, 3]
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows * columns).map { _ in kinds[generator.below(kinds.count)] })
  }

  /// Binary and continuous grades, with and without missing cells and weights, in shapes around the block sizes.
  static var targets: [GradedCells] {
    [(1, 1), (3, 8), (5, 13), (300, 515), (257, 1030)].flatMap { rows, columns -> [GradedCells] in
      let bits = bits(rows, columns, seed: 1, share: 0.4)
      let mask = Self.bits(rows, columns, seed: 2, share: 0.7)
      let weights = Self.weights(rows, columns, seed: 13)
      var generator = SeededGenerator(seed: 3)
      let floats = Matrix(
        rows: rows, columns: columns, storage: (0..<rows * columns).map { _ in generator.uniform() })
      return [
        GradedCells(.bits(bits)), GradedCells(.bits(bits), observed: mask),
        GradedCells(.floats(floats)), GradedCells(.floats(floats), observed: mask),
        GradedCells(.bits(bits), weights: weights),
        GradedCells(.bits(bits), observed: mask, weights: weights),
        GradedCells(.floats(floats), weights: weights),
        GradedCells(.floats(floats), observed: mask, weights: weights),
      ]
    }
  }

  /// The bounded loss is the loss of z pulled back to the bound, cell by cell.
  @Test(arguments: targets.indices) func theBoundedLossAgreesWithReference(index: Int) {
    let cells = ReferenceKernels.withJunkWhereMissing(Self.targets[index])
    let rows = Matrix.random(cells.rows, 4, seed: 4, scale: 3)
    let columns = Matrix.random(cells.columns, 4, seed: 5, scale: 3)
    let operation = LogisticResiduals(cells, rows: rows, columns: columns)
    let bound: Float = 1.5
    var z = BLAS.multiply(rows, columns.transposed)
    #expect(z.storage.contains { abs($0) > bound })
    z = z.mapped { min(max($0, -bound), bound) }
    let (_, expected) = ReferenceKernels.residuals(cells, rows: z, columns: Matrix(identity: cells.columns))
    #expect(abs(operation.loss(within: bound) - expected) < 1e-5 * max(expected, 1))
    #expect(operation.loss(within: 1e6) == operation.loss())
    var broken = rows
    broken[0, 0] = .nan
    if cells.observed == nil {
      #expect(LogisticResiduals(cells, rows: broken, columns: columns).loss(within: bound).isNaN)
    }
  }

  @Test(arguments: targets.indices) func agreesWithReference(index: Int) {
    let cells = ReferenceKernels.withJunkWhereMissing(Self.targets[index])
    let rows = Matrix.random(cells.rows, 4, seed: 4)
    let columns = Matrix.random(cells.columns, 4, seed: 5, scale: 3)
    let (residuals, loss) = ReferenceKernels.residuals(cells, rows: rows, columns: columns)
    let operation = LogisticResiduals(cells, rows: rows, columns: columns)

    let (product, fastLoss) = operation.timesWithLoss(Matrix.random(cells.columns, 3, seed: 6))
    let right = Matrix.random(cells.columns, 3, seed: 6)
    let expected = residuals.map { row in
      (0..<3).map { column in row.indices.reduce(0.0) { $0 + row[$1] * Double(right[$1, column]) } }
    }
    #expect(product.distance(to: expected) < 2e-4 * Double(cells.columns).squareRoot())
    #expect(abs(fastLoss - loss) < 1e-5 * max(loss, 1))
    #expect(operation.loss() == fastLoss)
    #expect(operation.times(right) == product)

    let left = Matrix.random(cells.rows, 2, seed: 7)
    let transposed = (0..<cells.columns).map { column in
      (0..<2).map { place in
        residuals.indices.reduce(0.0) { $0 + residuals[$1][column] * Double(left[$1, place]) }
      }
    }
    #expect(
      operation.transposedTimes(left).distance(to: transposed) < 2e-4 * Double(cells.rows).squareRoot())
    let curvatures = ReferenceKernels.curvatures(cells, rows: rows, columns: columns)
    #expect(
      operation.curvatureTransposedTimes(left).distance(
        to: ReferenceKernels.multiply(ReferenceKernels.transposed(curvatures), left))
        < 2e-4 * Double(cells.rows).squareRoot())
  }

  /// One cell, so that residual and loss are the plain formulas, over the whole range of z.
  @Test(arguments: [-200, -88, -87, -40, -5, -0.1, 0, 0.1, 5, 40, 87, 88, 200] as [Float])
  func extremesStayFinite(z: Float) {
    for y in [Float(0), 0.3, 1] {
      let cells = GradedCells(.floats(Matrix([[y]])))
      let operation = LogisticResiduals(cells, rows: Matrix([[z]]), columns: Matrix([[1]]))
      let (residual, loss) = operation.timesWithLoss(Matrix([[1]]))
      let expected = ReferenceKernels.residualAndLoss(y: Double(y), z: Double(z))
      #expect(abs(Double(residual[0, 0]) - expected.0) < 3e-7)
      #expect(abs(loss - expected.1) <= 1e-6 * max(expected.1, 1))
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Threads.count
    defer { Threads.count = before }
    let cells = GradedCells(.bits(Self.bits(700, 1100, seed: 8, share: 0.5)))
    let operation = LogisticResiduals(
      cells, rows: .random(700, 5, seed: 9), columns: .random(1100, 5, seed: 10))
    func results() -> (Matrix, Double, Matrix) {
      let rows = operation.timesWithLoss(operation.columns)
      return (rows.product, rows.loss, operation.transposedTimes(operation.rows))
    }
    Threads.count = 1
    let one = results()
    Threads.count = 2
    let two = results()
    #expect(one == two)
  }
}
