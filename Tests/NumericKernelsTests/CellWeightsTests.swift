import NumericKernels
import Testing

/// What weights mean, whatever the kernel.
@Suite(.serialized) struct CellWeightsTests {
  /// What all kernels make of some cells, at the same factors.
  struct Outcome: Equatable {
    var products: [Matrix]
    var losses: [Double]
    var area: Double?
  }

  static func outcome(_ cells: GradedCells) -> Outcome {
    let (rows, columns) = (Matrix.random(cells.rows, 4, seed: 4), Matrix.random(cells.columns, 4, seed: 5))
    let right = Matrix.random(cells.columns, 3, seed: 6)
    let left = Matrix.random(cells.rows, 2, seed: 7)
    let logistic = LogisticResiduals(cells, rows: rows, columns: columns)
    let squared = SquaredResiduals(cells, rows: rows, columns: columns, gain: 1.5)
    let pairwise = PairwiseResiduals(
      cells, rows: rows, columns: columns, offsets: (0..<cells.rows).map { Int32(1 + $0 % 7) }, margin: 0.1)
    let losses = [logistic.timesWithLoss(right), squared.timesWithLoss(right)]
    let pairs = pairwise.timesWithLoss(right)
    let grams = RowGrams(cells, factors: columns, shared: BLAS.gram(columns), gain: 1.5)
    let gram = (0..<cells.rows).map { row in
      var matrix = Matrix(rows: 4, columns: 4)
      grams.add(row: row, to: &matrix)
      return matrix
    }
    let sums = cells.sums()
    return Outcome(
      products: losses.map(\.product) + [
        pairs.product, logistic.transposedTimes(left), logistic.curvatureTransposedTimes(left),
        squared.transposedTimes(left), squared.curvatureTimes(right), squared.transposedCurvatureTimes(left),
        pairwise.transposedTimes(left), .stacked(gram), sums.rows, sums.columns,
      ],
      losses: losses.map(\.loss) + [
        pairs.loss.sum, Double(pairs.loss.pairs), cells.weightSum, Double(cells.meanWeight(gain: 1.5)),
      ],
      area: logistic.areaUnderCurve())
  }

  static var plain: [GradedCells] {
    LogisticResidualsTests.targets.filter { $0.weights == nil && $0.columns > 8 }
  }

  @Test(arguments: plain.indices) func weightsOfOneChangeNoBit(index: Int) {
    let cells = Self.plain[index]
    let ones = GradedCells(
      cells.values, observed: cells.observed,
      weights: Matrix(rows: cells.rows, columns: cells.columns, repeating: 1))
    #expect(Self.outcome(ones) == Self.outcome(cells))
    #expect(ones.largestWeight == cells.largestWeight && ones.sharedWeight == cells.sharedWeight)
  }

  /// Where a row starts from the shared Gram matrix, and so in which order it is summed, is the same too.
  @Test(arguments: plain.indices) func aCellOfWeightZeroIsMissing(index: Int) {
    let cells = Self.plain[index]
    let mask = LogisticResidualsTests.bits(cells.rows, cells.columns, seed: 21, share: 0.6)
    var weights = Matrix(rows: cells.rows, columns: cells.columns)
    for row in 0..<cells.rows {
      for column in 0..<cells.columns where mask[row, column] { weights[row, column] = 1 }
    }
    let weighted = GradedCells(cells.values, observed: cells.observed, weights: weights)
    let masked = GradedCells(cells.values, observed: cells.observed.map(mask.intersection) ?? mask)
    #expect(Self.outcome(weighted) == Self.outcome(masked))
  }

  @Test func aRowOfWeightTwoIsTwoRows() throws {
    let cells = try #require(LogisticResidualsTests.targets.last)
    let twice = cells.selecting(rows: Array(0..<cells.rows) + Array(0..<cells.rows))
    let doubled = GradedCells(
      cells.values, observed: cells.observed, weights: try #require(cells.weights).scaled(by: 2))
    let (rows, columns) = (Matrix.random(cells.rows, 4, seed: 4), Matrix.random(cells.columns, 4, seed: 5))
    let left = Matrix.random(cells.rows, 2, seed: 7)
    let two = (Matrix.stacked([rows, rows]), Matrix.stacked([left, left]))

    let logistic = LogisticResiduals(doubled, rows: rows, columns: columns)
    let logistics = LogisticResiduals(twice, rows: two.0, columns: columns)
    #expect(logistic.transposedTimes(left).isNear(logistics.transposedTimes(two.1)))
    #expect(
      logistic.curvatureTransposedTimes(left).isNear(logistics.curvatureTransposedTimes(two.1)))
    #expect(abs(logistic.loss() - logistics.loss()) < 1e-6 * logistics.loss())
    #expect(logistic.areaUnderCurve() == logistics.areaUnderCurve())
    let squared = SquaredResiduals(doubled, rows: rows, columns: columns, gain: 1.5)
    let squares = SquaredResiduals(twice, rows: two.0, columns: columns, gain: 1.5)
    #expect(squared.transposedTimes(left).isNear(squares.transposedTimes(two.1)))
    #expect(squared.transposedCurvatureTimes(left).isNear(squares.transposedCurvatureTimes(two.1)))
    #expect(abs(squared.loss() - squares.loss()) < 1e-6 * squares.loss())
    #expect(doubled.sums().columns.isNear(twice.sums().columns))
    #expect(doubled.weightSum == twice.weightSum)
  }

