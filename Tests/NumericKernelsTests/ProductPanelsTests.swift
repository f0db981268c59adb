import CVectorKernels
import Foundation
import Testing

@testable import NumericKernels

@Suite struct ProductPanelsTests {
  private static let processors: [routerec_processor] = [ROUTEREC_ANY, ROUTEREC_AVX2, ROUTEREC_AVX512]
    .filter { $0.rawValue <= routerec_this_processor().rawValue }

  private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "products")
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &generator) })
  }

  /// In double precision, one element after the other.
  private func reference(_ a: Matrix, _ b: Matrix) -> [Double] {
    (0..<a.rows * b.columns).map { place in
      (0..<a.columns).reduce(0.0) {
        $0 + Double(a[place / b.columns, $1]) * Double(b[$1, place % b.columns])
      }
    }
  }

  @Test(arguments: processors, [(1, 1, 1), (7, 3, 65), (13, 33, 130), (6, 600, 64), (50, 257, 1), (2, 0, 3)])
  func isTheProduct(processor: routerec_processor, shape: (Int, Int, Int)) {
    let (n, k, m) = shape
    let (a, b) = (matrix(n, k, seed: 1), matrix(k, m, seed: 2))
    let product = ProductPanels(b, .asStored, processor: processor).multiplied(by: a)
    #expect(product.rows == n && product.columns == m)
    let expected = reference(a, b)
    let worst = (0..<n * m).map { abs(Double(product[$0 / m, $0 % m]) - expected[$0]) }.max() ?? 0
    #expect(worst <= 2e-7 * Double(max(k, 1)).squareRoot() * 4, "\(worst)")
    #expect(ProductPanels(b.transposed, .transposed, processor: processor).multiplied(by: a) == product)
  }

  @Test(arguments: processors) func aRowIsTheSameAloneAndAmongOthers(processor: routerec_processor) {
    let (a, b) = (matrix(101, 300, seed: 3), matrix(300, 150, seed: 4))
    let whole = ProductPanels(b, .asStored, processor: processor).multiplied(by: a)
    for rows in [[0], [100], [3, 99, 41], Array(17..<95)] {
      let part = ProductPanels(b, .asStored, processor: processor).multiplied(by: a.selecting(rows: rows))
      #expect(part == whole.selecting(rows: rows))
    }
    for columns in [[0], [149], [148, 2, 77], Array(3..<90)] {
      let part = ProductPanels(b.selecting(columns: columns), .asStored, processor: processor)
      #expect(part.multiplied(by: a) == whole.selecting(columns: columns))
    }
  }

  /// Scores are the sums and biases to the bit; probabilities are σ of them in double precision, alone and among others.
  @Test(arguments: processors, [(1, 1, 1), (7, 3, 65), (13, 33, 130), (50, 257, 20), (2, 0, 3)])
  func scoresAndProbabilities(processor: routerec_processor, shape: (Int, Int, Int)) {
    let (n, k, m) = shape
    let a = matrix(n, k, seed: 1)
    let panels = ProductPanels(matrix(k, m, seed: 2), .asStored, processor: processor)
    let biases = (0..<m).map { Float($0 % 23) * 8 - 90 }
    let found = panels.scores(of: a, biases: biases, slope: 1.25, intercept: -0.5)
    var expected = panels.multiplied(by: a)
    expected.addToRows(biases)
    #expect(found.scores == expected)
    for row in 0..<n {
      for column in 0..<m {
        let exact = 1 / (1 + exp(-(1.25 * Double(found.scores[row, column]) - 0.5)))
        let p = Double(found.probabilities[row, column])
        // A score of 100 itself is known to 4e-6.
        #expect(abs(p - exact) <= 1e-5 * exact + 1e-37 && abs(p - exact) <= 2e-7 + 4e-6 * exact * (1 - exact))
      }
      let alone = panels.scores(of: a.selecting(rows: [row]), biases: biases, slope: 1.25, intercept: -0.5)
      #expect(alone.probabilities.row(0).elementsEqual(found.probabilities.row(row)))
    }
  }

  @Test func threadsChangeNoBit() {
    let (a, b) = (matrix(500, 40, seed: 5), ProductPanels(matrix(40, 200, seed: 6)))
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = b.multiplied(by: a)
    Threads.count = 7
    #expect(b.multiplied(by: a) == one)
  }
}
