import LinearAlgebra

/// Start factors from the singular vectors of 4(Y − ȳ): the exact minimiser of the first quadratic bound.
///
/// ȳ are the probabilities of a model of biases only. The decomposition is randomized (Halko, Martinsson
/// and Tropp 2011, algorithms 4.4 and 5.1) and touches the responses in blocks, missing cells as zeros.
struct SpectralStart {
  let blocks: [LogisticMFSolver.Block]
  let llmCount: Int
  let seed: UInt64

  private static let oversampling = 8
  private static let powerIterations = 2
  private static let biasSweeps = 12
  /// The inverse of the curvature bound 1/4.
  private static let step: Float = 4

  /// Singular triplets of the residuals and the biases they are residuals of.
  struct Spectrum {
    let biases: BiasedFactors
    /// One n × r matrix of left singular vectors for each block.
    let left: [Matrix]
    let values: [Float]
    /// Right singular vectors, m × r.
    let right: Matrix
  }

  /// The leading `rank` triplets; cost about 2·n·m·(rank + 8) operations for each of 6 passes.
  func spectrum(rank: Int, biasL2: Float) throws -> Spectrum {
    let biases = try fitBiases(biasL2: biasL2)
    let width = min(rank + Self.oversampling, llmCount, blocks.reduce(0) { $0 + $1.target.rows })
    var sketch = Matrix(rows: llmCount, columns: width)
    for llm in 0..<llmCount {
      var generator = SeededGenerator(seed: seed, stream: "spectral-start", llm)
      for column in 0..<width { sketch[llm, column] = generator.normal() }
    }
    var right = try Self.orthonormalized([sketch])[0]
    var left: [Matrix] = []
    for _ in 0...Self.powerIterations {
      left = try Self.orthonormalized(times(right, at: biases))
      right = try Self.orthonormalized([transposedTimes(left, at: biases)])[0]
    }
    let projected = times(right, at: biases)
    // The small matrix is stacked blocks = L·S·Wᵀ; its Gram matrix is only `width` wide.
    var gram = Matrix(rows: width, columns: width)
    for block in projected { gram += BLAS.gram(block) }
    let eigen = try SymmetricEigen(gram)
    let kept = min(rank, width)
    let order = (0..<kept).map { width - 1 - $0 }
    let values = order.map { max(eigen.values[$0], 0).squareRoot() }
    let rotation = eigen.vectors.selecting(rows: order).transposed
    let scaled = projected.map { block -> Matrix in
      var product = BLAS.multiply(block, rotation)
      for row in 0..<product.rows {
        for column in 0..<kept where values[column] > 0 { product[row, column] /= values[column] }
      }
      return product
    }
    return Spectrum(
      biases: biases, left: scaled, values: values, right: BLAS.multiply(right, rotation))
  }

  /// The start for a penalty λ: the bound's minimiser shrinks each singular value by 4λ.
  ///
  /// Values below that keep a hundredth, because a factor that starts at zero on both sides stays there.
  static func factors(from spectrum: Spectrum, factors: Int, l2: Float) -> BiasedFactors {
    var result = BiasedFactors(
      factors: factors, queryCounts: spectrum.left.map(\.rows), llmCount: spectrum.right.rows)
    let scales = spectrum.values.map { max($0 - 4 * l2, $0 / 100).squareRoot() }
    func place(_ vectors: Matrix, _ biases: Matrix, free: Int, into matrix: inout Matrix) {
      for row in 0..<matrix.rows {
        for column in 0..<min(factors, scales.count) {
          matrix[row, column] = vectors[row, column] * scales[column]
        }
        matrix[row, factors + free] = biases[row, free]
      }
    }
    for block in result.queries.indices {
      place(spectrum.left[block], spectrum.biases.queries[block], free: 0, into: &result.queries[block])
    }
    place(spectrum.right, spectrum.biases.llms, free: 1, into: &result.llms)
    return result
  }

  private func fitBiases(biasL2: Float) throws -> BiasedFactors {
    let solver = LogisticMFSolver(blocks: blocks, llmCount: llmCount, l2: 1, biasL2: biasL2)
    let start = BiasedFactors(factors: 0, queryCounts: blocks.map(\.target.rows), llmCount: llmCount)
    return try AcceleratedSweeps(solver: solver, maximumSweeps: Self.biasSweeps, tolerance: 1e-4)
      .run(from: start, report: { _ in }).factors
  }

  private func residuals(_ block: Int, at biases: BiasedFactors) -> LogisticResiduals {
    LogisticResiduals(
      blocks[block].target, rows: biases.queries[block],
      columns: biases.llms.selecting(rows: blocks[block].llms))
  }

  private func times(_ right: Matrix, at biases: BiasedFactors) -> [Matrix] {
    blocks.indices.map { block in
      residuals(block, at: biases).times(right.selecting(rows: blocks[block].llms)).scaled(by: Self.step)
    }
  }

  private func transposedTimes(_ left: [Matrix], at biases: BiasedFactors) -> Matrix {
    var result = Matrix(rows: llmCount, columns: left[0].columns)
    for block in blocks.indices {
      let product = residuals(block, at: biases).transposedTimes(left[block]).scaled(by: Self.step)
      result.addRows(of: product, at: blocks[block].llms)
    }
    return result
  }

  /// Makes the columns of stacked blocks orthonormal by Cholesky QR, twice.
  ///
  /// Source: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015.
  private static func orthonormalized(_ blocks: [Matrix]) throws -> [Matrix] {
    var result = blocks
    for _ in 0..<2 {
      var gram = Matrix(rows: blocks[0].columns, columns: blocks[0].columns)
      for block in result { gram += BLAS.gram(block) }
      let factor = try shiftedCholesky(gram)
      for index in result.indices { factor.whitenRows(of: &result[index]) }
    }
    return result
  }

  /// The factor of a Gram matrix whose diagonal is raised until it is positive definite.
  ///
  /// Columns beyond the rank of the responses are numerically zero, and how far rounding drives their
  /// pivots below zero differs from processor to processor; a shift keeps them finite.
  private static func shiftedCholesky(_ gram: Matrix) throws -> Cholesky {
    let trace = (0..<gram.rows).reduce(Float(0)) { $0 + gram[$1, $1] }
    let scale = max(trace / Float(max(gram.rows, 1)), .leastNormalMagnitude / 1e-6)
    var share: Float = 1e-6
    while true {
      var shifted = gram
      for index in 0..<gram.rows { shifted[index, index] += share * scale }
      do { return try Cholesky(shifted) } catch {
        // A shift as large as the matrix itself is enough for any finite one.
        guard share < 1 else { throw error }
        share *= 10
      }
    }
  }
}
