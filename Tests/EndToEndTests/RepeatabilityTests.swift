import Foundation
import Testing

/// The same data, seed and options give the same bytes, at any thread count.
@Suite struct RepeatabilityTests {
  @Test(arguments: ["1", "2", "3"])
  func trainingAtAnyThreadCount(threads: String) throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let run = try Tool(
      "rs-train", Sample.train(data: sample.data, scratch["model"]) + ["--threads", threads])
    #expect(run.status == 0)
    for file in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(scratch["model"])/\(file)") == bytes("\(sample.model)/\(file)"), "\(file)")
    }
  }

  @Test(arguments: ["1", "2", "3"])
  func synthesisAtAnyThreadCount(threads: String) throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let run = try Tool("rs-data", Sample.synth(scratch["data"]) + ["--threads", threads])
    #expect(run.status == 0)
    let files = FileManager.default.subpaths(atPath: sample.data) ?? []
    #expect(!files.isEmpty)
    #expect((FileManager.default.subpaths(atPath: scratch["data"]) ?? []).sorted() == files.sorted())
    for file in files where file.contains(".") {
      #expect(try bytes("\(scratch["data"])/\(file)") == bytes("\(sample.data)/\(file)"), "\(file)")
    }
  }

  @Test func anotherSeedGivesOtherData() throws {
    let scratch = try Scratch()
    let run = try Tool("rs-data", Sample.synth(scratch["data"]) + ["--seed", "1"])
    #expect(run.status == 0)
    #expect(
      try bytes("\(scratch["data"])/dataset.json") != bytes("\(Sample.shared().data)/dataset.json"))
  }

  @Test func evaluationAtAnyThreadCount() throws {
    let sample = try Sample.shared()
    let words = ["--data", sample.data, "--model", sample.model, "--resamples", "500", "--json", "--threads"]
    let one = try Tool("rs-eval", words + ["1"])
    #expect(one.status == 0)
    #expect(try Tool("rs-eval", words + ["2"]).output == one.output)
  }
}
