/// Known vectors that others are compared with by a kernel, packed once.
///
/// A row of the kernel's matrix is the same whatever rows stand beside it (`ProductPanels`).
public struct KernelLandmarks: Sendable {
  private let kernel: KernelFunction
  private let squares: [Float]
  private let panels: ProductPanels

  private static let blockRows = 256

  /// The rows of a matrix, z × d; cost z·d.
  public init(_ landmarks: Matrix, _ kernel: KernelFunction) {
    let operand = KernelFunction.Operand(landmarks, kernel)
    self.kernel = kernel
    squares = operand.squares
    panels = ProductPanels(operand.rows, .transposed)
  }

  /// The kernel of each row of X with each landmark, n × z; cost 2·n·z·d and one exponential a pair.
  public func matrix(_ x: Matrix) -> Matrix {
    precondition(
      x.columns == panels.inner, "kernel of \(x.shapeText) and landmarks of \(panels.inner) columns")
    let operand = KernelFunction.Operand(x, kernel)
    var result = panels.multiplied(by: operand.rows)
    guard case .gaussian(let gamma) = kernel else { return result }
    let columns = result.columns
    Parallel.fillRows(of: &result, blockRows: Self.blockRows) { range, span in
      span.withUnsafeMutableBufferPointer { buffer in
        squares.withUnsafeBufferPointer { squares in
          guard let base = buffer.baseAddress, let others = squares.baseAddress else { return }
          for (offset, row) in range.enumerated() {
            KernelFunction.exponentials(
              base + offset * columns, gamma: gamma, own: operand.squares[row], others: others, count: columns
            )
          }
        }
      }
    }
    return result
  }
}
