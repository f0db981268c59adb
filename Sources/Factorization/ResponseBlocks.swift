import NumericKernels
import RoutingData

/// The responses that factors explain: blocks of queries, each answered by LLMs of its own choice.
package struct ResponseBlocks: Sendable {
  /// One block: a benchmark's train responses and the catalogue's index of its columns.
  package struct Block: Sendable {
    package let cells: GradedCells
    package let llms: [Int]

    /// A block from its responses and the LLMs of its columns.
    package init(cells: GradedCells, llms: [Int]) {
      self.cells = cells
      self.llms = llms
    }
  }

  /// LLMs that answered the same blocks.
  struct Group: Sendable {
    let llms: [Int]
    /// The blocks, as places among all.
    let blocks: [Int]
  }

  let blocks: [Block]
  let llmCount: Int
  /// For each set of LLMs that answered the same blocks, other solvers' blocks included: its members, and the blocks.
  let memberships: [Group]
  /// The largest weights of each block's queries and LLMs, of one without a cell that counts the largest of the
  /// block; nil without weights.
  ///
  /// A row that counts nothing could have a bound of 0, but cells without weights give it that of the others.
  let largestWeights: [(rows: [Float], columns: [Float])?]
  /// The place of the first block among all.
  let first: Int
  /// The number of queries of the blocks before that.
  let firstQuery: Int
  /// The number of blocks that each LLM answered, summed over the LLMs.
  let answered: Int
  /// The number of all blocks.
  let count: Int
  /// What sums over all blocks.
  let reduction: any Reduction
  /// Whether a block's columns are the whole catalogue in order, so that nothing needs gathering.
  private let isWhole: [Bool]

  init(_ blocks: [Block], llmCount: Int, share: BlockShare = BlockShare()) {
    self.blocks = blocks
    self.llmCount = llmCount
    isWhole = blocks.map { $0.llms == Array(0..<llmCount) }
    largestWeights = blocks.map { block in
      guard let largest = block.cells.largestWeights() else { return nil }
      let most = largest.rows.max() ?? 0
      return (largest.rows.map { $0 > 0 ? $0 : most }, largest.columns.map { $0 > 0 ? $0 : most })
    }
    first = share.before.count
    firstQuery = share.before.reduce(0) { $0 + $1.queries }
    reduction = share.reduction
    let all = share.before.map(\.llms) + blocks.map(\.llms) + share.after.map(\.llms)
    count = all.count
    answered = all.reduce(0) { $0 + $1.count }
    var places = [[Int]](repeating: [], count: llmCount)
    for (index, llms) in all.enumerated() {
      for llm in llms { places[llm].append(index) }
    }
    let groups = Dictionary(grouping: 0..<llmCount) { places[$0] }
    memberships = groups.map { Group(llms: $0.value, blocks: $0.key) }
      .sorted { $0.llms[0] < $1.llms[0] }
  }

  /// The largest weight of an observed cell of these blocks, 1 where none weighs anything.
  static func largestWeight(of blocks: [Block]) -> Float {
    let largest = blocks.map(\.cells.largestWeight).max() ?? 1
    return largest > 0 ? largest : 1
  }

  /// Σ over all blocks of a matrix with a row for each of a block's LLMs, m × `columns`.
  func sum(columns: Int, _ part: @escaping (_ block: Int) -> Matrix) throws(NumericalError) -> Matrix {
    try reduction.sum(
      blocks.indices.lazy.map { spread(part($0), of: $0) }, onto: Matrix(rows: llmCount, columns: columns))
  }

  /// A block's rows in the places of their LLMs.
  private func spread(_ rows: Matrix, of block: Int) -> Matrix {
    guard !isWhole[block] else { return rows }
    var result = Matrix(rows: llmCount, columns: rows.columns)
    result.replaceRows(at: blocks[block].llms, with: rows)
    return result
  }

  /// Σ over the blocks of each group of a square matrix, `sizes[g]` × `sizes[g]` for group g.
  ///
  /// `part` gives a block's matrix, and what it is in a group; one sum serves all groups.
  func groupSums(
    sizes: [Int], _ part: @escaping (_ block: Int) -> (_ group: Int) -> Matrix
  ) throws(NumericalError) -> [Matrix] {
    let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let (rows, columns) = (starts[sizes.count], sizes.max() ?? 0)
    let sums = try reduction.sum(
      blocks.indices.lazy.map { block -> Matrix in
        var result = Matrix(rows: rows, columns: columns)
        let own = part(block)
        for (group, membership) in memberships.enumerated()
        where membership.blocks.contains(first + block) {
          result.replace(rows: starts[group], columns: 0, with: own(group))
        }
        return result
      }, onto: Matrix(rows: rows, columns: columns))
    return sizes.indices.map {
      sums.selecting(rows: Array(starts[$0]..<starts[$0 + 1])).selecting(columns: Array(0..<sizes[$0]))
    }
  }

  /// How much more than others each LLM gets right: its mean response less that of a block's LLMs, over its blocks.
  func strengths() -> [Double] {
    var sums = [Double](repeating: 0, count: llmCount)
    var counts = [Double](repeating: 0, count: llmCount)
    for block in blocks {
      let means = ResponseMatrix(block.cells).llmMeans()
      let known = means.compactMap { $0 }
      let mean = known.reduce(0, +) / Double(max(known.count, 1))
      for (llm, own) in zip(block.llms, means) {
        guard let own else { continue }
        sums[llm] += own - mean
        counts[llm] += 1
      }
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
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
    zip(Matrix.columnDots(matrix, matrix), weights).reduce(0) { $0 + 0.5 * $1.0 * Double($1.1) }
  }
}
