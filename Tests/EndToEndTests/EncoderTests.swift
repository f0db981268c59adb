import Foundation
import Testing

/// A model belongs to the encoder whose embeddings it was trained on.
@Suite struct EncoderTests {
  /// A dataset folder with embeddings of two encoders, equally long, which mean different things.
  private func dataset(in scratch: Scratch) throws -> String {
    let names = (0..<6).map { "llm\($0)" }
    var archive = ArrayArchive()
    archive.add(
      "scores",
      (0..<6).map { llm in (0..<200).map { query in Float((query * 7 + query / 9 + llm) % 3 == 0 ? 1 : 0) } })
    archive.add("models", names)
    archive.add("embed_alpha", (0..<200).map { [Float($0 % 3) - 1, Float($0 % 7) / 7, 1] })
    archive.add("embed_beta", (0..<200).map { [Float($0 % 5) / 5, Float($0 % 3) - 1, 0.5] })
    let file = try scratch.write("mine.npz", archive.bytes)
    let run = try Tool("rs-data", "import", "npz", file, "--output", scratch["data"])
    try #require(run.status == 0, "\(run.errors)")
    return scratch["data"]
  }

  @Test(arguments: [["ridge"], ["knn", "--pool", "mine/3/all_strong"]])
  func aModelIsRefusedOnEmbeddingsOfAnotherEncoder(_ model: [String]) throws {
    let scratch = try Scratch()
    let data = try dataset(in: scratch)
    let trained = try Tool(
      "rs-train",
      ["--data", data, "--model"] + model + ["--encoder", "alpha", "--output", scratch["model"]])
    try #require(trained.status == 0, "\(trained.errors)")
    let words = [
      "--data", data, "--pools", "3", "--groups", "all_strong", "--resamples", "50", "--model",
      scratch["model"],
    ]
    try Refusal.expect(
      "rs-eval", words + ["--encoder", "beta"],
      names: ["encoder 'alpha'", "these are of 'beta'", "--encoder alpha"], in: scratch)
    try Refusal.expect(
      "rs-eval",
      ["benchmark"] + words.dropLast(2) + [
        "--routers", "oracle,model:\(scratch["model"])", "--encoder", "beta", "--output", scratch["run"],
      ], names: ["encoder 'alpha'", "these are of 'beta'"], in: scratch)
    // Its own encoder is the default.
    let plain = try Tool("rs-eval", words + ["--json"])
    let named = try Tool("rs-eval", words + ["--json", "--encoder", "alpha"])
    #expect(plain.status == 0 && plain.output == named.output, "\(plain.errors)")
  }

  @Test func severalEncodersNeedAChoice() throws {
    let scratch = try Scratch()
    let data = try dataset(in: scratch)
    try Refusal.expect(
      "rs-train", ["--data", data, "--output", scratch["model"]],
      names: ["several encoders", "--encoder", "alpha, beta"], in: scratch)
    try Refusal.expect(
      "rs-train", ["--data", data, "--encoder", "gamma", "--output", scratch["model"]],
      names: ["'gamma'", "alpha, beta"], in: scratch)
  }
}
