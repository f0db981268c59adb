import NumericKernels
import RoutingData
import Testing

@testable import Prediction

@Suite struct EncoderCommandTests {
  /// A program that answers the length of a line and the number of lines so far.
  private static let counter =
    #"while IFS= read -r line; do n=$((n + 1)); echo "[${#line}, $n]"; done"#

  @Test func oneProgramEncodesAllTexts() throws {
    let encoder = try EncoderCommand(Self.counter, dimensions: 2)
    #expect(try encoder.embeddings(of: ["abc", ""]) == Matrix([[3, 1], [0, 2]]))
    #expect(try encoder.embeddings(of: ["a\nb\r\nc"]) == Matrix([[5, 3]]), "a text stays one line")
    #expect(try encoder.embeddings(of: []).rows == 0)
  }

  @Test(arguments: [
    ("exit 3", "ended with status 3"), ("read line; echo hello; cat", "answered 'hello'"),
    ("read line; echo 1 2 3; cat", "answered 3 numbers, the model takes 2"),
    ("read line; echo 1 nan; cat", "answered '1 nan'"),
    ("/nowhere/encode", "ended with status 127"),
  ])
  func aProgramThatFailsIsNamed(command: String, reason: String) throws {
    let encoder = try EncoderCommand(command, dimensions: 2)
    do {
      _ = try encoder.embeddings(of: ["text"])
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains(reason) && "\(error)".contains(command), "\(error)")
    }
  }

  @Test func afterAWrongAnswerNoneIsBelieved() throws {
    let banner = #"echo Loading; while IFS= read -r line; do echo "${#line} 1"; done"#
    let encoder = try EncoderCommand(banner, dimensions: 2)
    #expect(throws: DataError.self) { try encoder.embeddings(of: ["one"]) }
    #expect(throws: DataError.self) { try encoder.embeddings(of: ["two"]) }
    let twice = try EncoderCommand(
      #"while IFS= read -r line; do printf '1 1\n2 2\n'; done"#, dimensions: 2)
    #expect(try twice.embeddings(of: ["one"]) == Matrix([[1, 1]]))
    #expect(throws: DataError.self) { try twice.embeddings(of: ["two"]) }
    #expect(throws: DataError.self) { try twice.embeddings(of: ["three"]) }
  }

  @Test(
    arguments: [
      ("1 2.5", [1, 2.5]), ("[1,2.5]", [1, 2.5]), (" 1,\t2.5 ", [1, 2.5]), ("-1e-3", [-0.001]),
    ] as [(String, [Float])])
  func aLineOfNumbersIsAnEmbedding(line: String, numbers: [Float]) {
    #expect(EmbeddingText.numbers(line) == numbers)
  }

  @Test(arguments: ["", "[]", "a", "1 x", "inf", "1e39", "[1", "{}"])
  func anythingElseIsNone(line: String) { #expect(EmbeddingText.numbers(line) == nil) }
}
