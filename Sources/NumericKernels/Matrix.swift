/// A dense matrix of `Float`, row after row.
///
/// An array is its storage, so copies are free until one is changed.
public struct Matrix: Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row-major, `rows · columns` of them.
  public var storage: [Float]

  /// A matrix of one repeated value.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    precondition(rows >= 0 && columns >= 0, "negative shape \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    storage = Array(repeating: value, count: rows * columns)
  }

  /// A matrix from its elements, row-major.
  @inlinable
  public init(rows: Int, columns: Int, storage: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && storage.count == rows * columns,
      "\(storage.count) elements for a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix from its rows, which must be of one length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "rows of different lengths")
    self.init(rows: rows.count, columns: columns, storage: rows.flatMap { $0 })
  }

  /// The identity matrix.
  public init(identity size: Int) {
    self.init(rows: size, columns: size)
    for index in 0..<size { storage[index * size + index] = 1 }
  }

  /// The element in a row and a column.
  @inlinable
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return storage[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      storage[row * columns + column] = newValue
    }
  }

  /// The elements of one row, without copying.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Float> {
    precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
    return storage[index * columns..<(index + 1) * columns]
  }

  /// The elements of one column, copied.
  public func column(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < columns, "column \(index) of \(columns)")
    return (0..<rows).map { storage[$0 * columns + index] }
  }

  /// The rows with the given indices, in that order, copied.
  public func selecting(rows indices: [Int]) -> Matrix {
    var result = Matrix(rows: indices.count, columns: columns)
    for (target, source) in indices.enumerated() {
      precondition(source >= 0 && source < rows, "row \(source) of \(rows)")
      result.storage.replaceSubrange(
        target * columns..<(target + 1) * columns, with: storage[source * columns..<(source + 1) * columns])
    }
    return result
  }

  /// The columns with the given indices, in that order, copied.
  public func selecting(columns indices: [Int]) -> Matrix {
    var result = Matrix(rows: rows, columns: indices.count)
    for row in 0..<rows {
      for (target, source) in indices.enumerated() {
        result.storage[row * indices.count + target] = self[row, source]
      }
    }
    return result
  }

  /// The transpose, copied.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result.storage[column * rows + row] = storage[row * columns + column] }
    }
    return result
  }

  /// Whether every element is a finite number.
  public var isFinite: Bool { firstNonFinite == nil }

  /// The shape as text, such as `3 × 4`.
  public var shapeText: String { "\(rows) × \(columns)" }
}
