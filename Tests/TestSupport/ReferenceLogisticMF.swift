import Foundation

/// Logistic matrix factorization as its definition reads: one cell at a time, in `Double`.
///
/// P(y = 1) = σ(v·u + b + c). A query's row is (v, b), an LLM's (u, c).
package struct ReferenceLogisticMF: Sendable {
  /// One block of queries.
  package struct Block: Sendable {
    /// One row for each query, nil where the response is missing.
    package let responses: [[Double?]]
    /// The LLM of each column.
    package let llms: [Int]
    /// How much each response counts; nil where each counts once.
    package let weights: [[Double]]?

    /// A block from its responses, the LLMs of its columns, and weights.
    package init(responses: [[Double?]], llms: [Int], weights: [[Double]]? = nil) {
      self.responses = responses
      self.llms = llms
      self.weights = weights
    }

    /// How much a response counts.
    func weight(_ query: Int, _ column: Int) -> Double { weights?[query][column] ?? 1 }

    /// The largest weight of a response to a query, or where it has none that counts, of all; 1 without weights.
    func largestWeight(ofQuery query: Int) -> Double {
      largestWeight(llms.indices.map { (query, $0) })
    }

    /// The same of a column.
    func largestWeight(ofColumn column: Int) -> Double {
      largestWeight(responses.indices.map { ($0, column) })
    }

    private func largestWeight(_ cells: [(Int, Int)]) -> Double {
      guard weights != nil else { return 1 }
      func largest(_ cells: [(Int, Int)]) -> Double {
        cells.filter { responses[$0.0][$0.1] != nil }.map { weight($0.0, $0.1) }.max() ?? 0
      }
      let own = largest(cells)
      return own > 0 ? own : largest(responses.indices.flatMap { row in llms.indices.map { (row, $0) } })
    }
  }

  /// Values of all that is learnt.
  package struct Point: Sendable {
    /// The rows (v, b) of each block's queries.
    package var queries: [[[Double]]]
    /// The rows (u, c) of the LLMs.
    package var llms: [[Double]]

    /// A point from its rows.
    package init(queries: [[[Double]]], llms: [[Double]]) {
      self.queries = queries
      self.llms = llms
    }
  }

  private let blocks: [Block]
  private let l2: Double
  private let biasL2: Double

  /// A problem: blocks, λ of the factors and λ of the biases.
  package init(blocks: [Block], l2: Double, biasL2: Double) {
    self.blocks = blocks
    self.l2 = l2
    self.biasL2 = biasL2
  }

  /// The probability of a good answer.
  package static func probability(query: [Double], llm: [Double]) -> Double {
    let k = query.count - 1
    var z = query[k] + llm[k]
    for factor in 0..<k { z += query[factor] * llm[factor] }
    return 1 / (1 + exp(-z))
  }

  /// −Σ w·log p(y) + ½λ(‖V‖² + ‖U‖²) + ½λ_b(‖b‖² + ‖c‖²).
  package func objective(_ point: Point) -> Double {
    var total = 0.0
    for (index, block) in blocks.enumerated() {
      for (query, row) in block.responses.enumerated() {
        for (column, response) in row.enumerated() {
          guard let y = response else { continue }
          let p = Self.probability(query: point.queries[index][query], llm: point.llms[block.llms[column]])
          total -= block.weight(query, column) * (y * log(p) + (1 - y) * log(1 - p))
        }
      }
    }
    for row in point.queries.flatMap({ $0 }) + point.llms {
      for (column, value) in row.enumerated() { total += 0.5 * penalty(column, of: row) * value * value }
    }
    return total
  }

  /// All query rows moved by one step of the quadratic bound, then all LLM rows.
  package func sweep(_ start: Point) -> Point {
    var point = start
    for (index, block) in blocks.enumerated() {
      for (query, row) in block.responses.enumerated() {
        let own = start.queries[index][query]
        let cells = row.enumerated().map { column, response in
          Cell(
            response, own: own, other: start.llms[block.llms[column]], weight: block.weight(query, column),
            bound: block.largestWeight(ofColumn: column))
        }
        point.queries[index][query] = moved(own, cells)
      }
    }
    for llm in start.llms.indices {
      let own = start.llms[llm]
      var cells: [Cell] = []
      for (index, block) in blocks.enumerated() {
        guard let column = block.llms.firstIndex(of: llm) else { continue }
        for (query, row) in block.responses.enumerated() {
          cells.append(
            Cell(
              row[column], own: own, other: point.queries[index][query], weight: block.weight(query, column),
              bound: block.largestWeight(ofQuery: query)))
        }
      }
      point.llms[llm] = moved(own, cells)
    }
    return point
  }

  /// A cell as one of its two rows sees it: the other side's factors, the residual, 0 where missing, and the largest
  /// weight that a cell of the other side's row has.
  private struct Cell {
    let other: [Double]
    let residual: Double
    let bound: Double

    init(_ response: Double?, own: [Double], other: [Double], weight: Double, bound: Double) {
      let p = ReferenceLogisticMF.probability(query: own, llm: other)
      residual = response.map { weight * ($0 - p) } ?? 0
      self.bound = bound
      self.other = other.dropLast() + [1]
    }
  }

  private func moved(_ own: [Double], _ cells: [Cell]) -> [Double] {
    let width = own.count
    var gradient = (0..<width).map { -penalty($0, of: own) * own[$0] }
    var hessian = (0..<width).map { row in
      (0..<width).map { $0 == row ? penalty(row, of: own) : 0 }
    }
    for cell in cells {
      for row in 0..<width {
        gradient[row] += cell.residual * cell.other[row]
        for column in 0..<width {
          hessian[row][column] += cell.bound * cell.other[row] * cell.other[column] / 4
        }
      }
    }
    return zip(own, ReferenceLinearSystem.solve(hessian, gradient)).map { $0 + $1 }
  }

  private func penalty(_ column: Int, of row: [Double]) -> Double { column == row.count - 1 ? biasL2 : l2 }
}
