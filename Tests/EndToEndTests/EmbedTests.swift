import Foundation
import Testing

/// From prompts to a model that holds what makes features of a text.
@Suite struct EmbedTests {
  /// A dataset folder of 120 queries with prompts and no embeddings.
  static func dataset(in scratch: Scratch, name: String = "data") throws -> String {
    var csv = "query,llm,score,prompt\n"
    for query in 0..<120 {
      let prompt =
        query % 2 == 0
        ? "What is \(query) plus \(query % 9)?" : "Why did \(query % 11) cats sleep, (A) or (B)?"
      for llm in 0..<6 { csv += "q\(query),m\(llm),\((query + llm) % 2),\"\(prompt)\"\n" }
    }
    let run = try Tool(
      "rs-data", "import", "csv", try scratch.write("\(name).csv", csv), "--benchmark", "mine", "--output",
      scratch[name])
    try #require(run.status == 0, "\(run.errors)")
    return scratch[name]
  }

  private func run(_ program: String, _ words: String...) throws -> Tool {
    let run = try Tool(program, words)
    try #require(run.status == 0, "\(run.errors)")
    return run
  }

  @Test func featuresOfPromptsTrainAModel() throws {
    let scratch = try Scratch()
    let data = try Self.dataset(in: scratch)
    let first = try run(
      "rs-data", "embed", data, "--dimensions", "4", "--features", "tfidf", "--name", "words")
    #expect(first.output.contains("120 prompts, 4 features of encoder 'words'"))
    #expect(first.errors.contains("the dataset's hash is now"))
    _ = try run("rs-data", "embed", data, "--features", "hand", "--name", "hand")
    #expect(try run("rs-data", "verify", data).output.contains("all sound"))
    _ = try run(
      "rs-train", "--data", data, "--model", "ridge", "--encoder", "words+hand", "--output", scratch["model"])
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch["model"]).sorted()
    let featurizers = ["featurizer-hand.safetensors", "featurizer-words.safetensors"]
    #expect(files == ["config.json"] + featurizers + ["model.safetensors"])
    let words = ["--data", data, "--pools", "3", "--groups", "all_strong", "--resamples", "20", "--model"]
    let routed = try Tool("rs-eval", words + [scratch["model"]])
    #expect(routed.status == 0, "\(routed.errors)")
    // Other features under the same name are other features.
    _ = try run(
      "rs-data", "embed", data, "--dimensions", "4", "--name", "words", "--seed", "1", "--overwrite")
    try Refusal.expect(
      "rs-eval", words + [scratch["model"]], names: ["encoder 'words'", "train the model again"], in: scratch)
  }

  /// Features are made of prompts, so those that a merge lacks are made again, not given.
  @Test func aDatasetWithFeaturesTakesNewQueries() throws {
    let scratch = try Scratch()
    let data = try Self.dataset(in: scratch)
    _ = try run("rs-data", "embed", data, "--dimensions", "4")
    let more = try scratch.write(
      "more.csv", "query,llm,score,prompt\n" + (0..<6).map { "new,m\($0),1,What is new?\n" }.joined())
    let merged = try run("rs-data", "import", "csv", more, "--benchmark", "mine", "--merge", "--output", data)
    #expect(merged.errors.contains("its features of encoder 'text' are left out, for 1 queries are new"))
    #expect(try run("rs-data", "verify", data).output.contains("all sound"))
    let again = try run("rs-data", "embed", data, "--dimensions", "4", "--overwrite")
    #expect(again.output.contains("121 prompts"))
    // Answers to known queries leave them alone.
    let known = try scratch.write("known.csv", "query,llm,score\nq0,m9,1\n")
    let grown = try run("rs-data", "import", "csv", known, "--benchmark", "mine", "--merge", "--output", data)
    #expect(
      !grown.errors.contains("left out") && grown.output.contains("7 LLMs"), "\(grown.errors)\(grown.output)")
  }

  @Test func whatCannotBeEmbeddedIsOneLine() throws {
    let scratch = try Scratch()
    let data = try Self.dataset(in: scratch)
    _ = try run("rs-data", "embed", data)
    try Refusal.expect(
      "rs-data", ["embed", data], names: ["encoder 'text' already", "--overwrite"], in: scratch)
    try Refusal.expect(
      "rs-data", ["embed", data, "--name", "a+b"], names: ["encoder name 'a+b'"], in: scratch)
    try Refusal.expect(
      "rs-data", ["embed", data, "--name", "new", "--min-queries", "1000"], names: ["--min-queries"],
      in: scratch)
    try Refusal.expect(
      "rs-data", ["embed", try Sample.shared().data], names: ["has no prompts"], in: scratch)
    let usage = try Tool("rs-data", "embed", data, "--words", "3-1")
    #expect(usage.status == 2 && usage.errors.contains("option '--words'"), "\(usage.errors)")
  }
}
