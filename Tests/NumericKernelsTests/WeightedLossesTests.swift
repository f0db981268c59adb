import NumericKernels
import Testing

/// A cell of weight w is w cells of its row: what the losses without weights say of repeated columns.
@Suite struct WeightedLossesTests {
  typealias Loss = SummedLossTests.Loss

  private func weighted(
    _ loss: Loss, _ logits: inout Matrix, _ labels: Matrix, _ weights: Matrix
  ) -> LossSum {
    switch loss {
    case .binaryCrossEntropy:
      WeightedLosses.binaryCrossEntropy(&logits, labels: labels, weights: weights)
    case .multiPositiveSoftmax:
      WeightedLosses.multiPositiveSoftmax(&logits, labels: labels, weights: weights)
    case .pairwiseLogistic: WeightedLosses.pairwiseLogistic(&logits, labels: labels, weights: weights)
    case .expectedScore: WeightedLosses.expectedScore(&logits, labels: labels, weights: weights)
    }
  }

  @Test(arguments: Loss.allCases, [false, true]) func aWeightIsANumberOfCells(loss: Loss, graded: Bool) {
    let (rows, columns) = (7, 11)
    let labels = SummedLossTests.labels(rows: rows, columns: columns, graded: graded)
    let logits = Matrix.random(rows, columns, seed: 5, scale: 2)
    var generator = SeededGenerator(seed: 8)
    for row in 0..<rows {
      // Row by row, since each has its own repetitions.
      let counts = (0..<columns).map { _ in generator.below(4) }
      let places = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
      var repeated = logits.selecting(rows: [row]).selecting(columns: places)
      let expected = loss.fast(&repeated, labels.selecting(rows: [row]).selecting(columns: places))
      var found = logits.selecting(rows: [row])
      let sum = weighted(
        loss, &found, labels.selecting(rows: [row]), Matrix([counts.map { Float($0) }]))
      var gradient = [Double](repeating: 0, count: columns)
      for (place, column) in places.enumerated() { gradient[column] += Double(repeated[0, place]) }
      // A row of an expected label counts as much as its cells on average.
      let own = counts.indices.filter { !labels[row, $0].isNaN && counts[$0] > 0 }
      let mean = Double(own.reduce(0) { $0 + counts[$1] }) / Double(max(own.count, 1))
      let factor = loss == .expectedScore ? mean : 1
      #expect(abs(sum.total - factor * expected.total) < 1e-4 * max(abs(expected.total), 1), "row \(row)")
      for column in 0..<columns {
        #expect(abs(Double(found[0, column]) - factor * gradient[column]) < 1e-4, "row \(row)")
      }
    }
  }

  @Test(arguments: Loss.allCases) func weightsOfOneAreNone(loss: Loss) {
    let labels = SummedLossTests.labels(rows: 7, columns: 11, graded: false)
    var plain = Matrix.random(7, 11, seed: 6, scale: 2)
    var found = plain
    let expected = loss.fast(&plain, labels)
    let sum = weighted(loss, &found, labels, Matrix(rows: 7, columns: 11, repeating: 1))
    #expect(sum.terms == expected.terms && abs(sum.total - expected.total) < 1e-4)
    #expect(zip(found.storage, plain.storage).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func gradientsAndMeansOfNetworksHaveWeightsToo() {
    let labels = SummedLossTests.labels(rows: 4, columns: 6, graded: true)
    let logits = Matrix.random(4, 6, seed: 7, scale: 2)
    let weights = Matrix(rows: 4, columns: 6, storage: (0..<24).map { Float($0 % 5) / 2 })
    var (sums, means) = (logits, logits)
    let sum = WeightedLosses.binaryCrossEntropy(&sums, labels: labels, weights: weights)
    BinaryCrossEntropy.replaceWithGradient(&means, labels: labels, weights: weights)
    let count = Float(labels.storage.filter { !$0.isNaN }.count)
    #expect(zip(sums.storage, means.storage).allSatisfy { abs($0 / count - $1) < 1e-5 })
    let weight = zip(weights.storage, labels.storage).reduce(0) { $0 + ($1.1.isNaN ? 0 : Double($1.0)) }
    let mean = BinaryCrossEntropy.meanLoss(logits: logits, labels: labels, weights: weights)
    #expect(abs(mean - sum.total / weight) < 1e-5)
  }
}
