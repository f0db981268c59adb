import Foundation
import Testing

/// `rs-eval --mix`: several benchmarks as one.
@Suite struct MixTests {
  private struct Grid: Decodable {
    struct Cell: Decodable {
      struct Router: Decodable {
        struct Value: Decodable { let value: Double }
        let name: String
        let mu: Value
      }
      let benchmark: String
      let queries: Int
      let routers: [Router]
    }
    let cells: [Cell]
  }

  private func words(_ mix: [String], _ more: [String] = []) throws -> [String] {
    let sample = try Sample.shared()
    return [
      "--data", sample.data, "--routers", "oracle,best-single,knn,model:\(sample.model)", "--pools", "3,8",
      "--groups", "strong_to_weak", "--resamples", "50",
    ] + mix + more
  }

  @Test func allBenchmarksAreOne() throws {
    let run = try Tool("rs-eval", words(["--mix", "all"], ["--json"]))
    #expect(run.status == 0, "\(run.errors)")
    let grid = try JSONDecoder().decode(Grid.self, from: Data(run.output.utf8))
    #expect(grid.cells.map(\.benchmark) == ["mix", "mix"])
    let every = try Tool("rs-eval", words([], ["--json"]))
    let own = try JSONDecoder().decode(Grid.self, from: Data(every.output.utf8)).cells
    #expect(own.count == 24 && own.reduce(0) { $0 + $1.queries } == 2 * grid.cells[0].queries)
    for cell in grid.cells {
      let mu = Dictionary(uniqueKeysWithValues: cell.routers.map { ($0.name, $0.mu.value) })
      #expect((mu["oracle"] ?? 0) > (mu["model"] ?? 1) && (mu["model"] ?? 0) > 0.2)
    }
  }

  @Test func besideTheOthersInAFolder() throws {
    let scratch = try Scratch()
    let mixed = ["--mix", "arc,gsm8k", "--benchmarks", "mmlu", "--output", scratch["run"]]
    let run = try Tool("rs-eval", ["benchmark"] + words(mixed))
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: scratch["run/cells/mix/3_strong_to_weak.json"]))
    #expect(FileManager.default.fileExists(atPath: scratch["run/cells/mmlu/3_strong_to_weak.json"]))
    let again = try Tool("rs-eval", ["benchmark"] + words(mixed))
    #expect(again.status == 0 && again.output == run.output)
    let report = try Tool("rs-eval", ["report", scratch["run"], "--output", scratch["report"]])
    #expect(report.status == 0, "\(report.errors)")
    try Refusal.expect(
      "rs-eval",
      ["benchmark"]
        + words(["--mix", "arc,mmlu", "--benchmarks", "mmlu", "--output", scratch["run"]]),
      names: [scratch["run"], "holds another run: mix differ"], in: scratch)
  }

  @Test(arguments: [
    ("arc,nothing", "unknown benchmark 'nothing'"), ("arc,arc", "'arc' is named twice"),
    ("all,arc", "unknown benchmark 'all'"),
  ])
  func wrongMixesAreRefused(_ mix: String, message: String) throws {
    try Refusal.expect("rs-eval", words(["--mix", mix]), names: [message], in: Scratch())
  }
}
