import Foundation
import NumericKernels
import Testing

@Suite struct SummedLossTests {
  enum Loss: CaseIterable {
    case binaryCrossEntropy, multiPositiveSoftmax, pairwiseLogistic, expectedScore

    func fast(_ logits: inout Matrix, _ labels: Matrix) -> LossSum {
      switch self {
      case .binaryCrossEntropy: BinaryCrossEntropy.replaceWithSummedGradient(&logits, labels: labels)
      case .multiPositiveSoftmax: MultiPositiveSoftmax.replaceWithSummedGradient(&logits, labels: labels)
      case .pairwiseLogistic: PairwiseLogistic.replaceWithSummedGradient(&logits, labels: labels)
      case .expectedScore: ExpectedScore.replaceWithSummedGradient(&logits, labels: labels)
      }
    }

    func slow(_ z: [Double], _ y: [Float]) -> (total: Double, terms: Int) {
      switch self {
      case .binaryCrossEntropy: ReferenceLosses.binaryCrossEntropy(z, y)
      case .multiPositiveSoftmax: ReferenceLosses.multiPositiveSoftmax(z, y)
      case .pairwiseLogistic: ReferenceLosses.pairwiseLogistic(z, y)
      case .expectedScore: ReferenceLosses.expectedScore(z, y)
      }
    }
  }

  /// Right, wrong, graded and missing labels; the first rows are all right, all wrong and all missing.
  static func labels(rows: Int, columns: Int, graded: Bool) -> Matrix {
    var generator = SeededGenerator(seed: UInt64(columns))
    var labels = Matrix(rows: rows, columns: columns)
    for index in labels.storage.indices {
      let number = generator.uniform()
      labels.storage[index] = number < 0.25 ? .nan : graded ? generator.uniform() : number < 0.6 ? 1 : 0
    }
    for column in 0..<columns {
      labels[0, column] = 1
      labels[1, column] = 0
      labels[2, column] = .nan
    }
    return labels
  }

  @Test(arguments: Loss.allCases, [1, 2, 7, 8, 19, 40, 611])
  func agreesWithTheDefinitionAndItsFiniteDifferences(loss: Loss, columns: Int) {
    for (graded, scale) in [(false, 1), (true, 3), (false, 12)] as [(Bool, Float)] {
      let labels = Self.labels(rows: 6, columns: columns, graded: graded)
      let logits = Matrix.random(6, columns, seed: 3, scale: scale)
      var gradient = logits
      let sum = loss.fast(&gradient, labels)
      var (total, terms) = (0.0, 0)
      for row in 0..<6 {
        var z = logits.row(row).map(Double.init)
        let y = Array(labels.row(row))
        let expected = loss.slow(z, y)
        total += expected.total
        terms += expected.terms
        let step = 1e-5
        for column in Set([0, columns / 2, columns - 1] + (0..<min(columns, 12))) {
          z[column] += step
          let above = loss.slow(z, y).total
          z[column] -= 2 * step
          let below = loss.slow(z, y).total
          z[column] += step
          let slope = (above - below) / (2 * step)
          #expect(abs(Double(gradient[row, column]) - slope) < 2e-5 * max(1, abs(slope)))
        }
      }
      #expect(sum.terms == Double(terms))
      #expect(abs(sum.total - total) < 1e-5 * max(1, abs(total)))
    }
  }

  @Test(arguments: Loss.allCases) func logitsOfMissingCellsChangeNothing(loss: Loss) {
    let labels = Self.labels(rows: 5, columns: 21, graded: false)
    func result(junk: Float) -> (Matrix, LossSum) {
      var logits = Matrix.random(5, 21, seed: 8)
      for index in logits.storage.indices where labels.storage[index].isNaN { logits.storage[index] = junk }
      let sum = loss.fast(&logits, labels)
      return (logits, sum)
    }
    let usual = result(junk: 0)
    for index in labels.storage.indices where labels.storage[index].isNaN {
      #expect(usual.0.storage[index] == 0)
    }
    for junk: Float in [1e30, -5, .infinity, .nan] {
      let other = result(junk: junk)
      #expect(other.0 == usual.0 && other.1 == usual.1)
    }
  }

  @Test(arguments: Loss.allCases, [.nan, .infinity, -.infinity] as [Float])
  func anObservedLogitThatIsNotFiniteShowsInTheLoss(loss: Loss, value: Float) {
    for column in [0, 3, 9] {
      var logits = Matrix.random(2, 10, seed: 8)
      let labels = Matrix((0..<2).map { _ in (0..<10).map { $0 % 2 == 0 ? 1 : 0 } })
      logits[1, column] = value
      #expect(!loss.fast(&logits, labels).total.isFinite)
    }
  }

  @Test(arguments: Loss.allCases) func rowsWithNothingToLearnCountNothing(loss: Loss) {
    var logits = Matrix.random(3, 9, seed: 2)
    let sum = loss.fast(&logits, Matrix(rows: 3, columns: 9, repeating: .nan))
    #expect(sum == LossSum() && logits == Matrix(rows: 3, columns: 9))
    #expect(sum.mean == 0)
    var empty = Matrix(rows: 0, columns: 4)
    #expect(loss.fast(&empty, empty) == LossSum())
  }

  /// Far from 0 nothing overflows, and the gradient keeps its limits.
  @Test(arguments: Loss.allCases) func extremeLogitsKeepTheirLimits(loss: Loss) {
    let labels = Matrix([[1, 0, 1, 0]])
    for value: Float in [39, 300, 1e6] {
      var logits = Matrix([[-value, value, 0, 0]])
      let sum = loss.fast(&logits, labels)
      let expected = loss.slow([Double(-value), Double(value), 0, 0], [1, 0, 1, 0])
      #expect(abs(sum.total - expected.total) <= 1e-5 * max(1, abs(expected.total)))
      #expect(logits.isFinite)
      if loss != .expectedScore { #expect(logits[0, 0] <= -0.99 && logits[0, 1] >= 0.99) }
    }
  }

  /// Another right LLM, however strong, changes nothing about a right one.
  @Test func rightLLMsNeverCompete() {
    for loss in [Loss.multiPositiveSoftmax, .pairwiseLogistic] {
      func gradient(rival: Float) -> Float {
        var logits = Matrix([[0.3, -0.2, rival]])
        _ = loss.fast(&logits, Matrix([[1, 0, 1]]))
        return logits[0, 0]
      }
      #expect(abs(gradient(rival: -8) - gradient(rival: 8)) < 1e-6)
    }
  }
}
