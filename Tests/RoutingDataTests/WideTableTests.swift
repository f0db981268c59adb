import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Tables with a row for each query or LLM, and those with keys instead of columns.
@Suite struct WideTableTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func options(
    wide: WideRows? = nil, scale: Double = 1, duplicates: DuplicateAnswers = .error,
    _ change: (inout AnswerColumnNames) -> Void = { _ in }
  ) -> ImportOptions {
    var options = ImportOptions(duplicates: duplicates, scale: scale)
    options.wide = wide
    change(&options.columns)
    return options
  }

  private func load(_ text: String, _ options: ImportOptions) throws -> (BenchmarkContents, [String]) {
    let result = try CSVImporter.load(scratch.write(text, "t.csv"), options: options)
    return (
      try BenchmarkContents(result.dataset.benchmarks[0], in: result.dataset),
      result.notes.map { $0.replacing(scratch.path + "/", with: "") }
    )
  }

  private func message(_ text: String, _ options: ImportOptions) -> String? {
    failure { _ = try load(text, options) }?.replacing(scratch.path + "/", with: "")
  }

  @Test func bothWaysRound() throws {
    let (byQuery, notes) = try load(
      "\u{FEFF}id;m1;m2\r\nq1;1;\r\nq2;False;85%\r\n", options(wide: .queries))
    #expect(
      byQuery.ids == ["q1", "q2"] && byQuery.llms == ["m1", "m2"]
        && byQuery.responses == [[1, nil], [0, 0.85]])
    #expect(notes == ["t.csv: wide: each row is a query and each column an LLM, 2 queries and 2 LLMs"])
    let (byLLM, others) = try load("\tq1\tq2\nm1\t100\t50\nm2\tNA\tyes\n", options(wide: .llms, scale: 100))
    #expect(
      byLLM.ids == ["q1", "q2"] && byLLM.llms == ["m1", "m2"] && byLLM.responses == [[1, nil], [0.5, 1]])
    #expect(others == ["t.csv: wide: each row is an LLM and each column a query, 2 queries and 2 LLMs"])
  }

  /// Any long table, made wide either way, is the same dataset.
  @Test(arguments: 0..<8)
  func formsAgree(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), stream: "wide")
    let (queries, llms) = (1 + generator.below(9), 1 + generator.below(6))
    let scores = (0..<queries * llms).map { _ in ["0", "1", "0.5", "", "True", "25%"][generator.below(6)] }
    var long = "query,llm,score\n"
    var lines = ""
    var byQuery = "query" + (0..<llms).map { ",m\($0)" }.joined() + "\n"
    var byLLM = "llm" + (0..<queries).map { ",q\($0)" }.joined() + "\n"
    for query in 0..<queries {
      byQuery += "q\(query)"
      for llm in 0..<llms {
        let score = scores[query * llms + llm]
        long += "q\(query),m\(llm),\(score)\n"
        let value =
          score == "" ? "null" : score == "True" ? "true" : score.hasSuffix("%") ? "\"\(score)\"" : score
        lines += "{\"score\": \(value), \"llm\": \"m\(llm)\", \"query\": \"q\(query)\"}\n"
        byQuery += "," + score
      }
      byQuery += "\n"
    }
    for llm in 0..<llms {
      byLLM += "m\(llm)" + (0..<queries).map { "," + scores[$0 * llms + llm] }.joined() + "\n"
    }
    let expected = try load(long, options()).0
    for (text, wide) in [(byQuery, WideRows.queries), (byLLM, .llms), (lines, nil)] {
      let found = try load(text, options(wide: wide)).0
      #expect(
        found.ids == expected.ids && found.llms == expected.llms && found.responses == expected.responses)
      #expect(found.isBinary == expected.isBinary)
    }
  }

  @Test func wideTablesDescribeTheirQueries() throws {
    let text = "id,kind,split,m\nq1,a,train,1\nq2,b,test,0\nq1,a,train,1\n"
    let (contents, notes) = try load(text, options(wide: .queries) { $0.subscenario = "kind" })
    #expect(
      contents.llms == ["m"] && contents.subscenarios == ["a", "b"] && contents.responses == [[1], [0]])
    #expect(notes.contains { $0.contains("1 answers repeat an earlier one") })
    #expect(
      message("id,m\nq,1\nq,0\n", options(wide: .queries))?.contains(
        "line 3: query 'q' and LLM 'm' have the score 0 here and 1 on line 2") == true)
  }

  static let broken: [(text: String, wide: WideRows, expected: String)] = [
    ("q,m,m\nx,1,0\n", .queries, "t.csv: line 1: LLM 'm' has two columns"),
    ("m,q,q\nx,1,0\n", .llms, "t.csv: line 1: query 'q' has two columns"),
    ("q,,m\nx,1,0\n", .queries, "t.csv: line 1: a column has no name, expected that of an LLM"),
    ("q\nx\n", .queries, "t.csv: line 1: has no column of an LLM beside the names of the rows"),
    ("q,m\n", .queries, "t.csv: has no rows below its header"),
    ("q,m,n\nx,1\n", .queries, "t.csv: line 2: 2 fields, expected 3"),
    (
      "q,m,n\nx,1,what\n", .queries,
      "t.csv: line 2: column n: score 'what' is not a number in [0, 1], a percentage"
    ),
    ("q,m,n\nx,1,50\n", .queries, "t.csv: line 2: column n: score '50' is not a number in [0, 1]: if 100 is"),
    (
      "q,m\nx,nan\ny,inf\n", .queries,
      "t.csv: line 3: column m: score 'inf' is not a number in [0, 1], a percentage"
    ),
    (
      "q,m\nx,1e400\n", .queries,
      "t.csv: line 2: column m: score '1e400' is not a number in [0, 1], a percentage"
    ),
    ("q,m\n,1\n", .queries, "t.csv: line 2: query is empty"), ("", .queries, "t.csv: is empty"),
    ("{\"query\": 1}\n", .llms, "t.csv: is JSON Lines, which have no wide form"),
  ]

  @Test(arguments: broken)
  func badInput(input: (text: String, wide: WideRows, expected: String)) {
    let found = message(input.text, options(wide: input.wide))
    #expect(found?.hasPrefix(input.expected) == true, "\(found ?? "nothing")")
  }

  @Test func columnsAreMapped() throws {
    let text = "task,question,model,acc,query,id\nA,why,m,1,other,q1\nB,how,m,0,other,q2\n"
    let (contents, notes) = try load(
      text,
      options {
        ($0.query, $0.llm, $0.score) = ("id", "model", "acc")
        ($0.subscenario, $0.prompt) = ("task", "question")
      })
    #expect(contents.ids == ["q1", "q2"] && contents.llms == ["m"] && contents.prompts == ["why", "how"])
    #expect(contents.subscenarios == ["A", "B"])
    #expect(notes == ["t.csv: not used: columns query; used are \(AnswerHeader.list)"])
    #expect(
      message(text, options())?.hasSuffix(
        "it has task, question, model, acc, query, id: say which one it is with "
          + "--llm-column; if each column is an LLM or a query, see --wide") == true)
    #expect(
      message(text, options { $0.query = "none" })?.contains("no column named \"none\"") == true)
    #expect(
      message("query,score\nq,1\n", options { $0.llm = "query" })?.contains(
        "column query would be both query and llm") == true)
    var names = AnswerColumnNames()
    (names.llm, names.prompt) = ("x", "x")
    #expect(names.clash?.first == "llm" && names.clash?.second == "prompt")
    (names.prompt, names.benchmark, names.subscenario) = (nil, "s", "s")
    #expect(names.clash == nil)
  }

  /// The column of sub-scenarios says the benchmark too, and ids stay as they are.
  @Test(arguments: [false, true])
  func benchmarksFromAnotherColumn(asLines: Bool) throws {
    let rows = [("q", "m", 1, "s"), ("q", "m", 0, "t"), ("r", "n", 1, "t")]
    let csv = rows.map { "\($0.0),\($0.1),\($0.2),\($0.3)\n" }.joined()
    let lines = rows.map {
      "{\"query\":\"\($0.0)\",\"llm\":\"\($0.1)\",\"score\":\($0.2),\"subscenario\":\"\($0.3)\"}\n"
    }
    let text = asLines ? lines.joined() : "query,llm,score,subscenario\n" + csv
    let result = try CSVImporter.load(
      scratch.write(text, "t.csv"), options: options { $0.benchmark = "subscenario" })
    #expect(result.dataset.benchmarks.map(\.name) == ["s", "t"] && result.notes.isEmpty)
    #expect(result.dataset.benchmarks.map(\.queries.subscenarioNames) == [["s"], ["t"]])
    #expect(result.dataset.benchmarks.map { $0.queries.ids ?? [] } == [["q"], ["q", "r"]])
  }

  static let brokenLines: [(text: String, expected: String)] = [
    ("{\"query\": 1, \"llm\": \"m\"}\n", "t.csv: line 1: no column named \"score\"; it has llm, query"),
    (
      "{\"query\": 1, \"llm\": \"m\", \"score\": 1}\n\n{\"query\": 1, \"llm\": \"m\"}\n",
      "t.csv: line 3: \"score\" is missing"
    ),
    (
      "{\"query\": [], \"llm\": \"m\", \"score\": 1}\n",
      "t.csv: line 1: \"query\" is neither a text nor a number"
    ),
    (
      "{\"query\": 1, \"llm\": \"m\", \"score\": 2}\n",
      "t.csv: line 1: score '2' is not a number in [0, 1]: if 100"
    ),
    (
      "{\"query\": 1, \"llm\": \"m\", \"score\": \"x\"}\n",
      "t.csv: line 1: score 'x' is not a number in [0, 1], a"
    ),
    (
      "{\"query\": 1, \"llm\": \"m\", \"score\": 1}\n\n{\"query\": \"1\", \"llm\": \"m\", \"score\": 0}\n",
      "t.csv: line 3: query '1' and LLM 'm' have the score 0 here and 1 on line 1"
    ),
    ("{\"query\": 1, \"llm\": null, \"score\": 1}\n", "t.csv: line 1: llm is empty"),
    ("{\n\"query\": 1}\n", "t.csv: line 1: "), ("{\"query\": 1} x\n", "t.csv: line 1: "),
  ]

  @Test(arguments: brokenLines)
  func badLines(input: (text: String, expected: String)) {
    let found = message(input.text, options())
    #expect(found?.hasPrefix(input.expected) == true, "\(found ?? "nothing")")
  }
}
