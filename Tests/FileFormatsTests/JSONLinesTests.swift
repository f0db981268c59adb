import Testing

@testable import FileFormats

@Suite struct JSONLinesTests {
  private struct Prompt: Codable, Equatable {
    var query: String
    var length: Int
    var score: Double?
  }

  private func read(_ text: String) throws(FileError) -> [Int: Prompt] {
    var found: [Int: Prompt] = [:]
    try JSONLines.forEach(Prompt.self, region: ByteRegion(Array(text.utf8)), path: "x.jsonl") {
      (prompt, line) throws(FileError) in found[line] = prompt
    }
    return found
  }

  private func failure(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch { return error.description }
  }

  @Test func oneValueOnEachLine() throws {
    let text =
      "\u{feff}{\"query\":\"a\\nb\",\"length\":3}\r\n\n  \n{\"length\":1,\"query\":\"é\",\"score\":0.5}"
    #expect(
      try read(text) == [1: Prompt(query: "a\nb", length: 3), 4: Prompt(query: "é", length: 1, score: 0.5)])
    #expect(try read("").isEmpty)
  }

  @Test func errorsNameTheLineAndTheKey() {
    let good = "{\"query\":\"a\",\"length\":3}\n"
    #expect(failure(good + "{\"query\":\"a\"}\n") == "x.jsonl: line 2: \"length\" is missing")
    #expect(
      failure(good + "{\"query\":1,\"length\":3}\n") == "x.jsonl: line 2: \"query\" is not of type String")
    #expect(failure(good + good + "{\"query\":\"a\",\n") == "x.jsonl: line 3: is not valid JSON")
    #expect(failure("[1]\n")?.hasPrefix("x.jsonl: line 1: the line is not of type") == true)
    #expect(failure(good + good.dropLast() + good) == "x.jsonl: line 2: is not valid JSON")
  }

  @Test func writtenLinesAreReadBack() throws {
    let prompts = [
      Prompt(query: "a\nb/c \"d\" \u{2028}", length: 3, score: 1e-300), Prompt(query: "", length: -1),
    ]
    let lines = try prompts.map { try JSONLines.line($0, path: "x.jsonl") }
    #expect(lines[1] == "{\"length\":-1,\"query\":\"\"}\n")
    #expect(lines[0].utf8.count { $0 == 0x0A } == 1)
    #expect(try read(lines.joined()) == [1: prompts[0], 2: prompts[1]])
  }

  @Test func numbersThatAreNotFiniteAreRefused() {
    #expect(throws: FileError.self) {
      try JSONLines.line(Prompt(query: "", length: 0, score: .nan), path: "x.jsonl")
    }
  }

  @Test func aLineOutOfAllProportionIsNeitherReadNorWritten() {
    let text = "{}\n\"" + String(repeating: "x", count: JSONLines.longestLine) + "\"\n"
    let error = #expect(throws: FileError.self) {
      try JSONLines.forEach([String: Int].self, region: ByteRegion(Array(text.utf8)), path: "x.jsonl") {
        _, _ in
      }
    }
    #expect(error?.place == .line(2) && error?.reason == "is longer than 64 MiB")
    #expect(throws: FileError.self) {
      try JSONLines.line(String(repeating: "x", count: JSONLines.longestLine), path: "x.jsonl")
    }
  }
}
