import Foundation
import Testing

@testable import NumericKernels

/// Kernels against their definitions in `Double`.
@Suite struct KernelFunctionTests {
  static let kernels: [KernelFunction] = [.gaussian(gamma: 0.3), .cosine]

  static func reference(_ kernel: KernelFunction, _ x: ArraySlice<Float>, _ y: ArraySlice<Float>) -> Double {
    func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    switch kernel {
    case .gaussian(let gamma):
      let distance = zip(x, y).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
      return exp(-Double(gamma) * distance)
    case .cosine:
      let lengths = (product(x, x) * product(y, y)).squareRoot()
      return lengths > 0 ? product(x, y) / lengths : 0
    }
  }

  @Test(arguments: kernels, [(1, 3), (9, 5), (300, 1_030)])
  func kernelIsItsDefinition(kernel: KernelFunction, shape: (Int, Int)) {
    let x = Matrix.random(shape.0, 6, seed: 1)
    let y = Matrix.random(shape.1, 6, seed: 2)
    let expected = (0..<x.rows).map { row in
      (0..<y.rows).map { Self.reference(kernel, x.row(row), y.row($0)) }
    }
    #expect(kernel.matrix(x, y).distance(to: expected) < 3e-6)
  }

  @Test(arguments: kernels, [1, 9, 256, 257, 1_030])
  func kernelOfRowsWithThemselvesIsSymmetric(kernel: KernelFunction, size: Int) {
    let x = Matrix.random(size, 6, seed: 1)
    let matrix = kernel.matrix(x)
    #expect(matrix == matrix.transposed)
    let expected = kernel.matrix(x, x)
    #expect(matrix.distance(to: (0..<size).map { expected.row($0).map(Double.init) }) < 3e-6)
  }

  @Test func aRowIsExactlyLikeItselfAndItsCopy() {
    let rows = Matrix.random(5, 384, seed: 3)
    let matrix = KernelFunction.gaussian(gamma: 2).matrix(.stacked([rows, rows]))
    for row in 0..<5 {
      #expect(matrix[row, row] == 1)
      #expect(abs(matrix[row, row + 5] - 1) < 1e-3)
    }
  }

  @Test func aVectorOfZerosHasTheCosineZero() {
    let matrix = KernelFunction.cosine.matrix(Matrix([[0, 0], [1, 2]]))
    #expect(matrix[0, 0] == 0)
    #expect(matrix[0, 1] == 0)
  }

  @Test func farRowsHaveNothingInCommon() {
    let matrix = KernelFunction.gaussian(gamma: 1).matrix(Matrix([[0], [1e6]]))
    #expect(matrix[0, 1] >= 0 && matrix[0, 1] < 1e-30)
  }

  @Test(arguments: kernels) func threadsDoNotChangeTheBits(kernel: KernelFunction) {
    let x = Matrix.random(600, 6, seed: 1)
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = (kernel.matrix(x), kernel.matrix(x, x))
    Threads.count = 2
    #expect((kernel.matrix(x), kernel.matrix(x, x)) == one)
  }
}
