import Learning
import NumericKernels

/// The principal axes of fitted values: rotations of LLM factors, and the best coefficients of a low rank.
///
/// Coefficients W = A·Bᵀ whose fitted values are closest to those of the full rank are W·V·Vᵀ with the
/// leading right singular vectors V of the fitted values (Izenman 1975, reduced-rank regression). The LLM factors are
/// V·σ/√n and the query side W·V·√n/σ, so that an axis has mean square 1 over the queries and LLM factors
/// say how much it counts. Signs are those of `AxisSign`.
struct FittedAxes {
  /// The LLM factors, m × r.
  let llmFactors: Matrix
  /// What turns coefficients (n × m) into those of the axes (n × r) when it is multiplied from the right, m × r.
  let projection: Matrix

  /// More LLMs than this are decomposed by subspace iteration.
  private static let largestWhole = 1_024
  private static let oversampling = 8
  private static let powerIterations = 3

  /// The leading axes of fitted values, n × m, at most `rank`; axes that rounding made are left out.
  ///
  /// Cost n·m² and 4·m³ up to 1,024 LLMs; 4·n·m·(rank + 8) for each of 4 passes above (Halko et al. 2011).
  init(_ fitted: Matrix, rank: Int, seed: UInt64) throws(NumericalError) {
    let count = Float(max(fitted.rows, 1))
    let llms = fitted.columns
    let (values, vectors) = try Self.leading(fitted, min(rank, llms), seed: seed)
    let floor = (values.first ?? 0) * 1e-6
    let kept = max(values.prefix { $0 > floor && $0 > 0 }.count, 1)
    var factors = Matrix(rows: llms, columns: kept)
    var projection = factors
    for axis in 0..<kept {
      let vector = vectors.row(axis)
      let sign = AxisSign.of(vector)
      let length = (values[axis] / count).squareRoot()
      for (llm, value) in vector.enumerated() {
        factors[llm, axis] = sign * value * length
        projection[llm, axis] = length > 0 ? sign * value / length : 0
      }
    }
    llmFactors = factors
    self.projection = projection
  }

  /// The largest eigenvalues of FᵀF, descending, and their vectors, one a row.
  private static func leading(
    _ fitted: Matrix, _ rank: Int, seed: UInt64
  ) throws(NumericalError) -> (values: [Float], vectors: Matrix) {
    let llms = fitted.columns
    var basis: Matrix?
    if llms > largestWhole, rank + oversampling < llms / 2 {
      var sketch = Matrix(rows: llms, columns: rank + oversampling)
      for llm in 0..<llms {
        var generator = SeededGenerator(seed: seed, stream: "fitted-axes", llm)
        for column in 0..<sketch.columns { sketch[llm, column] = generator.normal() }
      }
      for _ in 0..<powerIterations {
        sketch = BLAS.multiply(fitted, .transposed, BLAS.multiply(fitted, sketch), .asStored)
        sketch = try SingularValueDecomposition(sketch).left
      }
      basis = sketch
    }
    let eigen = try SymmetricEigen(BLAS.gram(basis.map { BLAS.multiply(fitted, $0) } ?? fitted))
    let order = (0..<min(rank, eigen.values.count)).map { eigen.values.count - 1 - $0 }
    let vectors = eigen.vectors.selecting(rows: order)
    let values = order.map { max(eigen.values[$0], 0) }
    return (values, basis.map { BLAS.multiply(vectors, .asStored, $0, .transposed) } ?? vectors)
  }
}
