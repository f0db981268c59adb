import NumericKernels

@testable import Factorization

/// Responses that are exactly a matrix of rank 3 and biases, in blocks; each later block lacks an LLM more.
struct PlantedFactors {
  static let rank = 3

  let blocks: [ResponseBlocks.Block]
  let llms: Matrix
  /// The values, also of missing cells.
  let values: [Matrix]

  init(queries: [Int], llmCount: Int, missing: Float = 0, noise: Float = 0) {
    var generator = SeededGenerator(seed: 31, stream: "planted factors")
    func random(_ rows: Int) -> Matrix {
      Matrix(
        rows: rows, columns: Self.rank,
        storage: (0..<rows * Self.rank).map { _ in 2 * generator.uniform() - 1 })
    }
    llms = random(llmCount)
    let ease = (0..<llmCount).map { _ in 0.1 * (generator.uniform() - 0.5) }
    var blocks: [ResponseBlocks.Block] = []
    var all: [Matrix] = []
    for (index, count) in queries.enumerated() {
      let own = random(count)
      let members = Array((index..<llmCount).reversed())
      var values = Matrix(rows: count, columns: members.count)
      var observed = BitMatrix(rows: count, columns: members.count, repeating: true)
      for query in 0..<count {
        let bias = 0.1 * (generator.uniform() - 0.5)
        for (column, llm) in members.enumerated() {
          let product = BLAS.dot(own.row(query), llms.row(llm))
          values[query, column] = 0.5 + 0.1 * product + bias + ease[llm] + noise * generator.normal()
          if generator.uniform() < missing { observed[query, column] = false }
        }
      }
      all.append(values)
      blocks.append(
        ResponseBlocks.Block(
          cells: GradedCells(.floats(values), observed: missing > 0 ? observed : nil), llms: members))
    }
    self.blocks = blocks
    values = all
  }

  /// How far the spaces of the true and the found LLM factors are apart: the sine of the largest angle, or more.
  ///
  /// Biases take up the mean of the factors, so both are centred.
  func angle(to factors: BiasedFactors) -> Float {
    let found = factors.llms.selecting(columns: Array(0..<Self.rank)).centred
    func orthonormal(_ matrix: Matrix) -> Matrix? {
      (try? SingularValueDecomposition(matrix)).map(\.left)
    }
    guard let left = orthonormal(llms.centred), let right = orthonormal(found),
      let cosines = try? SingularValueDecomposition(BLAS.multiply(left, .transposed, right, .asStored)).values
    else { return .nan }
    let least = cosines.min() ?? 0
    return max(1 - least * least, 0).squareRoot()
  }

  /// The largest error of a predicted cell, missing ones too.
  func worstError(of factors: BiasedFactors) -> Float {
    var worst: Float = 0
    for (index, block) in blocks.enumerated() {
      let predicted = BLAS.multiply(
        factors.queries[index], .asStored, factors.llms.selecting(rows: block.llms), .transposed)
      for (left, right) in zip(predicted.storage, values[index].storage) {
        worst = max(worst, abs(left - right))
      }
    }
    return worst
  }
}
