import Foundation
import Testing

/// A number with the digits that JSONSerialization keeps.
private func rounded(_ value: Double) -> String { String(format: "%.12f", value) }

/// From synthetic data to a model, an evaluation and exported embeddings.
@Suite struct MainJobTests {
  @Test func infoDescribesTheDataset() throws {
    let run = try Tool("rs-data", "info", "--json", try Sample.shared().data)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let report = try run.json()
    #expect(report["llms"] as? Int == Sample.llms)
    let benchmarks = try #require(report["benchmarks"] as? [[String: Any]])
    #expect(benchmarks.count == 12)
    #expect(benchmarks.reduce(0) { $0 + ($1["queries"] as? Int ?? 0) } == Sample.queries)
    for benchmark in benchmarks {
      let parts = ["train", "validation", "test"].map { benchmark[$0] as? Int ?? 0 }
      #expect(parts.reduce(0, +) == benchmark["queries"] as? Int)
      #expect(benchmark["responses"] as? Int == (benchmark["queries"] as? Int ?? 0) * Sample.llms)
      #expect(benchmark["missing"] as? Int == 0)
    }
    #expect(Set(benchmarks.compactMap { $0["kind"] as? String }) == ["binary", "continuous"])
    let text = try Tool("rs-data", "info", try Sample.shared().data)
    #expect(text.status == 0)
    #expect(text.output.contains(try #require(report["hash"] as? String)))
  }

  @Test func verifyFindsTheDatasetSound() throws {
    let data = try Sample.shared().data
    let run = try Tool("rs-data", "verify", data)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.hasPrefix("\(data): "))
    #expect(run.output.contains("all sound"))
  }

  @Test func trainingWritesAModelFolderAndNothingElse() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let run = try Tool("rs-train", Sample.train(data: sample.data, scratch["model"]) + ["--json"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "no progress where standard error is no terminal")
    #expect(scratch.entries == ["model"])
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch["model"]).sorted()
    #expect(files == ["config.json", "model.safetensors"])
    #expect(try run.json()["algorithm"] as? String == "logistic-mf")
    let object = try JSONSerialization.jsonObject(with: bytes("\(scratch["model"])/config.json"))
    let config = try #require(object as? [String: Any])
    #expect((config["llms"] as? [String])?.count == Sample.llms)
    let training = try #require(config["training"] as? [String: Any])
    #expect((training["history"] as? [Any])?.isEmpty == false)
    #expect(training["factors"] as? Int == Sample.factors)
    let info = try Tool("rs-data", "info", "--json", sample.data).json()
    #expect(training["dataset_hash"] as? String == info["hash"] as? String)
  }

  @Test func evaluationPrintsTheSameAsJSONAndCSV() throws {
    let sample = try Sample.shared()
    let words = ["--data", sample.data, "--model", sample.model, "--pools", "3,10", "--resamples", "200"]
    let json = try Tool("rs-eval", words + ["--json"])
    #expect(json.status == 0)
    #expect(json.errors.isEmpty)
    let cells = try #require(try json.json()["cells"] as? [[String: Any]])
    #expect(cells.count == 12 * 2 * 3)
    let csv = try Tool("rs-eval", words + ["--csv"])
    #expect(csv.status == 0)
    #expect(csv.errors.isEmpty)
    var rows = csv.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = rows.removeFirst()
    let mu = try #require(header.firstIndex(of: "mu"))
    for row in rows { #expect(row.count == header.count) }
    let expected = cells.flatMap { cell in
      (cell["routers"] as? [[String: Any]] ?? []).map { router in
        let value = (router["mu"] as? [String: Any])?["value"] as? Double ?? .nan
        return "\(cell["benchmark"] ?? "") \(cell["m"] ?? "") \(cell["group"] ?? "") "
          + "\(router["name"] ?? "") \(rounded(value))"
      }
    }
    #expect(expected.count == cells.count * 4)
    let printed = rows.map { "\($0[0]) \($0[1]) \($0[2]) \($0[4]) \(rounded(Double($0[mu]) ?? .nan))" }
    #expect(printed == expected)
  }

  @Test func evaluationWithoutAModelHasTheReferencesOnly() throws {
    let data = try Sample.shared().data
    let run = try Tool(
      "rs-eval", "--data", data, "--benchmarks", "mmlu", "--pools", "5", "--groups", "all_weak", "--csv")
    #expect(run.status == 0)
    let names = run.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[4] }
    #expect(names == ["oracle", "best-single", "random"])
  }

  /// The files that each format writes for the output `e.x`.
  @Test(arguments: [
    ("npy", ["e.x", "e.x.names.txt"]), ("npz", ["e.x"]), ("safetensors", ["e.x"]), ("csv", ["e.x"]),
    ("word2vec", ["e.x"]), ("projector", ["e.x"]),
  ])
  func exportWrites(format: String, files: [String]) throws {
    let model = try Sample.shared().model
    for what in ["llms", "queries"] {
      let scratch = try Scratch()
      let words = ["--model", model, "--what", what, "--format", format, "--output", scratch["e.x"]]
      let run = try Tool("rs-export", words)
      #expect(run.status == 0)
      // How many queries have learned factors, and how many mapped ones.
      #expect(what == "llms" ? run.errors.isEmpty : run.errors.hasPrefix("note: "), "\(run.errors)")
      #expect(run.output.contains("of \(Sample.factors) factors"))
      #expect(scratch.entries == files)
      let again = try Tool("rs-export", words + ["--overwrite"])
      #expect(again.status == 0)
      #expect(scratch.entries == files)
    }
  }
}
