import Foundation
import Testing

/// `rs-eval benchmark`: a grid that can be killed at any moment and goes on.
@Suite(.serialized) struct BenchmarkRunTests {
  /// The words of a run long enough to be killed in the middle.
  private func words(_ output: String, threads: Int = 2, routers: String = Self.routers) throws -> [String] {
    [
      "benchmark", "--data", try Sample.shared().data, "--routers", routers, "--pools", "3,8",
      "--resamples", "20000", "--threads", "\(threads)", "--output", output,
    ]
  }

  private static let routers = "oracle,best-single,random"

  /// The files below a folder, by relative path.
  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let data = try? bytes("\(folder)/\(path)") { files[path] = data }
    }
    return files
  }

  private func cells(_ folder: String) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: "\(folder)/cells")) ?? [])
      .filter { $0.hasSuffix(".json") }
  }

  @Test func killedAndStartedAgainItDoesOnlyWhatIsMissing() throws {
    let scratch = try Scratch()
    let whole = try Tool("rs-eval", words(scratch["whole"], threads: 1))
    #expect(whole.status == 0)
    let expected = try files(scratch["whole"])
    // A result and its picks.
    #expect(expected.keys.filter { $0.hasPrefix("cells/") }.count == 2 * 12 * 2 * 3)

    let killed = try Tool("rs-eval", words(scratch["killed"])) { process in
      let deadline = Date(timeIntervalSinceNow: 60)
      while process.isRunning, cells(scratch["killed"]).count < 9 {
        try #require(Date() < deadline, "it never saved a cell")
        Thread.sleep(forTimeInterval: 0.002)
      }
      try #require(process.isRunning, "too fast to be killed")
      kill(process.processIdentifier, SIGKILL)
    }
    #expect(killed.wasKilled && killed.status == SIGKILL)
    let done = try cells(scratch["killed"]).map { path in
      let file = "\(scratch["killed"])/cells/\(path)"
      return (file, try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date)
    }
    #expect(done.count >= 9 && done.count < 72)
    #expect(try files(scratch["killed"])["results.csv"] == nil)

    let again = try Tool("rs-eval", words(scratch["killed"]))
    #expect(again.status == 0)
    #expect(again.output == whole.output)
    #expect(try files(scratch["killed"]) == expected)
    for (file, date) in done {
      #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == date)
    }
  }

  @Test func anotherRunIsRefusedAndNothingChanges() throws {
    let scratch = try Scratch()
    _ = try Tool("rs-eval", words(scratch["run"]))
    let before = try files(scratch["run"])
    let other = try Tool("rs-eval", words(scratch["run"], routers: "oracle,random"))
    #expect(other.status == 1)
    #expect(
      other.errors
        == "rs-eval: error: \(scratch["run"]): holds another run: routers differ; choose another folder\n")
    #expect(try files(scratch["run"]) == before)
  }

  @Test func validationIsAnotherRunThanTest() throws {
    let scratch = try Scratch()
    let test = try words(scratch["run"])
    let validation = try Tool("rs-eval", test + ["--split", "validation"])
    #expect(validation.status == 0)
    #expect(validation.output.hasPrefix("Means over benchmarks and groups on validation queries:\n"))
    let other = try Tool("rs-eval", test)
    #expect(other.status == 1)
    #expect(other.errors.hasSuffix("holds another run: split differ; choose another folder\n"))
    let train = try Tool("rs-eval", test + ["--split", "train"])
    #expect(train.status == 2)
    #expect(train.errors.contains("one of validation, test"))
  }

  /// A router of a pool that was trained beforehand does what one does that is trained on the fly.
  @Test(arguments: [("knn", "knn:5"), ("cluster", "cluster:3"), ("gmm", "gmm:3")])
  func aStoredRouterOfAPoolIsTheOneTrainedOnTheFly(model: String, router: String) throws {
    let scratch = try Scratch()
    let data = try Sample.shared().data
    let train = try Tool(
      "rs-train", "--data", data, "--model", model, "--pool", "mmlu/5/all_strong", "--output",
      scratch["model"])
    try #require(train.status == 0, "\(train.errors)")
    let run = try Tool(
      "rs-eval", "--data", data, "--routers", "\(router),model:\(scratch["model"])", "--benchmarks", "mmlu",
      "--pools", "5", "--groups", "all_strong", "--resamples", "50", "--json")
    try #require(run.status == 0, "\(run.errors)")
    let cells = try #require(try run.json()["cells"] as? [[String: Any]])
    var routers = try #require(cells.first?["routers"] as? [[String: Any]])
    #expect(cells.count == 1 && routers.map { $0["name"] as? String } == [router, "model"])
    for index in routers.indices { routers[index]["name"] = nil }
    #expect(routers[0] as NSDictionary == routers[1] as NSDictionary)
    // It knows its own candidates and no others.
    let other = try Tool(
      "rs-eval", "--data", data, "--routers", "model:\(scratch["model"])", "--benchmarks", "mmlu", "--pools",
      "5",
      "--groups", "all_weak", "--json")
    #expect(other.status == 1 && other.errors.contains("router 'model': unknown LLM "))
  }

  @Test func routersThatAreNotThere() throws {
    let scratch = try Scratch()
    for (routers, reason) in [
      ("oracle,knnn", "unknown router 'knnn'; there are: oracle"),
      ("oracle,oracle", "router 'oracle' is named twice"), ("model", "'model' needs a path"),
    ] {
      let run = try Tool("rs-eval", words(scratch["run"], routers: routers))
      #expect(run.status == 2)
      #expect(run.errors.contains(reason))
    }
    let missing = try Tool("rs-eval", words(scratch["run"], routers: "model:\(scratch["none"])"))
    #expect(missing.status == 1)
    #expect(missing.errors.contains(scratch["none"]))
    #expect(scratch.entries == [])
  }
}
