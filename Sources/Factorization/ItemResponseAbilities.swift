import Learning
import NumericKernels

extension ItemResponseSolver {
  private static let abilitySteps = 12

  /// The same for some of the LLMs alone, numbered anew in the given order.
  func selecting(llms kept: [Int]) -> ItemResponseSolver {
    var places = [Int?](repeating: nil, count: responses.llmCount)
    for (place, llm) in kept.enumerated() { places[llm] = place }
    let blocks = responses.blocks.map { block in
      let columns = block.llms.indices.filter { places[block.llms[$0]] != nil }
      return ResponseBlocks.Block(
        cells: block.cells.selecting(columns: columns), llms: columns.compactMap { places[block.llms[$0]] })
    }
    return ItemResponseSolver(blocks: blocks, llmCount: kept.count)
  }

  /// The abilities of all LLMs given the designs of the queries, n × p for each block, and a normal prior: m × p, and
  /// their posterior covariances, m × p(p + 1)/2.
  ///
  /// Newton's method from the prior's mean with clipped steps. Cost of a step as that of the LLMs' half of a sweep.
  func abilities(
    _ designs: [Matrix], mean: [Float], precision: Matrix
  ) throws(NumericalError) -> (means: Matrix, covariances: Matrix) {
    let width = mean.count
    let triangle = PackedSymmetric.count(order: width)
    let products = designs.map { PackedSymmetric.outerProducts($0) }
    var means = Matrix(rows: responses.llmCount, columns: width)
    means.addToRows(mean)
    var covariances = Matrix(rows: responses.llmCount, columns: triangle)
    for _ in 0..<Self.abilitySteps {
      let current = means
      let sums = try responses.sum(columns: width + triangle) { index in
        let residuals = LogisticResiduals(
          responses.blocks[index].cells, rows: designs[index],
          columns: responses.factors(of: current, in: index))
        return residuals.transposedTimes(designs[index])
          .appending(columns: residuals.curvatureTransposedTimes(products[index]))
      }
      var gradient = sums.selecting(columns: Array(0..<width))
      var centred = current
      centred.addToRows(mean.map { -$0 })
      BLAS.add(centred, .asStored, precision, .asStored, scale: -1, to: &gradient)
      let systems = try RowSystems(
        sums.selecting(columns: Array(width..<width + triangle)), plus: precision, rightSides: gradient)
      let steps = Self.clipped(systems.solutions, Array(repeating: 1, count: width))
      means += steps
      covariances = systems.inverses
      if steps.rowDots(steps).allSatisfy({ $0 < 1e-8 }) { break }
    }
    return (means, covariances)
  }
}
