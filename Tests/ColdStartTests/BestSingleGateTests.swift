import NumericKernels
import Testing

@testable import ColdStart

/// The gate between single queries' scores and the best single LLM.
@Suite struct BestSingleGateTests {
  private static let count = 400

  /// LLM 0 is right on 60%, LLM 1 on the other 40%; scores say which, or are noise.
  private func gate(scoresAreTrue: Bool) -> (gate: BestSingleGate, scores: Matrix, responses: Matrix) {
    var generator = SeededGenerator(seed: 1, stream: "gate")
    var responses = Matrix(rows: Self.count, columns: 2)
    var scores = responses
    for row in 0..<Self.count {
      let isFirst = generator.uniform() < 0.6
      responses[row, isFirst ? 0 : 1] = 1
      let shown = scoresAreTrue ? isFirst : generator.uniform() < 0.5
      scores[row, shown ? 0 : 1] = 1
    }
    let gate = BestSingleGate(scores: scores, responses: responses, means: [0.6, 0.4])
    return (gate, scores, responses)
  }

  @Test func noiseLeavesTheBestSingleLLM() {
    let (gate, scores, _) = gate(scoresAreTrue: false)
    #expect(gate.share == 0)
    #expect(gate.picks(scores).allSatisfy { $0 == 0 })
  }

  @Test func whatTellsQueriesApartIsFollowed() {
    let (gate, scores, responses) = gate(scoresAreTrue: true)
    #expect(gate.share > 0)
    let picks = gate.picks(scores)
    #expect(picks.indices.allSatisfy { responses[$0, picks[$0]] == 1 })
  }
}
