import Learning
import NumericKernels
import RoutingData

/// The factors of a biased model, z = v·u + b + c, with the biases as factors held at 1.
///
/// A query's row is (v, b, 1), an LLM's (u, 1, c): k latent factors and two more columns, so that Z is
/// one product of two matrices.
package struct BiasedFactors: Equatable, Sendable {
  /// The number of latent factors, k.
  package let factors: Int
  /// One n × (k + 2) matrix for each block of queries.
  package var queries: [Matrix]
  /// m × (k + 2).
  package var llms: Matrix
  /// What each block of queries adds to every LLM's bias, m numbers a block; empty without such biases.
  package var blockBiases: [[Float]] = []

  /// Factors and biases at zero.
  package init(factors: Int, queryCounts: [Int], llmCount: Int) {
    self.factors = factors
    queries = queryCounts.map { count in
      var matrix = Matrix(rows: count, columns: factors + 2)
      for row in 0..<count { matrix[row, factors + 1] = 1 }
      return matrix
    }
    llms = Matrix(rows: llmCount, columns: factors + 2)
    for row in 0..<llmCount { llms[row, factors] = 1 }
  }

  /// The columns of a query's row that are learnt: factors and query bias.
  var freeQueryColumns: [Int] { Array(0..<factors + 1) }

  /// The columns of an LLM's row that are learnt: factors and LLM bias.
  var freeLLMColumns: [Int] { Array(0..<factors) + [factors + 1] }

  /// The same with query biases of 0.
  var withoutQueryBiases: BiasedFactors {
    var result = self
    for block in queries.indices {
      for row in 0..<queries[block].rows { result.queries[block][row, factors] = 0 }
    }
    return result
  }

  /// x + momentum · (x − previous), which keeps the columns held at 1.
  func extrapolated(from previous: BiasedFactors, momentum: Float) -> BiasedFactors {
    func move(_ matrix: Matrix, _ old: Matrix) -> Matrix {
      var result = matrix
      result.update(with: old) { $0 += momentum * ($0 - $1) }
      return result
    }
    var result = self
    for block in queries.indices { result.queries[block] = move(queries[block], previous.queries[block]) }
    result.llms = move(llms, previous.llms)
    for block in blockBiases.indices {
      for llm in blockBiases[block].indices {
        result.blockBiases[block][llm] +=
          momentum * (blockBiases[block][llm] - previous.blockBiases[block][llm])
      }
    }
    return result
  }

  /// Enters the factors into a bundle, under names that begin with a prefix.
  func save(as prefix: String, to bundle: inout TensorBundle) {
    bundle.matrices["\(prefix)/llms"] = llms
    for (index, matrix) in queries.enumerated() { bundle.matrices["\(prefix)/queries.\(index)"] = matrix }
    for (index, biases) in blockBiases.enumerated() {
      bundle.matrices["\(prefix)/block_biases.\(index)"] = Matrix([biases])
    }
  }

  /// Factors of the shapes of these from a bundle.
  ///
  /// - Throws: `DataError` for parts that are missing or of other shapes.
  func restored(from bundle: TensorBundle, as prefix: String) throws(DataError) -> BiasedFactors {
    var result = self
    result.llms = try bundle.matrix("\(prefix)/llms", rows: llms.rows, columns: llms.columns)
    for (index, matrix) in queries.enumerated() {
      result.queries[index] = try bundle.matrix(
        "\(prefix)/queries.\(index)", rows: matrix.rows, columns: matrix.columns)
    }
    for (index, biases) in blockBiases.enumerated() {
      result.blockBiases[index] =
        try bundle.matrix("\(prefix)/block_biases.\(index)", rows: 1, columns: biases.count).storage
    }
    return result
  }
}
