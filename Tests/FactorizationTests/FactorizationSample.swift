import NumericKernels
import TestSupport
import Testing

@testable import Factorization

/// Random blocks and factors, once for the solver and once for the reference.
struct FactorizationSample {
  /// The numbers that define a sample.
  struct Shape: Sendable, CustomTestStringConvertible {
    var queries = [9, 14]
    var llms = [[0, 2, 3, 5, 6], [4, 1, 0, 3]]
    var llmCount = 7
    var factors = 3
    var missing: Float = 0
    var isGraded = false
    var isWeighted = false
    var seed: UInt64 = 1

    var testDescription: String {
      "\(queries) queries, LLMs \(llms), missing \(missing), graded \(isGraded), weighted \(isWeighted), seed \(seed)"
    }
  }

  static let l2: Float = 0.7
  static let biasL2: Float = 0.2

  let blocks: [ResponseBlocks.Block]
  let solver: LogisticMFSolver
  let plain: [ReferenceLogisticMF.Block]
  let reference: ReferenceLogisticMF
  let start: BiasedFactors

  init(_ shape: Shape) {
    var generator = SeededGenerator(seed: shape.seed, stream: "factorization sample")
    var weighing = SeededGenerator(seed: shape.seed, stream: "factorization weights")
    var blocks: [ResponseBlocks.Block] = []
    var plain: [ReferenceLogisticMF.Block] = []
    for (queries, llms) in zip(shape.queries, shape.llms) {
      var values = Matrix(rows: queries, columns: llms.count)
      var bits = BitMatrix(rows: queries, columns: llms.count)
      var observed = BitMatrix(rows: queries, columns: llms.count, repeating: true)
      var responses: [[Double?]] = []
      for query in 0..<queries {
        var row: [Double?] = []
        for column in llms.indices {
          let grade = generator.uniform()
          bits[query, column] = grade < 0.6
          values[query, column] = grade
          row.append(shape.isGraded ? Double(grade) : grade < 0.6 ? 1 : 0)
          if generator.uniform() < shape.missing {
            observed[query, column] = false
            values[query, column] = .nan
            row[column] = nil
          }
        }
        responses.append(row)
      }
      // As of a log: LLMs that were picked seldom weigh more, some cells nothing.
      var weights = Matrix(rows: queries, columns: llms.count)
      for query in 0..<queries {
        for column in llms.indices where weighing.uniform() < 0.9 {
          weights[query, column] = Float(1 + column % 3) * (0.2 + 2 * weighing.uniform())
        }
      }
      let plainWeights = (0..<queries).map { weights.row($0).map { Double($0) } }
      for query in 0..<queries {
        for column in llms.indices where !observed[query, column] { weights[query, column] = .nan }
      }
      let cells = GradedCells(
        shape.isGraded ? .floats(values) : .bits(bits), observed: shape.missing > 0 ? observed : nil,
        weights: shape.isWeighted ? weights : nil)
      blocks.append(ResponseBlocks.Block(cells: cells, llms: llms))
      plain.append(
        ReferenceLogisticMF.Block(
          responses: responses, llms: llms, weights: shape.isWeighted ? plainWeights : nil))
    }
    self.blocks = blocks
    self.plain = plain
    solver = LogisticMFSolver(
      blocks: blocks, llmCount: shape.llmCount, l2: Self.l2, biasL2: Self.biasL2)
    reference = ReferenceLogisticMF(blocks: plain, l2: Double(Self.l2), biasL2: Double(Self.biasL2))
    var start = BiasedFactors(
      factors: shape.factors, queryCounts: shape.queries, llmCount: shape.llmCount)
    for index in start.queries.indices {
      for row in 0..<start.queries[index].rows {
        for column in start.freeQueryColumns { start.queries[index][row, column] = generator.normal() }
      }
    }
    for row in 0..<start.llms.rows {
      for column in start.freeLLMColumns { start.llms[row, column] = generator.normal() }
    }
    self.start = start
  }
}

extension ReferenceLogisticMF.Point {
  /// The same factors in `Double`.
  init(_ factors: BiasedFactors) {
    func rows(_ matrix: Matrix, _ columns: [Int]) -> [[Double]] {
      (0..<matrix.rows).map { row in columns.map { Double(matrix[row, $0]) } }
    }
    self.init(
      queries: factors.queries.map { rows($0, factors.freeQueryColumns) },
      llms: rows(factors.llms, factors.freeLLMColumns))
  }

  /// All numbers in one row.
  var numbers: [Double] { (queries.flatMap { $0 } + llms).flatMap { $0 } }
}
