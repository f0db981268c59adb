import Foundation
import Testing

/// Datasets and models with a file that is cut short or altered.
@Suite struct DamagedInputTests {
  @Test(arguments: ["responses/mmlu.npy", "embeddings/synthetic/mmlu.npy", "splits/mmlu.npy", "llms.csv"])
  func datasetFileCutShort(file: String) throws {
    let scratch = try Scratch()
    let data = try scratch.copy(Sample.shared().data, to: "data")
    try truncate("\(data)/\(file)")
    for (name, words) in [
      ("rs-data", ["info", data]), ("rs-data", ["verify", data]),
      ("rs-train", ["--data", data, "--output", scratch["out"]]), ("rs-eval", ["--data", data]),
    ] {
      try Refusal.expect(name, words, names: ["\(data)/\(file): "], in: scratch)
    }
  }

  @Test func datasetManifestCutShort() throws {
    let scratch = try Scratch()
    let data = try scratch.copy(Sample.shared().data, to: "data")
    try truncate("\(data)/dataset.json")
    try Refusal.expect("rs-data", ["info", data], names: ["\(data)/dataset.json: "], in: scratch)
  }

  @Test func verifyFindsOneAlteredBit() throws {
    let scratch = try Scratch()
    let data = try scratch.copy(Sample.shared().data, to: "data")
    let file = "\(data)/responses/mmlu.npy"
    var altered = try bytes(file)
    altered[altered.count - 10] ^= 4
    try altered.write(to: URL(fileURLWithPath: file))
    try Refusal.expect("rs-data", ["verify", data], names: ["\(file): was altered: SHA-256"], in: scratch)
  }

  @Test func verifyFindsAMissingAndAnAdditionalFile() throws {
    let scratch = try Scratch()
    let data = try scratch.copy(Sample.shared().data, to: "data")
    try FileManager.default.removeItem(atPath: "\(data)/splits/arc.npy")
    try Refusal.expect(
      "rs-data", ["verify", data], names: ["\(data)/splits/arc.npy: is missing"], in: scratch)
    let other = try scratch.copy(Sample.shared().data, to: "other")
    try Data().write(to: URL(fileURLWithPath: "\(other)/stray"))
    try Refusal.expect(
      "rs-data", ["verify", other], names: ["\(other)/stray: is not listed in dataset.json"], in: scratch)
  }

  @Test(arguments: ["model.safetensors", "config.json"], [0, 0.001, 0.5, 0.999])
  func modelFileCutShort(file: String, share: Double) throws {
    let scratch = try Scratch()
    let sample = try Sample.shared()
    let model = try scratch.copy(sample.model, to: "model")
    try truncate("\(model)/\(file)", to: share)
    let names = ["\(model)/\(file): "]
    try Refusal.expect(
      "rs-export", ["--model", model, "--output", scratch["e.npy"]], names: names, in: scratch)
    try Refusal.expect("rs-eval", ["--data", sample.data, "--model", model], names: names, in: scratch)
  }

  @Test func modelOfAnotherShape() throws {
    let scratch = try Scratch()
    let model = try scratch.copy(Sample.shared().model, to: "model")
    let file = URL(fileURLWithPath: "\(model)/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let name = try #require(text.split(separator: "\n").first { $0.contains("synthetic-") })
    try text.replacingOccurrences(of: name + "\n", with: "").write(
      to: file, atomically: true, encoding: .utf8)
    try Refusal.expect(
      "rs-export", ["--model", model, "--output", scratch["e.npy"]], names: [model], in: scratch)
  }
}
