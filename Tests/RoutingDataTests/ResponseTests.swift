import NumericKernels
import Testing

@testable import RoutingData

@Suite struct ResponseMatrixBuilderTests {
  @Test func binaryGradesStayBits() throws {
    let matrix = try SmallDataset.responses([[1, 0], [0, 1]])
    #expect(matrix.isBinary && matrix.observedCount == 4)
    #expect(matrix[0, 0] == 1 && matrix[0, 1] == 0 && matrix[1, 1] == 1)
  }

  @Test func aFractionSwitchesToNumbersAndKeepsEarlierRows() throws {
    let matrix = try SmallDataset.responses([[1, 0, 1], [0.5, 0, 1], [0, 1, 1]])
    #expect(!matrix.isBinary)
    #expect((0..<3).map { matrix[0, $0] } == [1, 0, 1])
    #expect((0..<3).map { matrix[1, $0] } == [0.5, 0, 1])
    #expect((0..<3).map { matrix[2, $0] } == [0, 1, 1])
  }

  @Test func missingIsMissingNotWrong() throws {
    var builder = ResponseMatrixBuilder(queryCount: 2, llmCount: 2)
    try builder.setRow(0, [1, .nan])
    try builder.setRow(1, [1, 0])
    let matrix = builder.build()
    #expect(matrix[0, 1] == nil && matrix[1, 1] == 0 && matrix.observedCount == 3)
    #expect(matrix.isBinary && matrix.llmMeans() == [1, 0])
  }

  @Test(arguments: [Float.infinity, -0.001, 1.001, -Float.infinity])
  func gradesOutOfRange(value: Float) {
    var builder = ResponseMatrixBuilder(queryCount: 1, llmCount: 2)
    #expect(
      failure { try builder.setRow(0, [0, value]) }
        == "response of LLM 1 to query 0 is \(value), expected a number in [0, 1]")
  }
}

@Suite struct SelectionVectorsTests {
  @Test func binaryLabelsAreTheRightAnswers() {
    let labels = SelectionVectors.labels(Matrix([[1, 0, 1], [0, 0, 0], [.nan, 1, 0]]), isBinary: true)
    #expect(texts(labels) == ["1.0", "0.0", "1.0", "0.0", "0.0", "0.0", "nan", "1.0", "0.0"])
  }

  /// The elements as texts: NaN equals itself.
  func texts(_ matrix: Matrix) -> [String] { matrix.storage.map { "\($0)" } }

  @Test func continuousLabelsReachNineteenTwentiethsOfTheBest() {
    let labels = SelectionVectors.labels(
      Matrix([[0.8, 0.76, 0.75], [0, 0, 0], [1, 0.95, 0.94], [.nan, 0.2, 0.1]]), isBinary: false)
    #expect(
      texts(labels) == [1, 1, 0, 0, 0, 0, 1, 1, 0, .nan, 1, 0].map { (value: Float) in "\(value)" })
  }
}
