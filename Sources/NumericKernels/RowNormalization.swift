/// Rows shifted and scaled to mean 0 and variance 1: the core of layer normalization.
///
/// Source: Ba, Kiros and Hinton 2016.
public enum RowNormalization {
  private typealias Lanes = VectorMath.Lanes

  /// What is added to a variance, so that a constant row is no division by 0.
  static let epsilon: Float = 1e-5

  /// Replaces each row x of an n × d matrix by (x − mean) / √(variance + ε), and returns the n factors 1 / √….
  public static func apply(_ matrix: inout Matrix) -> [Float] {
    let columns = matrix.columns
    guard columns > 0 else { return Array(repeating: 0, count: matrix.rows) }
    var factors: [Float] = []
    factors.reserveCapacity(matrix.rows)
    let rows = matrix.rows
    matrix.storage.withUnsafeMutableBufferPointer { storage in
      guard let base = storage.baseAddress else { return }
      for row in 0..<rows {
        let x = base + row * columns
        let mean = sum(columns) { VectorMath.load(x + $0, count: columns - $0, padding: 0) } / Float(columns)
        let squares = sum(columns) {
          let difference = VectorMath.load(x + $0, count: columns - $0, padding: mean) - mean
          return difference * difference
        }
        let factor = 1 / (squares / Float(columns) + epsilon).squareRoot()
        for column in 0..<columns { x[column] = (x[column] - mean) * factor }
        factors.append(factor)
      }
    }
    return factors
  }

  /// Turns the gradient with respect to normalized rows into that with respect to the rows before.
  ///
  /// All are n × d; `normalized` and `factors` are what `apply` left and returned. With x̂ a row and g its
  /// gradient the result is factor · (g − mean(g) − x̂·mean(g·x̂)).
  public static func backpropagate(_ gradient: inout Matrix, normalized: Matrix, factors: [Float]) {
    precondition(
      gradient.rows == normalized.rows && gradient.columns == normalized.columns
        && factors.count == normalized.rows,
      "\(gradient.shapeText) gradients, \(normalized.shapeText) rows, \(factors.count) factors")
    let columns = gradient.columns
    gradient.storage.withUnsafeMutableBufferPointer { gradient in
      normalized.storage.withUnsafeBufferPointer { normalized in
        guard let gradient = gradient.baseAddress, let normalized = normalized.baseAddress else { return }
        for (row, factor) in factors.enumerated() {
          let (g, x) = (gradient + row * columns, normalized + row * columns)
          let mean =
            sum(columns) { VectorMath.load(g + $0, count: columns - $0, padding: 0) } / Float(columns)
          let slope =
            sum(columns) {
              VectorMath.load(g + $0, count: columns - $0, padding: 0)
                * VectorMath.load(x + $0, count: columns - $0, padding: 0)
            } / Float(columns)
          for column in 0..<columns { g[column] = factor * (g[column] - mean - x[column] * slope) }
        }
      }
    }
  }

  /// The sum of all lanes that `group` gives for the columns 0, 8, 16, ….
  @inline(__always)
  private static func sum(_ columns: Int, _ group: (Int) -> Lanes) -> Float {
    var lanes = Lanes(repeating: 0)
    for start in stride(from: 0, to: columns, by: Lanes.scalarCount) { lanes += group(start) }
    return lanes.sum()
  }
}
