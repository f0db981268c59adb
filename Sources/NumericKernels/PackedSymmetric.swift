/// Many small symmetric matrices of one order p, each the lower triangle of a row: p(p + 1)/2 numbers, row after row.
///
/// (0, 0), (1, 0), (1, 1), (2, 0), …: what a covariance of each query or LLM is stored as.
public enum PackedSymmetric {
  /// The number of stored elements, p(p + 1)/2.
  public static func count(order: Int) -> Int { order * (order + 1) / 2 }

  /// Where the element in a row and a column stands.
  public static func place(_ row: Int, _ column: Int) -> Int {
    row >= column ? row * (row + 1) / 2 + column : column * (column + 1) / 2 + row
  }

  /// The lower triangle of a p × p matrix.
  public static func packed(_ matrix: Matrix) -> [Float] {
    (0..<matrix.rows).flatMap { row in (0...row).map { matrix[row, $0] } }
  }

  /// The p × p matrix of a lower triangle.
  public static func matrix(_ packed: some RandomAccessCollection<Float>, order: Int) -> Matrix {
    precondition(packed.count == count(order: order), "\(packed.count) numbers of order \(order)")
    let elements = Array(packed)
    var result = Matrix(rows: order, columns: order)
    for row in 0..<order {
      for column in 0..<order { result[row, column] = elements[place(row, column)] }
    }
    return result
  }

  /// x·xᵀ of each row x of an n × p matrix, n × p(p + 1)/2.
  ///
  /// With each element off the diagonal twice (`doubled`), its product with a row of packed symmetric matrices A is
  /// xᵀ·A·x.
  public static func outerProducts(_ rows: Matrix, doubled: Bool = false) -> Matrix {
    let order = rows.columns
    var result = Matrix(rows: rows.rows, columns: count(order: order))
    let width = result.columns
    Parallel.fillRows(of: &result, blockRows: 256) { range, values in
      for (index, row) in range.enumerated() {
        var place = index * width
        let first = row * order
        for i in 0..<order {
          let x = rows.storage[first + i] * (doubled ? 2 : 1)
          for j in 0..<i {
            values[place] = x * rows.storage[first + j]
            place += 1
          }
          values[place] = rows.storage[first + i] * rows.storage[first + i]
          place += 1
        }
      }
    }
    return result
  }

  /// T·A·Tᵀ of each packed matrix A of order p for a T of r × p; cost n·p²·r operations.
  public static func transformed(_ packed: Matrix, by transform: Matrix) -> Matrix {
    let (order, target) = (transform.columns, transform.rows)
    precondition(packed.columns == count(order: order), "\(packed.shapeText) of order \(order)")
    // A linear map between triangles: element (i, j) of the result is Σ T[i,k]·T[j,l]·A[k,l].
    var map = Matrix(rows: packed.columns, columns: count(order: target))
    for i in 0..<target {
      for j in 0...i {
        for k in 0..<order {
          for l in 0..<order { map[place(k, l), place(i, j)] += transform[i, k] * transform[j, l] }
        }
      }
    }
    return BLAS.multiply(packed, map)
  }
}
