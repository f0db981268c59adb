import Foundation
import NumericKernels

/// Draws graded answers from their probabilities, block by block of queries.
struct SyntheticResponses {
  private static let blockRows = 64
  /// The steps of a continuous grade, such as instructions followed out of four.
  private static let gradeSteps = 4

  let abilities: Matrix
  let options: SyntheticOptions
  let progress: RowProgress

  /// What a block of queries was answered.
  private struct Block: Sendable {
    var bits: [UInt8] = []
    var grades: [Float] = []
    var observed: [UInt8] = []
  }

  /// The responses to a benchmark's queries; with `isGraded`, in quarters instead of right and wrong.
  ///
  /// Each query has random streams of its own, so blocks and threads don't matter. Cost: 2·n·m·k operations, and
  /// an exponential and a random word for each response.
  func draw(_ benchmark: SyntheticBenchmark, isGraded: Bool) -> ResponseMatrix {
    let ranges = Parallel.blocks(of: benchmark.biases.count, size: Self.blockRows)
    let blocks = Parallel.map(ranges.count) { index in
      defer { progress.advance(ranges[index].count) }
      return block(benchmark, ranges[index], isGraded: isGraded)
    }
    let (rows, columns) = (benchmark.biases.count, abilities.rows)
    var observed: BitMatrix?
    if options.missing > 0 {
      observed = BitMatrix(rows: rows, columns: columns, bytes: blocks.flatMap(\.observed))
    }
    let values: GradedCells.Values =
      isGraded
      ? .floats(Matrix(rows: rows, columns: columns, storage: blocks.flatMap(\.grades)))
      : .bits(BitMatrix(rows: rows, columns: columns, bytes: blocks.flatMap(\.bits)))
    return ResponseMatrix(GradedCells(values, observed: observed))
  }

  private func block(_ benchmark: SyntheticBenchmark, _ rows: Range<Int>, isGraded: Bool) -> Block {
    let logits = BLAS.multiply(
      benchmark.factors.selecting(rows: Array(rows)), .asStored, abilities, .transposed)
    let columns = abilities.rows
    var block = Block()
    var answers = [Float](repeating: 0, count: columns)
    for (offset, query) in rows.enumerated() {
      var random = SeededGenerator(
        seed: options.seed, stream: "synthetic/responses/\(benchmark.name)", query)
      var isMissing: [Bool] = []
      if options.missing > 0 {
        var gaps = SeededGenerator(seed: options.seed, stream: "synthetic/missing/\(benchmark.name)", query)
        isMissing = (0..<columns).map { _ in Double(gaps.uniform()) < options.missing }
        Self.pack(isMissing.map { $0 ? 0 : 1 }, into: &block.observed)
      }
      let bias = benchmark.biases[query]
      for (llm, logit) in logits.row(offset).enumerated() {
        // u < σ(z), written so that it needs one exponential: u·(1 + e⁻ᶻ) < 1.
        let inverse = 1 + exp(-(logit + bias))
        if isGraded {
          var steps = 0
          for _ in 0..<Self.gradeSteps where random.uniform() * inverse < 1 { steps += 1 }
          answers[llm] = Float(steps) / Float(Self.gradeSteps)
        } else {
          answers[llm] = random.uniform() * inverse < 1 ? 1 : 0
        }
      }
      for (llm, missing) in isMissing.enumerated() where missing { answers[llm] = 0 }
      if isGraded { block.grades += answers } else { Self.pack(answers, into: &block.bits) }
    }
    return block
  }

  /// Appends a row of bits, first value in the highest bit.
  private static func pack(_ values: [Float], into bytes: inout [UInt8]) {
    for start in stride(from: 0, to: values.count, by: 8) {
      var byte: UInt8 = 0
      for index in start..<min(start + 8, values.count) where values[index] != 0 {
        byte |= 0x80 >> UInt8(index - start)
      }
      bytes.append(byte)
    }
  }
}
