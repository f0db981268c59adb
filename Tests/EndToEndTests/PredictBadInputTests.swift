import Foundation
import Testing

/// What people and programs give `rs-predict` that is wrong, or odd: one line says so, or it is answered.
@Suite struct PredictBadInputTests {
  private static let encoder =
    #"while IFS= read -r line; do echo \#(Array(repeating: "0.1", count: 16).joined(separator: " ")); done"#

  private func predict(_ words: [String], input: String = "") throws -> Tool {
    try Tool("rs-predict", ["--model", Sample.shared().model] + words, input: input)
  }

  private func expectRefusal(_ run: Tool, _ parts: String...) {
    #expect(run.status == 1 && run.output.isEmpty, "\(run.output)")
    let lines = run.errors.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(lines.count == 1, "\(run.errors)")
    for part in parts { #expect(run.errors.contains(part), "\(run.errors)") }
  }

  @Test func bytesThatAreNoText() throws {
    let scratch = try Scratch()
    let file = try scratch.write("texts.txt", Array("fine\nnot ".utf8) + [0xFF, 0xFE, 0x0A])
    expectRefusal(
      try predict(["--texts", file, "--encoder-command", Self.encoder]), "texts.txt", "line 2", "UTF-8")
    // A pipe goes on: what can't be read in a text is replaced, as the encoder would do.
    let words = [
      "-c", #"printf 'fine\nnot \377\376\nfine\n' | "$0" "$@""#, "\(Tool.folder)/rs-predict", "--model",
      try Sample.shared().model,
    ]
    let piped = try Tool("/bin/sh", words + ["--texts", "-", "--encoder-command", Self.encoder])
    #expect(piped.status == 0 && piped.output.split(separator: "\n").count == 4, "\(piped.errors)")
    let served = try Tool(
      "/bin/sh",
      ["-c", #"printf '{"id": 1, "text": "\377"}\n\377\n{"id": 3, "text": "x"}\n' | "$0" "$@""#]
        + words.dropFirst(2) + ["--serve", "--encoder-command", Self.encoder])
    let answers = served.output.split(separator: "\n")
    #expect(served.status == 0 && answers.count == 3, "\(served.errors)")
    #expect(answers.count == 3 && answers[1].contains("error") && answers[2].contains("pick"))
  }

  @Test func aTextOfAMegabyteIsServed() throws {
    let text = String(repeating: "word ", count: 200_000)
    let run = try predict(
      ["--serve", "--encoder-command", Self.encoder],
      input: #"{"id": 1, "text": "\#(text)", "top": 1}"# + "\n" + #"{"id": 2, "text": "x", "top": 1}"# + "\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count { $0.contains("pick") } == 2)
  }

  @Test func nothingComes() throws {
    let scratch = try Scratch()
    expectRefusal(try predict(["--texts", "-", "--encoder-command", Self.encoder]), "no query came")
    expectRefusal(
      try predict(["--texts", scratch.write("e.txt", "\n \n"), "--encoder-command", Self.encoder]),
      "has no text")
    // A service that nobody asked anything has nothing to say.
    let served = try predict(["--serve"])
    #expect(served.status == 0 && served.output.isEmpty && served.errors.isEmpty)
  }

  @Test func costsThatAreMissingOrNoNumbers() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let queries = ["--embeddings", "\(sample.data)/embeddings/synthetic/gsm8k.npy", "--price", "1"]
    for (rows, part) in [("nobody,1", "cost"), ("x,nan", "line 2"), ("x,-1", "line 2"), ("x,", "line 2")] {
      let costs = try scratch.write("costs.csv", "llm,cost\n\(rows)\n")
      expectRefusal(try predict(queries + ["--costs", costs]), part)
    }
  }

  @Test func anEncoderThatAnswersTooFewNumbers() throws {
    expectRefusal(
      try predict(["--text", "x", "--encoder-command", "read line; echo 1 2 3"]),
      "answered 3 numbers, the model takes 16")
  }

  @Test func aModelOfAnOlderFormat() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let model = try scratch.copy(sample.model, to: "model")
    let text = try String(contentsOfFile: "\(model)/config.json", encoding: .utf8)
    let older = text.replacing(/"format_version" : [0-9]+/, with: #""format_version" : 1"#)
    try #require(older != text)
    _ = try scratch.write("model/config.json", older)
    let run = try Tool(
      "rs-predict", "--model", model, "--embeddings", "\(sample.data)/embeddings/synthetic/gsm8k.npy")
    expectRefusal(run, "format_version", "train the model again with rs-train")
  }
}
