import RoutingData
import TestSupport
import Testing

@Suite("Logs") struct LogTests {
  private static let table: [[Float?]] = [[1, 0], [0, 1], [1, 1]]

  private func log(_ picks: [LoggedPick], offers: [[Int]] = []) throws -> Log {
    let table = try TableBenchmark(Self.table, parts: [.train, .train, .test])
    return try Log(name: "served", of: table.benchmark, llms: [0, 1], offers: offers, picks: picks)
  }

  @Test func severalRowsOfAQueryStayInTheirOrder() throws {
    let picks = [
      LoggedPick(query: 2, llm: 0, response: 1, propensity: 0.5),
      LoggedPick(query: 0, llm: 1, response: nil, propensity: 1, gradePropensity: 0.2),
      LoggedPick(query: 2, llm: 1, response: 0.25, offer: 0),
    ]
    let log = try log(picks, offers: [[1]])
    #expect(log.picks == picks)
    #expect(log.llmCount == 2)
  }

  @Test(
    arguments: [
      (LoggedPick(query: 3, llm: 0, response: 1), "row 2 names query 3"),
      (LoggedPick(query: -1, llm: 0, response: 1), "row 2 names query -1"),
      (LoggedPick(query: 0, llm: 2, response: 1), "row 2 names LLM 2"),
      (LoggedPick(query: 0, llm: 0, response: 1.5), "row 2 has the response 1.5"),
      (LoggedPick(query: 0, llm: 0, response: .nan), "row 2 has the response nan"),
      (LoggedPick(query: 0, llm: 0, response: 1, propensity: 0), "row 2 has the propensity 0.0"),
      (LoggedPick(query: 0, llm: 0, response: 1, propensity: 1.1), "row 2 has the propensity 1.1"),
      (
        LoggedPick(query: 0, llm: 0, response: 1, gradePropensity: .nan), "row 2 has the grade_propensity nan"
      ),
      (LoggedPick(query: 0, llm: 0, response: 1, offer: 0), "row 2 picked an LLM that was not offered"),
      (LoggedPick(query: 0, llm: 1, response: 1, offer: 1), "row 2 picked an LLM that was not offered"),
      (LoggedPick(query: 0, llm: 0, response: 1, cost: .infinity), "row 2 has the cost inf"),
    ] as [(LoggedPick, String)])
  func aRowThatCanNotBeIsNamed(_ pick: LoggedPick, _ fault: String) throws {
    let good = LoggedPick(query: 0, llm: 0, response: 1)
    let error = #expect(throws: DataError.self) { try log([good, pick], offers: [[1]]) }
    #expect(error?.description.contains(fault) == true)
  }

  @Test func aLogWithoutRowsIsRefused() throws {
    #expect(throws: DataError.self) { try log([]) }
  }
}
