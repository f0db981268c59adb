extension Matrix {
  /// Adds a matrix of the same shape, element by element.
  public static func += (left: inout Matrix, right: Matrix) {
    precondition(
      left.rows == right.rows && left.columns == right.columns,
      "sum of \(left.shapeText) and \(right.shapeText)")
    for index in 0..<left.storage.count { left.storage[index] += right.storage[index] }
  }

  /// Every element times a number.
  public func scaled(by factor: Float) -> Matrix {
    var result = self
    for index in 0..<result.storage.count { result.storage[index] *= factor }
    return result
  }

  /// Every element times a number, and another one added to it.
  public func scaled(by factor: Float, plus offset: Float) -> Matrix {
    var result = self
    for index in 0..<result.storage.count { result.storage[index] = result.storage[index] * factor + offset }
    return result
  }

  /// The results of a function of each element.
  @inlinable
  public func mapped(_ transform: (Float) -> Float) -> Matrix {
    Matrix(rows: rows, columns: columns, storage: storage.map(transform))
  }

  /// Multiplies each element by a factor of its own, given row by row.
  package mutating func multiplyElements(by factors: [Float]) {
    precondition(factors.count == storage.count, "\(factors.count) factors for \(shapeText)")
    for index in factors.indices { storage[index] *= factors[index] }
  }

  /// Adds a row to every row.
  public mutating func addToRows(_ row: [Float]) {
    precondition(row.count == columns, "a row of \(row.count) for \(shapeText)")
    for start in stride(from: 0, to: storage.count, by: max(columns, 1)) {
      for column in 0..<columns { storage[start + column] += row[column] }
    }
  }

  /// Adds row i of another matrix to the row `indices[i]` of this one.
  public mutating func addRows(of other: Matrix, at indices: [Int]) {
    precondition(
      other.rows == indices.count && other.columns == columns,
      "\(other.shapeText) rows at \(indices.count) places of \(shapeText)")
    for (source, target) in indices.enumerated() {
      precondition(target >= 0 && target < rows, "row \(target) of \(rows)")
      for column in 0..<columns {
        storage[target * columns + column] += other.storage[source * columns + column]
      }
    }
  }

  /// Replaces the row `indices[i]` of this matrix by row i of another one.
  public mutating func replaceRows(at indices: [Int], with other: Matrix) {
    precondition(
      other.rows == indices.count && other.columns == columns,
      "\(other.shapeText) rows at \(indices.count) places of \(shapeText)")
    for (source, target) in indices.enumerated() {
      precondition(target >= 0 && target < rows, "row \(target) of \(rows)")
      storage.replaceSubrange(target * columns..<(target + 1) * columns, with: other.row(source))
    }
  }

  /// Replaces the column `indices[j]` of this matrix by column j of another one.
  public mutating func replaceColumns(_ indices: [Int], with other: Matrix) {
    precondition(
      other.rows == rows && other.columns == indices.count && indices.allSatisfy { 0..<columns ~= $0 },
      "\(other.shapeText) columns at \(indices.count) places of \(shapeText)")
    for row in 0..<rows {
      for (source, target) in indices.enumerated() {
        storage[row * columns + target] = other.storage[row * indices.count + source]
      }
    }
  }

  /// Adds column j of another matrix to the column `indices[j]` of this one.
  public mutating func addColumns(_ indices: [Int], of other: Matrix) {
    precondition(
      other.rows == rows && other.columns == indices.count && indices.allSatisfy { 0..<columns ~= $0 },
      "\(other.shapeText) columns at \(indices.count) places of \(shapeText)")
    for row in 0..<rows {
      for (source, target) in indices.enumerated() {
        storage[row * columns + target] += other.storage[row * indices.count + source]
      }
    }
  }

  /// Replaces the elements from a place on by those of another matrix.
  public mutating func replace(rows firstRow: Int, columns firstColumn: Int, with other: Matrix) {
    precondition(
      firstRow >= 0 && firstColumn >= 0 && firstRow + other.rows <= rows
        && firstColumn + other.columns <= columns,
      "\(other.shapeText) at row \(firstRow) and column \(firstColumn) of \(shapeText)")
    for row in 0..<other.rows {
      let start = (firstRow + row) * columns + firstColumn
      storage.replaceSubrange(start..<start + other.columns, with: other.row(row))
    }
  }

  /// Changes each element as a function of itself.
  @inlinable
  public mutating func update(_ body: (inout Float) -> Void) {
    for index in 0..<storage.count { body(&storage[index]) }
  }

  /// Changes each element as a function of itself and the same element of a matrix of the same shape.
  @inlinable
  public mutating func update(with other: Matrix, _ body: (inout Float, Float) -> Void) {
    precondition(rows == other.rows && columns == other.columns, "\(shapeText) with \(other.shapeText)")
    for index in 0..<storage.count { body(&storage[index], other.storage[index]) }
  }

  /// Changes each element of a row as a function of itself and the same element of another row.
  @inlinable
  public mutating func updateRow(
    _ row: Int, with other: ArraySlice<Float>, _ body: (inout Float, Float) -> Void
  ) {
    precondition(row >= 0 && row < rows && other.count == columns, "row \(row) of \(shapeText)")
    let (start, offset) = (row * columns, other.startIndex)
    for column in 0..<columns { body(&storage[start + column], other[offset + column]) }
  }

  /// Replaces the elements of a row.
  public mutating func replaceRow(_ row: Int, with elements: [Float]) {
    precondition(row >= 0 && row < rows && elements.count == columns, "row \(row) of \(shapeText)")
    storage.replaceSubrange(row * columns..<(row + 1) * columns, with: elements)
  }

  /// The rows of several matrices of one width, one below the other.
  public static func stacked(_ parts: [Matrix]) -> Matrix {
    let columns = parts.first?.columns ?? 0
    precondition(parts.allSatisfy { $0.columns == columns }, "stacked matrices of different widths")
    return Matrix(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: columns, storage: parts.flatMap(\.storage))
  }
}
