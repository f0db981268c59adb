/// Alternating weighted least squares as its definition reads: one row's normal equations at a time, in `Double`.
///
/// z = v·u + b + c, weights 1 + α·y times the block's own. A query's row is (v, b), an LLM's (u, c).
package struct ReferenceALS: Sendable {
  private let blocks: [ReferenceLogisticMF.Block]
  private let l2: Double
  private let biasL2: Double
  private let gain: Double

  /// A problem: blocks, λ of the factors, λ of the biases and α.
  package init(blocks: [ReferenceLogisticMF.Block], l2: Double, biasL2: Double, gain: Double) {
    self.blocks = blocks
    self.l2 = l2
    self.biasL2 = biasL2
    self.gain = gain
  }

  /// ½ Σ w (y − z)² + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²).
  package func objective(_ point: ReferenceLogisticMF.Point) -> Double {
    var total = 0.0
    for (index, block) in blocks.enumerated() {
      for (query, row) in block.responses.enumerated() {
        for (column, response) in row.enumerated() {
          guard let y = response else { continue }
          let (v, u) = (point.queries[index][query], point.llms[block.llms[column]])
          let k = v.count - 1
          let z = (0..<k).reduce(v[k] + u[k]) { $0 + v[$1] * u[$1] }
          total += 0.5 * block.weight(query, column) * (1 + gain * y) * (y - z) * (y - z)
        }
      }
    }
    for row in point.queries.flatMap({ $0 }) + point.llms {
      for (column, value) in row.enumerated() {
        total += 0.5 * (column == row.count - 1 ? biasL2 : l2) * value * value
      }
    }
    return total
  }

  /// All query rows solved exactly, then all LLM rows.
  package func sweep(_ start: ReferenceLogisticMF.Point) -> ReferenceLogisticMF.Point {
    var point = start
    for (index, block) in blocks.enumerated() {
      for (query, row) in block.responses.enumerated() {
        point.queries[index][query] = solved(
          row.enumerated().map { ($1, start.llms[block.llms[$0]], block.weight(query, $0)) },
          width: start.queries[index][query].count)
      }
    }
    for llm in start.llms.indices {
      var cells: [(Double?, [Double], Double)] = []
      for (index, block) in blocks.enumerated() {
        guard let column = block.llms.firstIndex(of: llm) else { continue }
        for (query, row) in block.responses.enumerated() {
          cells.append((row[column], point.queries[index][query], block.weight(query, column)))
        }
      }
      point.llms[llm] = solved(cells, width: start.llms[llm].count)
    }
    return point
  }

  /// The row that minimises the loss of some cells, given the other side's rows.
  private func solved(_ cells: [(Double?, [Double], Double)], width: Int) -> [Double] {
    var right = [Double](repeating: 0, count: width)
    var normal = (0..<width).map { row in
      (0..<width).map { $0 != row ? 0 : row == width - 1 ? biasL2 : l2 }
    }
    for case (let y?, let other, let own) in cells {
      let features = other.dropLast() + [1]
      let weight = own * (1 + gain * y)
      for row in 0..<width {
        right[row] += weight * (y - other[width - 1]) * features[row]
        for column in 0..<width { normal[row][column] += weight * features[row] * features[column] }
      }
    }
    return ReferenceLinearSystem.solve(normal, right)
  }
}
