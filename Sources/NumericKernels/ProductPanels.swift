import CVectorKernels

/// A matrix that others are multiplied with, packed so that a row of a product is the same whatever rows and columns
/// stand beside it.
///
/// A library's product chooses its kernel by the shape: a query alone and among a thousand would differ in the last
/// bits. Here each element is the sum of its terms in blocks of 256, in their order. As fast as SGEMM with AVX-512.
public struct ProductPanels: Sendable {
  /// The length of the sums: the columns of what is multiplied.
  public let inner: Int
  /// The columns of a product.
  public let columns: Int
  /// Panels of 64 columns, inner × 64 numbers each; the last one is filled up with zeros.
  private let panels: [Float]
  private let processor: routerec_processor

  private static let width = Int(ROUTEREC_PANEL)
  /// A multiple of the rows that the kernel takes at once.
  private static let blockRows = 48

  /// A matrix, k × m as stored, or m × k transposed.
  ///
  /// Cost: one pass over it.
  public init(_ matrix: Matrix, _ form: Transposition = .asStored) {
    self.init(matrix, form, processor: routerec_this_processor())
  }

  init(_ matrix: Matrix, _ form: Transposition, processor: routerec_processor) {
    self.processor = processor
    (inner, columns) =
      form == .asStored ? (matrix.rows, matrix.columns) : (matrix.columns, matrix.rows)
    var panels = [Float](repeating: 0, count: (columns + Self.width - 1) / Self.width * Self.width * inner)
    for column in 0..<columns {
      let start = column / Self.width * Self.width * inner + column % Self.width
      for term in 0..<inner {
        panels[start + term * Self.width] =
          form == .asStored ? matrix[term, column] : matrix[column, term]
      }
    }
    self.panels = panels
  }

  /// Scores A · B + biases and probabilities σ(slope · score + intercept) for an n × k matrix A, both n × m.
  ///
  /// Probabilities are within 3e-7 of themselves. Both are made while a score is in a processor's nearest cache.
  package func scores(
    of a: Matrix, biases: [Float], slope: Float, intercept: Float
  ) -> (scores: Matrix, probabilities: Matrix) {
    precondition(a.columns == inner, "inner lengths \(a.columns) and \(inner) of a product differ")
    precondition(biases.count == columns, "\(biases.count) biases for \(columns) columns")
    var scores = Matrix(rows: a.rows, columns: columns)
    var probabilities = scores
    guard a.rows > 0, columns > 0 else { return (scores, probabilities) }
    a.storage.withUnsafeBufferPointer { buffer in
      probabilities.storage.withUnsafeMutableBufferPointer { second in
        let (source, beside) = (UncheckedSendable(buffer), UncheckedSendable(second))
        Parallel.fillRows(of: &scores, blockRows: Self.blockRows) { range, span in
          span.withUnsafeMutableBufferPointer { target in
            routerec_score(
              processor, source.value.baseAddress.map { $0 + range.lowerBound * inner }, Int32(range.count),
              Int32(inner), panels, Int32(columns), biases, slope, intercept, target.baseAddress,
              beside.value.baseAddress.map { $0 + range.lowerBound * columns })
          }
        }
      }
    }
    return (scores, probabilities)
  }

  /// A · B for an n × k matrix A, n × m; cost 2·n·m·k operations.
  public func multiplied(by a: Matrix) -> Matrix {
    precondition(a.columns == inner, "inner lengths \(a.columns) and \(inner) of a product differ")
    var result = Matrix(rows: a.rows, columns: columns)
    guard a.rows > 0, columns > 0, inner > 0 else { return result }
    a.storage.withUnsafeBufferPointer { buffer in
      let source = UncheckedSendable(buffer)
      Parallel.fillRows(of: &result, blockRows: Self.blockRows) { range, span in
        guard let base = source.value.baseAddress else { return }
        span.withUnsafeMutableBufferPointer { target in
          routerec_multiply(
            processor, base + range.lowerBound * inner, Int32(range.count), Int32(inner), panels,
            Int32(columns), target.baseAddress)
        }
      }
    }
    return result
  }
}
