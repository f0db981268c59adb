import Foundation
import Testing

/// A model knows its encoder by prompts of the dataset that it was trained on.
@Suite struct EncoderProbeTests {
  /// A program that answers a text's length and the number of its words, times some number.
  private static func encoder(_ factor: Int, _ order: String = "%d %d") -> String {
    #"while IFS= read -r line; do set -- $line; printf -- '\#(order)\n' $((\#(factor) * ${#line})) $((\#(factor) * 9 * $#)); done"#
  }

  private func model(prompts: Bool) throws -> (path: String, scratch: Scratch) {
    let scratch = try Scratch()
    var (answers, embeddings) = ("query,llm,score\(prompts ? ",prompt" : "")\n", "query,x,y\n")
    for number in 0..<60 {
      let prompt = (0...(number * 7 % 5)).map { "word\(number * $0)" }.joined(separator: " ")
      for (llm, isRight) in [("a", number % 3 == 0), ("b", number % 3 > 0)] {
        answers += "q\(number),\(llm),\(isRight ? 1 : 0)\(prompts ? ",\(prompt)" : "")\n"
      }
      embeddings += "q\(number),\(prompt.utf8.count),\(9 * (number * 7 % 5 + 1))\n"
    }
    for words in [
      [
        "rs-data", "import", "csv", try scratch.write("answers.csv", answers), "--embeddings",
        try scratch.write("embeddings.csv", embeddings), "--encoder", "counts", "--output",
        scratch["data"],
      ], ["rs-train", "--data", scratch["data"], "--model", "ridge", "--output", scratch["model"]],
    ] {
      let run = try Tool(words[0], Array(words.dropFirst()))
      try #require(run.status == 0, "\(run.errors)")
    }
    return (scratch["model"], scratch)
  }

  private func predict(_ model: String, _ words: String...) throws -> Tool {
    try Tool("rs-predict", ["--model", model, "--text", "a short question"] + words)
  }

  @Test func anotherEncoderOfTheSameLengthIsRefused() throws {
    let (model, scratch) = try model(prompts: true)
    defer { withExtendedLifetime(scratch) {} }
    let right = try predict(model, "--encoder-command", Self.encoder(1))
    #expect(right.status == 0 && right.errors.isEmpty, "\(right.errors)")
    for wrong in [Self.encoder(2), Self.encoder(1, "-%d %d")] {
      let refused = try predict(model, "--encoder-command", wrong)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
      for part in ["is not encoder 'counts'", "--any-encoder"] {
        #expect(refused.errors.contains(part), "\(refused.errors)")
      }
      let served = try Tool("rs-predict", "--model", model, "--serve", "--encoder-command", wrong)
      #expect(served.status == 1 && served.errors.contains("is not encoder 'counts'"))
      #expect(try predict(model, "--any-encoder", "--encoder-command", wrong).status == 0)
    }
  }

  @Test func withoutPromptsThereIsANote() throws {
    let (model, scratch) = try model(prompts: false)
    defer { withExtendedLifetime(scratch) {} }
    let run = try predict(model, "--encoder-command", Self.encoder(2))
    #expect(run.status == 0 && run.errors.hasPrefix("note: the model has no prompts"), "\(run.errors)")
    #expect(try predict(model, "--quiet", "--encoder-command", Self.encoder(2)).errors.isEmpty)
  }
}
