import Learning
import NumericKernels

extension BiasedFactors {
  /// The same model with the LLM factors along their principal axes, the widest first.
  ///
  /// The product V·Uᵀ determines factors up to a rotation only. Here UᵀU is diagonal with falling entries, and
  /// each axis has the sign of `AxisSign`, so that runs which learn the same product have the same factors. Cost 2·(n + m)·k².
  func inPrincipalAxes() throws(NumericalError) -> BiasedFactors {
    guard factors > 0 else { return self }
    let latent = Array(0..<factors)
    let eigen = try SymmetricEigen(BLAS.gram(llms.selecting(columns: latent)))
    // Eigenvectors come as rows, with ascending values.
    let rotation = eigen.vectors.selecting(rows: latent.reversed())
    var turned = BLAS.multiply(llms.selecting(columns: latent), .asStored, rotation, .transposed)
    let signs = latent.map { AxisSign.of(turned.column($0)) }
    func place(_ part: Matrix, into matrix: inout Matrix) {
      for row in 0..<part.rows {
        for axis in latent { matrix[row, axis] = signs[axis] * part[row, axis] }
      }
    }
    var result = self
    place(turned, into: &result.llms)
    for index in queries.indices {
      turned = BLAS.multiply(queries[index].selecting(columns: latent), .asStored, rotation, .transposed)
      place(turned, into: &result.queries[index])
    }
    return result
  }
}
