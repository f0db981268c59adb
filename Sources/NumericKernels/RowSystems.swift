/// Many small symmetric positive definite systems, one for each row: (Aᵢ + P)·xᵢ = gᵢ, with a shared P.
///
/// They are solved in double precision, a Cholesky factorization each: the Newton steps of all queries or LLMs.
public struct RowSystems: Sendable {
  /// xᵢ, n × p.
  public let solutions: Matrix
  /// The lower triangles of (Aᵢ + P)⁻¹, n × p(p + 1)/2, see `PackedSymmetric`.
  public let inverses: Matrix

  /// Solves all systems for the lower triangles A of n × p(p + 1)/2, a shared P of p × p and right sides of n × p.
  ///
  /// Cost n·p³ operations.
  ///
  /// - Throws: `NumericalError.notFinite` for elements that are not; `notPositiveDefinite` naming the first row whose
  ///   matrix is not positive definite.
  public init(_ triangles: Matrix, plus shared: Matrix, rightSides: Matrix) throws(NumericalError) {
    let order = shared.rows
    let packed = PackedSymmetric.count(order: order)
    precondition(
      triangles.columns == packed && rightSides.columns == order && triangles.rows == rightSides.rows,
      "systems \(triangles.shapeText) and \(rightSides.shapeText) of order \(order)")
    guard triangles.isFinite, shared.isFinite, rightSides.isFinite else {
      throw .notFinite(what: "the Newton steps of a factorization")
    }
    var results = Matrix(rows: triangles.rows, columns: order + packed)
    let penalty = PackedSymmetric.packed(shared).map(Double.init)
    Parallel.fillRows(of: &results, blockRows: 128) { rows, values in
      var system = SmallCholesky(order: order)
      for (index, row) in rows.enumerated() {
        let start = index * (order + packed)
        for place in 0..<packed {
          system.factor[place] = Double(triangles.storage[row * packed + place]) + penalty[place]
        }
        guard system.decompose() else {
          values[start] = .nan
          continue
        }
        for column in 0..<order { system.vector[column] = Double(rightSides.storage[row * order + column]) }
        system.solve()
        for column in 0..<order { values[start + column] = Float(system.vector[column]) }
        system.invert()
        for place in 0..<packed { values[start + order + place] = Float(system.inverse[place]) }
      }
    }
    if let row = (0..<results.rows).first(where: { results[$0, 0].isNaN }) {
      throw .notPositiveDefinite(row: row, remedy: "choose fewer factors")
    }
    solutions = results.selecting(columns: Array(0..<order))
    inverses = results.selecting(columns: Array(order..<order + packed))
  }
}
