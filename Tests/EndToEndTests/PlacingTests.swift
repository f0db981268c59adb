import Foundation
import Testing

/// `rs-coldstart plan`, `ask` and `place` as people use them: files as they have them, and what is refused.
@Suite(.serialized) struct PlacingTests {
  private static let plan = ["plan", "--benchmark", "gsm8k", "--anchors", "6", "--method", "random"]

  /// The ids of a few queries that the sample's model knows.
  private func ids() throws -> [String] {
    let plan = try Tool("rs-coldstart", Self.plan + ["--model", try Sample.shared().model])
    try #require(plan.status == 0, "\(plan.errors)")
    return plan.output.split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[1]) }
  }

  private func place(_ answers: String, _ more: [String] = []) throws -> Tool {
    try Tool(
      "rs-coldstart",
      ["place", "--model", try Sample.shared().model, "--answers", answers, "--name", "new"] + more)
  }

  private func ask(_ session: String, _ input: String, benchmark: String = "gsm8k") throws -> Tool {
    try Tool(
      "rs-coldstart",
      ["ask", "--model", try Sample.shared().model, "--session", session, "--benchmark", benchmark],
      input: input)
  }

  /// The same answers in all the ways in which people write them give the same place.
  @Test func answersAreReadAsPeopleHaveThem() throws {
    let scratch = try Scratch()
    let ids = try ids()
    func file(_ name: String, _ separator: String, _ end: String, _ grades: [String]) throws -> String {
      let rows = [["benchmark", "query", "score"]] + zip(ids, grades).map { ["gsm8k", $0, $1] }
      return try scratch.write(name, rows.map { $0.joined(separator: separator) + end }.joined())
    }
    let plain = try place(try file("plain.csv", ",", "\n", ["1", "0", "0.5", "1", "", "0"]))
    #expect(plain.status == 0 && plain.output.contains("gsm8k"), "\(plain.errors)")
    let others = [
      try file("semicolons.csv", ";", "\n", ["100%", "0%", "50%", "True", "NA", "False"]),
      try file("tabs.tsv", "\t", "\r\n", ["TRUE", " 0 ", "50.0%", "1.0", "nan", "false"]),
    ]
    for other in others {
      let placed = try place(other)
      #expect(placed.status == 0 && placed.output == plain.output, "\(other): \(placed.errors)")
    }
    for (name, grade) in [("range", "1.2"), ("percent", "101%"), ("word", "maybe")] {
      try Refusal.expect(
        "rs-coldstart",
        [
          "place", "--model", try Sample.shared().model, "--name", "new", "--answers",
          try file(name, ",", "\n", [grade]),
        ],
        names: ["\(scratch[name]): line 2: score '\(grade)'"], in: scratch)
    }
  }

  @Test func theEndOfTheInputPrintsWhatIsKnown() throws {
    let scratch = try Scratch()
    let first = try ask(scratch["new.jsonl"], "True\nskip\n3\n50%\n")
    #expect(first.status == 0 && first.output.contains("rank"), "\(first.errors)")
    #expect(first.errors.contains("note: 1 answer: accuracy on gsm8k"))
    #expect(first.errors.contains("'3' is no grade"))
    let text = try String(contentsOfFile: scratch["new.jsonl"], encoding: .utf8)
    let lines = text.split(separator: "\n")
    try #require(lines.count == 4)
    #expect(lines[2].contains("\"score\":null") && lines[3].contains("\"score\":0.5"))
    // Without its last line end, as some editors save it, nothing is lost; half a line is none.
    for (cut, kept) in [(1, 4), (4, 3)] {
      try Data(text.utf8.dropLast(cut)).write(to: URL(fileURLWithPath: scratch["cut.jsonl"]))
      #expect(try ask(scratch["cut.jsonl"], "").status == 0)
      let after = try String(contentsOfFile: scratch["cut.jsonl"], encoding: .utf8)
      #expect(after == lines.prefix(kept).map { $0 + "\n" }.joined())
    }
    // An edited key is no skipped query.
    try Data(text.replacing("\"score\":0.5", with: "\"scor\":0.5").utf8).write(
      to: URL(fileURLWithPath: scratch["key.jsonl"]))
    let edited = try ask(scratch["key.jsonl"], "")
    #expect(edited.status == 1 && edited.errors.contains("key.jsonl: line 4"), "\(edited.errors)")
    // A mark before the text, as other editors save it.
    try Data([0xEF, 0xBB, 0xBF] + Array(text.utf8)).write(to: URL(fileURLWithPath: scratch["mark.jsonl"]))
    let marked = try place(scratch["mark.jsonl"])
    let plain = try place(scratch["new.jsonl"])
    #expect(marked.status == 0 && marked.output == plain.output)
  }

  @Test func otherFilesAreNoSessions() throws {
    let scratch = try Scratch()
    try Data("query,score\nx,1\n".utf8).write(to: URL(fileURLWithPath: scratch["answers.csv"]))
    let csv = try ask(scratch["answers.csv"], "1\n")
    #expect(csv.status == 1 && csv.errors.contains("answers.csv: is no session of rs-coldstart ask"))
    #expect(try String(contentsOfFile: scratch["answers.csv"], encoding: .utf8) == "query,score\nx,1\n")
    // A benchmark that is named twice is one.
    #expect(try ask(scratch["twice.jsonl"], "1\n", benchmark: "gsm8k,gsm8k").status == 0)
    #expect(try ask(scratch["twice.jsonl"], "").status == 0)
  }
}
