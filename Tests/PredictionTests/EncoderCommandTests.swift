import Foundation
import NumericKernels
import RoutingData
import TestSupport
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
    ("/nowhere/encode", "ended with status 127"), ("kill -9 $$", "was ended by signal 9"),
    ("exec >&-; sleep 100", "closed its output"),
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
    #expect(try twice.embeddings(of: ["three"]) == Matrix([[1, 1]]), "of a program that was started anew")
    #expect(throws: DataError.self) { try twice.finish() }
  }

  @Test func theLastAnswerIsLookedAtToo() throws {
    let encoder = try EncoderCommand(Self.counter + "; echo Bye", dimensions: 2)
    _ = try encoder.embeddings(of: ["a", "b"])
    try encoder.finish()
    let twice = try EncoderCommand(Self.counter + "; echo 1 2", dimensions: 2)
    _ = try twice.embeddings(of: ["a"])
    #expect(throws: DataError.self) { try twice.finish() }
  }

  /// A program that hangs, where it answers nothing, half a line, or doesn't even read.
  @Test(arguments: ["read line;", "read line; printf '1 ';", ""])
  func aProgramThatHangsIsNamedAndEnded(start: String) throws {
    let folder = try TemporaryFolder()
    let encoder = try EncoderCommand(
      "\(start) sleep 100 & echo $! > '\(folder["pid"])'; wait", dimensions: 2, timeout: .seconds(2))
    do {
      _ = try encoder.embeddings(of: [String(repeating: "word ", count: 200_000)])
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains("no answer within 2.0 s") && "\(error)".contains("--encoder-timeout"))
    }
    let pid = try String(contentsOfFile: folder["pid"], encoding: .utf8).prefix { $0 != "\n" }
    /// Whether it runs; one that has ended may wait for somebody to take notice.
    func runs() -> Bool {
      let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      return state.map { !$0.contains(") Z ") } ?? false
    }
    let end = SuspendingClock.now + .seconds(20)
    while runs(), SuspendingClock.now < end { usleep(10_000) }
    #expect(!runs(), "what it started is ended with it")
  }

  @Test func aProgramThatFailedIsStartedAnewForTheNextText() throws {
    let encoder = try EncoderCommand(
      #"while IFS= read -r line; do n=$((n + 1)); [ "$line" = die ] && exit 7; echo "$n ${#line}"; done"#,
      dimensions: 2)
    #expect(try encoder.embeddings(of: ["a", "b"]) == Matrix([[1, 1], [2, 1]]))
    #expect(throws: DataError.self) { try encoder.embeddings(of: ["c", "die", "d"]) }
    #expect(try encoder.embeddings(of: ["four"]) == Matrix([[1, 4]]))
    try encoder.finish()
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