  /// In the pairs of a row: a column of weight 2 beside the others is that column twice, half of its pairs each.
  @Test func aCellOfWeightTwoIsInTwiceAsManyPairs() {
    let weights = Matrix([[2, 1, 0.5]])
    let cells = GradedCells(.floats(Matrix([[1, 0, 0.5]])), weights: weights)
    let (product, loss) = PairwiseResiduals(
      cells, rows: Matrix([[1]]), columns: Matrix(rows: 3, columns: 1), offsets: [1], margin: 0.1
    ).timesWithLoss(Matrix(identity: 3))
    // At zero each pair pulls by a half: 2·1 and 2·½ on the best, 1·½ between the others.
    #expect(product == Matrix([[1.5, -1.25, -0.25]]))
    #expect(loss.pairs == 3)
    #expect(abs(loss.sum - 3.5 * 0.693_147_180_56) < 1e-6)
  }

  @Test func weightsFollowTheirCells() throws {
    let cells = try #require(LogisticResidualsTests.targets.first { $0.rows == 5 && $0.weights != nil })
    let weights = try #require(cells.weights)
    #expect(cells.transposed.weights == weights.transposed)
    #expect(cells.selecting(rows: [3, 0, 3]).weights == weights.selecting(rows: [3, 0, 3]))
    #expect(cells.selecting(columns: [9, 2]).weights == weights.selecting(columns: [9, 2]))
    #expect(cells.selecting(columns: [9, 2]).rows == 5)
  }

  @Test func sumsAndLargestWeightsLookAtObservedCellsOnly() throws {
    let observed = BitMatrix(rows: 2, columns: 3, bytes: [0b1010_0000, 0b0110_0000])
    let cells = GradedCells(
      .floats(Matrix([[1, .nan, 0.5], [.nan, 0, 1]])), observed: observed,
      weights: Matrix([[2, .nan, 4], [9, 0.5, 1]]))
    #expect(cells.weightSum == 7.5)
    #expect(cells.sums().rows == Matrix([[4, 6], [1, 1.5]]))
    #expect(cells.sums().columns == Matrix([[2, 2], [0, 0.5], [3, 5]]))
    let largest = try #require(cells.largestWeights())
    #expect(largest.rows == [4, 1] && largest.columns == [2, 0.5, 4] && cells.largestWeight == 4)
    #expect(cells.meanWeight(gain: 1) == 12.5 / 6)
    #expect(cells.sharedWeight == nil)
    #expect(GradedCells(.bits(observed)).largestWeights() == nil)
    #expect(
      GradedCells(.bits(observed), weights: Matrix(rows: 2, columns: 3, repeating: 5)).sharedWeight == 5)
  }

  @Test func anUnusableWeightIsFound() throws {
    var weights = Matrix(rows: 2, columns: 9, repeating: 1)
    #expect(GradedCells.firstUnusableWeight(weights, observed: nil) == nil)
    for bad in [Float.nan, -1, .infinity, -0.5] {
      weights[1, 8] = bad
      let place = try #require(GradedCells.firstUnusableWeight(weights, observed: nil))
      #expect(place == (1, 8))
      var observed = BitMatrix(rows: 2, columns: 9, repeating: true)
      observed[1, 8] = false
      #expect(GradedCells.firstUnusableWeight(weights, observed: observed) == nil)
    }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let cells = try #require(LogisticResidualsTests.targets.last)
    Threads.count = 1
    let one = Self.outcome(cells)
    Threads.count = 2
    #expect(Self.outcome(cells) == one)
  }
}

extension Matrix {
  /// Whether all elements are equal but for rounding.
  fileprivate func isNear(_ other: Matrix) -> Bool {
    rows == other.rows && columns == other.columns
      && zip(storage, other.storage).allSatisfy { abs($0 - $1) <= 1e-3 * max(1, abs($1)) }
  }
}
