import Testing

@testable import FileFormats

@Suite struct JSONKeysTests {
  private func repeated(_ text: String) -> String? {
    Array(text.utf8).withUnsafeBytes { JSONKeys.repeated(in: $0) }
  }

  @Test(arguments: [
    #"{"a": 1, "a": 2}"#, #"{"x": [{"b": 1, "c": {}, "b": 2}]}"#, #"{"a": {"a": "a"}, "\u0061": 1}"#,
    #"{"a\"b": 1, "a\u0022b": 2}"#, #"{"\ud83d\ude42" : 1, "🙂" : 2}"#, "{\"a\\n\":1,\"a\\u000a\":2}",
  ])
  func keysThatOccurTwiceAreFound(text: String) { #expect(repeated(text) != nil) }

  @Test(arguments: NameTests.twins)
  func keysThatADecoderWouldMergeAreFound(first: String, second: String) {
    #expect(repeated("{\"\(first)\": 1, \"\(second)\": 2}") != nil)
    #expect(repeated("[{\"\(first)\": 1}, {\"\(second)\": 2}]") == nil)
    #expect(repeated("{\"\(first)\": \"\(second)\"}") == nil)
  }

  @Test(arguments: [
    #"{"a": 1, "b": 2}"#, #"{"a": {"a": 1}, "b": {"a": 1}}"#, #"["a", "a"]"#, #"{"a": ["a", "a", {"a": 1}]}"#,
    #"{"a": "b", "b": "a"}"#, "{\"a", "\"", "}}]", "", #"{"a": "{\"a\": 1, \"a\": 2}"}"#, "{\"a\\",
  ])
  func nothingElseIs(text: String) { #expect(repeated(text) == nil) }

  @Test func readersRefuseThem() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("{\"\u{2126}\": 1, \"\u{3A9}\": 2}", to: folder["x.json"])
    #expect(throws: FileError.self) { try JSONFile.read([String: Int].self, path: folder["x.json"]) }
    let entry = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
    let header = Array("{\"\u{212A}\":\(entry),\"K\":\(entry)}".utf8)
    #expect(throws: FileError.self) { try SafetensorsHeader(json: header, dataCount: 0, path: "m") }
  }
}
