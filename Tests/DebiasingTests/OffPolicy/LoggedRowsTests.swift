import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

@Suite("Rows of a log that targets are evaluated on") struct LoggedRowsTests {
  private static let all = Set(SplitPart.allCases)

  /// A log whose picks were changed.
  private func log(
    offers: [[Int]] = [], _ change: (inout LoggedPick, _ row: Int) -> Void = { _, _ in }
  ) throws -> (log: Log, benchmark: Benchmark) {
    let laboratory = try LogSample.laboratory()
    let known = try LogSample.log(laboratory, "uniform", rows: 400)
    var picks = known.picks
    for row in picks.indices { change(&picks[row], row) }
    return (
      try Log(
        name: "log", of: laboratory.benchmark, llms: known.llms, offers: offers, policies: known.policies,
        picks: picks),
      laboratory.benchmark
    )
  }

  private func refusal(_ change: (inout LoggedPick, Int) -> Void, parts: Set<SplitPart> = all) throws
    -> String
  {
    let (log, benchmark) = try log(change)
    do throws(DataError) {
      _ = try LoggedRows(log, parts: parts, of: benchmark)
      return "none"
    } catch { return error.description }
  }

  @Test func refusesWhatCannotBeSound() throws {
    #expect(
      try refusal { pick, row in pick.propensity = row == 6 ? nil : pick.propensity }
        .contains("row 7 has no propensity"))
    #expect(try refusal { pick, _ in pick.propensity = 1 }.contains("every propensity is 1"))
    #expect(try refusal { pick, _ in pick.response = nil }.contains("no graded answer"))
    let (whole, benchmark) = try log()
    let train = benchmark.split.queries(in: .train)[0]
    let message = try refusal({ pick, _ in pick.query = train }, parts: [.test])
    #expect(message.contains("no row of test queries") && message.contains("--part"))
    #expect(whole.picks.contains { benchmark.split.parts[$0.query] == .test })
  }

  @Test func weightsAreTheTargetsOverTheLoggers() throws {
    let (log, benchmark) = try log()
    let rows = try LoggedRows(log, parts: [.test], of: benchmark)
    let picks = log.picks.filter { benchmark.split.parts[$0.query] == .test }
    #expect(rows.count == picks.count)
    let predicted = Matrix(rows: rows.queries.count, columns: 5, repeating: 0.25)
    let target = rows.rows(for: rows.always(2), predicted: predicted)
    for (row, pick) in picks.enumerated() {
      #expect(abs(target.weights[row] - (pick.llm == 2 ? 5 : 0)) < 1e-6)
      #expect(target.responses[row] == pick.response.map(Double.init))
      #expect(target.expected[row] == 0.25)
    }
    #expect(target.isWhollySeen)
  }

  @Test func aLoggerWithoutAChoiceShowsItsPickAlone() throws {
    let (log, benchmark) = try log { pick, row in if row % 2 == 0 { pick.propensity = 1 } }
    let rows = try LoggedRows(log, parts: Self.all, of: benchmark)
    let uniform = Matrix(rows: rows.cases.count, columns: 5, repeating: 0.2)
    let target = rows.rows(
      for: uniform, predicted: Matrix(rows: rows.queries.count, columns: 5, repeating: 0.5))
    for (row, mass) in (target.masses ?? []).enumerated() {
      #expect(abs(mass - (row % 2 == 0 ? 0.2 : 1)) < 1e-6)
    }
    #expect(!target.isWhollySeen)
  }

  @Test func ungradedRowsCountWhereGradingIsKnown() throws {
    let (known, benchmark) = try log { pick, row in
      pick.gradePropensity = 0.5
      if row % 2 == 0 { pick.response = nil }
    }
    let rows = try LoggedRows(known, parts: Self.all, of: benchmark)
    #expect(rows.count == 400 && rows.notes.isEmpty)
    let target = rows.rows(
      for: rows.always(known.picks[1].llm),
      predicted: Matrix(rows: rows.queries.count, columns: 5, repeating: 0.5))
    #expect(target.weights[0] == 0 && target.responses[0] == 0.5)
    #expect(abs(target.weights[1] - 10) < 1e-5)
    let (unknown, _) = try log { pick, row in if row % 2 == 0 { pick.response = nil } }
    let fewer = try LoggedRows(unknown, parts: Self.all, of: benchmark)
    #expect(fewer.count == 200 && fewer.notes.contains { $0.contains("200 of 400 rows") })
  }

  @Test func onlyWhatWasOfferedIsPicked() throws {
    let (log, benchmark) = try log(offers: [[0, 1, 2, 3, 4], [0, 1]]) { pick, row in
      pick.offer = pick.llm < 2 ? 1 : 0
    }
    let rows = try LoggedRows(log, parts: Self.all, of: benchmark)
    let target = rows.always(4)
    for (row, own) in rows.cases.enumerated() {
      #expect(target[row, 4] == (own.offer == 1 ? 0 : 1))
      #expect(target[row, 0] == (own.offer == 1 ? 0.5 : 0))
    }
  }
}
