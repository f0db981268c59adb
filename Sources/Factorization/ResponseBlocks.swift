import NumericKernels

/// The responses that factors explain: blocks of queries, each answered by LLMs of its own choice.
struct ResponseBlocks: Sendable {
  /// One block: a benchmark's train responses and the catalogue's index of its columns.
  struct Block: Sendable {
    let cells: GradedCells
    let llms: [Int]
  }

  let blocks: [Block]
  let llmCount: Int
  /// For each set of LLMs that answered the same blocks: its members, and the blocks.
  let memberships: [(llms: [Int], blocks: [Int])]
  /// Whether a block's columns are the whole catalogue in order, so that nothing needs gathering.
  private let isWhole: [Bool]

  init(_ blocks: [Block], llmCount: Int) {
    self.blocks = blocks
    self.llmCount = llmCount
    isWhole = blocks.map { $0.llms == Array(0..<llmCount) }
    var answered = [[Int]](repeating: [], count: llmCount)
    for (index, block) in blocks.enumerated() {
      for llm in block.llms { answered[llm].append(index) }
    }
    let groups = Dictionary(grouping: 0..<llmCount) { answered[$0] }
    memberships = groups.map { (llms: $0.value, blocks: $0.key) }
      .sorted { $0.llms[0] < $1.llms[0] }
  }

  /// The rows of the LLMs of a block.
  func factors(of llms: Matrix, in block: Int) -> Matrix {
    isWhole[block] ? llms : llms.selecting(rows: blocks[block].llms)
  }
}

/// ½ Σ Λ X²: λ for the latent factors, λ_b for the bias in the last column.
struct FactorPenalty {
  /// The diagonal of Λ, one number for each free column.
  let weights: [Float]

  init(factors: Int, l2: Float, biasL2: Float) {
    weights = Array(repeating: l2, count: factors) + [biasL2]
  }

  /// The penalty of rows of free columns.
  func value(of matrix: Matrix) -> Double {
    var sums = [Double](repeating: 0, count: weights.count)
    for row in 0..<matrix.rows {
      for column in weights.indices {
        let value = Double(matrix.storage[row * weights.count + column])
        sums[column] += value * value
      }
    }
    return zip(sums, weights).reduce(0) { $0 + 0.5 * $1.0 * Double($1.1) }
  }
}
