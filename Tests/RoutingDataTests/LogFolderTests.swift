import FileFormats
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@Suite("Logs in a dataset folder") struct LogFolderTests {
  private static let table: [[Float?]] = [[1, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 1]]

  private func table() throws -> TableBenchmark {
    try TableBenchmark(Self.table, parts: [.train, .train, .validation, .test])
  }

  private func log(_ table: TableBenchmark) throws -> Log {
    try Log(
      name: "served", of: table.benchmark, llms: [2, 0], offers: [[0, 1], [1]], policies: ["c", "a, \"b\""],
      picks: [
        LoggedPick(
          query: 3, llm: 0, response: 1, propensity: 0.1 + 0.2, offer: 0, policy: 0, time: 1.5, cost: 0.25),
        LoggedPick(
          query: 0, llm: 1, response: 0.1, propensity: 1, gradePropensity: 1 / 3, isAudited: true, offer: 1),
        LoggedPick(query: 0, llm: 1, response: 0.3, policy: 1),
        LoggedPick(query: 2, llm: 0, response: nil, propensity: 1e-9),
      ])
  }

  @Test func everyFieldIsReadBackToTheBit() throws {
    let (table, folder) = (try table(), try TemporaryFolder())
    let log = try log(table)
    let dataset = try Dataset(catalog: table.catalog, benchmarks: [table.benchmark], logs: [log])
    let hash = try DatasetFolder.write(dataset, to: folder["data"])
    let again = try DatasetFolder.open(folder["data"])
    let read = try again.log(named: "served")
    #expect(read.picks == log.picks)
    #expect(read.llms == log.llms)
    #expect(read.offers == log.offers)
    #expect(read.policies == log.policies)
    #expect(again.hash == hash)
    #expect(try DatasetFolder.verify(folder["data"]).problems.isEmpty)
  }

  @Test func aChangedLogIsNoticed() throws {
    let (table, folder) = (try table(), try TemporaryFolder())
    let dataset = try Dataset(catalog: table.catalog, benchmarks: [table.benchmark], logs: [log(table)])
    try DatasetFolder.write(dataset, to: folder["data"])
    let path = folder["data/logs/served.csv"]
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "0.25", with: "0.26").write(
      toFile: path, atomically: false, encoding: .utf8)
    #expect(try !DatasetFolder.verify(folder["data"]).problems.isEmpty)
    try (text + "0,llm0,1,,,,0,,,\n").write(toFile: path, atomically: false, encoding: .utf8)
    #expect(throws: FileError.self) { try DatasetFolder.open(folder["data"]) }
  }

  @Test func onlyWhatTheLogSawIsLeft() throws {
    let table = try table()
    let dataset = try Dataset(catalog: table.catalog, benchmarks: [table.benchmark])
    let seen = try dataset.seen(in: log(table), source: "test")
    #expect(seen.catalog.names == ["llm2", "llm0"])
    let responses = seen.benchmarks[0].responses
    #expect(responses.observedCount == 2)
    #expect(responses[3, 0] == 1)
    // The mean of two rows of one cell.
    #expect(abs((responses[0, 1] ?? 0) - 0.2) < 1e-6)
    #expect(responses[2, 0] == nil)
    #expect(seen.truth.isEmpty)
    #expect(try seen.log().llms == [0, 1])
    #expect(seen.benchmarks[0].split == table.benchmark.split)
  }

  @Test(arguments: [1, 4, 40])
  func everySeenCellHasTheMeanOfItsRowsAndOthersAreMissing(rows: Int) throws {
    let table = try table()
    var generator = SeededGenerator(seed: 7, stream: "seen", rows)
    for grades in [[Float(0), 1], [0, 0.25, 1]] {
      var sums: [[Double]] = Array(repeating: [], count: 12)
      let picks =
        (0..<rows).map { _ in
          let (query, llm) = (generator.below(4), generator.below(3))
          let response = generator.below(4) == 0 ? nil : grades[generator.below(grades.count)]
          if let response { sums[query * 3 + llm].append(Double(response)) }
          return LoggedPick(query: query, llm: llm, response: response)
        } + [LoggedPick(query: 3, llm: 2, response: 1)]
      sums[11].append(1)
      let log = try Log(name: "served", of: table.benchmark, llms: [0, 1, 2], picks: picks)
      let seen = try table.benchmark.seen(in: log).responses
      for (cell, values) in sums.enumerated() {
        let mean = values.isEmpty ? nil : Float(values.reduce(0, +) / Double(values.count))
        #expect(seen[cell / 3, cell % 3] == mean)
      }
    }
  }

  @Test func aLogThatSawEverythingLeavesNoMask() throws {
    let table = try table()
    let picks = Self.table.enumerated().flatMap { query, row in
      row.enumerated().map { LoggedPick(query: query, llm: $0, response: $1) }
    }
    let log = try Log(name: "served", of: table.benchmark, llms: [0, 1, 2], picks: picks)
    let seen = try table.benchmark.seen(in: log).responses
    #expect(seen.cells.observed == nil && seen.dense() == table.benchmark.responses.dense())
  }

  @Test func logsThatDoNotFitAreRefused() throws {
    let table = try table()
    let log = try log(table)
    let other = try TableBenchmark(name: "other", Self.table, parts: [.train, .train, .validation, .test])
    #expect(throws: DataError.self) {
      try Dataset(catalog: other.catalog, benchmarks: [other.benchmark], logs: [log])
    }
    #expect(throws: DataError.self) {
      try Dataset(catalog: table.catalog, benchmarks: [table.benchmark], logs: [log, log])
    }
    #expect(throws: DataError.self) { try table.dataset().log() }
  }

  @Test func foldersWithoutLogsAreAsBefore() throws {
    let (table, folder) = (try table(), try TemporaryFolder())
    try DatasetFolder.write(table.dataset(), to: folder["data"])
    let manifest = try String(contentsOfFile: folder["data/dataset.json"], encoding: .utf8)
    #expect(!manifest.contains("\"logs\""))
  }
}
