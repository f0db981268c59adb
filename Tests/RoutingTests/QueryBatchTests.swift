import NumericKernels
import Routing
import RoutingData
import Testing

/// What a router may believe of a batch.
@Suite struct QueryBatchTests {
  private func batch(_ encoder: String?) -> QueryBatch {
    QueryBatch(embeddings: Matrix(rows: 2, columns: 3), encoder: encoder, benchmark: "b", rows: [4, 7])
  }

  @Test func anotherEncoderIsRefusedByName() throws {
    try batch("mine").require(encoder: "mine", dimensions: 3, by: "r")
    let text =
      "router 'r': it was trained on embeddings of encoder 'mine', these are of 'other': give --encoder mine"
    #expect(throws: DataError(text)) { try batch("other").require(encoder: "mine", dimensions: 3, by: "r") }
    // Names that Swift calls equal are two encoders.
    #expect(throws: DataError.self) {
      try batch("\u{2126}").require(encoder: "\u{3A9}", dimensions: 3, by: "r")
    }
  }

  @Test func anEncoderThatNobodyKnowsIsNoFault() throws {
    try batch(nil).require(encoder: "mine", dimensions: 3, by: "r")
    try batch("mine").require(encoder: nil, dimensions: 3, by: "r")
  }

  @Test func otherLengthsAndNumbersAreRefused() {
    #expect(throws: DataError("router 'r': embeddings of 3 dimensions for benchmark 'b', trained on 4")) {
      try batch("mine").require(encoder: "mine", dimensions: 4, by: "r")
    }
    let broken = QueryBatch(embeddings: Matrix([[0, 1], [.infinity, 0]]), benchmark: "b", rows: [4, 7])
    #expect(
      throws: DataError(
        "router 'r': the embedding of query 7 of benchmark 'b' holds inf, expected finite numbers")
    ) { try broken.require(encoder: nil, dimensions: 2, by: "r") }
  }
}
