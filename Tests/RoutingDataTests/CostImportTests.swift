import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// What answers cost, as tables say it.
@Suite struct CostImportTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func load(
    _ text: String, as file: String = "a.csv", _ duplicates: DuplicateAnswers = .error,
    _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> Dataset {
    var options = ImportOptions(duplicates: duplicates)
    change(&options)
    return try CSVImporter.load(scratch.write(text, file), options: options).dataset
  }

  private func message(
    _ text: String, as file: String = "a.csv", _ duplicates: DuplicateAnswers = .error,
    _ change: (inout ImportOptions) -> Void = { _ in }
  ) -> String? {
    failure { _ = try load(text, as: file, duplicates, change) }?
      .replacing(scratch.path + "/", with: "")
  }

  /// The costs by row, -1 for one that is not known.
  private func costs(_ dataset: Dataset, _ benchmark: Int = 0) -> [[Float]]? {
    dataset.benchmarks[benchmark].costs.map { costs in
      (0..<costs.rows).map { costs.row($0).map { $0.isNaN ? -1 : $0 } }
    }
  }

  /// Whatever order the rows stand in and whatever form the file has, each cell has its own cost.
  @Test(arguments: 0..<9)
  func theMatrixIsTheOneThatWasWritten(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), stream: "costs")
    let (queries, llms) = (1 + generator.below(12), 1 + generator.below(9))
    let cells = (0..<queries * llms).map { _ in
      (
        score: ["0", "1", "0.5", ""][generator.below(seed % 2 == 0 ? 2 : 4)],
        cost: ["", "0", "0.0000125", "3", "1e-3", "NA", "1234567.5"][generator.below(7)]
      )
    }
    var order = Array(cells.indices)
    generator.shuffle(&order)
    var long = "cost,query,score,llm\n"
    var lines = ""
    for cell in order {
      let (query, llm) = cell.quotientAndRemainder(dividingBy: llms)
      let (score, cost) = cells[cell]
      long += "\(cost),q\(query),\(score),m\(llm)\n"
      lines +=
        "{\"query\":\"q\(query)\",\"llm\":\"m\(llm)\",\"score\":\(score.isEmpty ? "null" : score),\"cost\":"
        + "\(cost.isEmpty ? "null" : cost == "NA" ? "\"NA\"" : cost)}\n"
    }
    var wide = "query" + (0..<llms).map { ",m\($0)|c,m\($0)" }.joined() + "\n"
    for query in 0..<queries {
      let own = cells[query * llms..<(query + 1) * llms]
      wide += "q\(query)" + own.map { ",\($0.cost),\($0.score)" }.joined() + "\n"
    }
    let datasets = [
      try load(long), try load(lines, as: "a.jsonl"),
      try load(wide) { ($0.wide, $0.columns.costSuffix) = (.queries, "|c") },
    ]
    for dataset in datasets {
      let benchmark = dataset.benchmarks[0]
      let ids = try #require(try benchmark.loadIDs())
      let names = dataset.llmNames(of: benchmark)
      #expect(ids.count == queries && names.count == llms)
      for (row, id) in ids.enumerated() {
        for (column, name) in names.enumerated() {
          let (query, llm) = (try #require(Int(id.dropFirst())), try #require(Int(name.dropFirst())))
          let expected = cells[query * llms + llm]
          #expect(benchmark.responses[row, column] == Float(expected.score))
          #expect(
            benchmark.costs?[row, column].bitPattern == (Float(expected.cost) ?? .nan).bitPattern
              || benchmark.costs == nil && Float(expected.cost) == nil)
        }
      }
    }
  }

  @Test func whereNobodySaysACostThereIsNone() throws {
    #expect(try costs(load("query,llm,score\nq,a,1\n")) == nil)
    let two = try load("query,llm,score,cost,benchmark\nq,a,1,,x\nq,a,0,2,y\nq,b,,3,y\n")
    #expect(costs(two) == nil && costs(two, 1) == [[2, 3]])
    // The grade of an answer is missing, its cost is not.
    #expect(two.benchmarks[1].responses[0, 1] == nil)
  }

  @Test func aColumnOfAnotherNameIsChosenAndNoScaleDividesIt() throws {
    let text = "query,llm,score,price\nq,a,50,200\n"
    let dataset = try load(text) { ($0.columns.cost, $0.scale) = ("price", 100) }
    #expect(costs(dataset) == [[200]] && dataset.benchmarks[0].responses[0, 0] == 0.5)
    #expect(try costs(load("query;llm;score;costs\nq;a;1;2\n")) == [[2]])
    let twice = message(text) { ($0.columns.cost, $0.columns.prompt) = ("price", "price") }
    #expect(twice?.contains("column price would be both prompt and cost") == true)
    #expect(message(text) { $0.columns.cost = "fee" }?.contains("named \"fee\"") == true)
  }

  private static let refusal =
    "is not a number from 0 on (0, or 1e-30 to 1e30: choose a unit), nor empty for an unknown one: correct it, or rename the "
    + "column if it means something else"

  @Test(arguments: ["-1", "-1e-9", "NaN", "nan", "inf", "-inf", "1e39", "1e-40", "$2", "free", "True"])
  func whatIsNoCostIsRefused(text: String) {
    let table = "query,llm,score,cost\nq,a,1,0\nr,a,1,\(text)\n"
    #expect(message(table) == "a.csv: line 3: cost '\(text)' \(Self.refusal)")
    let lines = "{\"query\":1,\"llm\":1,\"score\":1,\"cost\":\"\(text)\"}\n"
    #expect(message(lines, as: "a.jsonl") == "a.jsonl: line 1: cost '\(text)' \(Self.refusal)")
    let wide = "q,a,a|c\nq1,1,\(text)\n"
    #expect(
      message(wide) { ($0.wide, $0.columns.costSuffix) = (.queries, "|c") }?
        .hasSuffix("cost '\(text)' \(Self.refusal)") == true)
  }

  /// The cost goes with the answer that counts.
  @Test func pairsWithSeveralRows() throws {
    func rows(_ rows: String...) -> String {
      "query,llm,score,cost\n" + rows.map { "q,a,\($0)\n" }.joined()
    }
    let differing = rows("1,2", "0,4", "1,")
    #expect(try costs(load(differing, .first)) == [[2]])
    #expect(try costs(load(differing, .mean)) == [[3]])
    #expect(
      message(rows("1,2", "1,4"))
        == "a.csv: line 3: query 'q' and LLM 'a' have the cost 4 here and 2 on line 2: keep one, or say --duplicates mean "
        + "or first")
    #expect(message(differing)?.contains("have the score 0 here and 1 on line 2") == true)
    #expect(try costs(load(rows("1,2", "1,4", "1,6"), .mean)) == [[4]])
    #expect(try costs(load(rows("1,", "1,4", "1,4"))) == [[4]])
    // What was paid for no answer counts only where no answer says what it cost.
    #expect(try costs(load(rows(",7", "1,2", ",9", "0,4"), .mean)) == [[3]])
    #expect(try costs(load(rows("1,2", ",7"), .mean)) == [[2]])
    #expect(try costs(load(rows(",7", ",9", "1,"), .mean)) == [[8]])
    // The first answer's cost is not known, and no other answer's is its.
    #expect(try costs(load(rows("1,", "0,4"), .first)) == [[-1]])
    #expect(try costs(load(rows(",7", "1,2", "0,4"), .first)) == [[2]])
    #expect(try costs(load(rows(",7", ",8"), .first)) == [[7]])
    #expect(message(rows(",7", "1,8"))?.contains("have the cost 8 here and 7 on line 2") == true)
    let wide = "query,a,a|c\nq,1,2\nq,1,3\n"
    #expect(
      message(wide) { ($0.wide, $0.columns.costSuffix) = (.queries, "|c") }?
        .contains("have the cost 3 here and 2 on line 2") == true)
  }

  @Test func aLineMayLeaveItsCostOutButNotTheFirst() throws {
    func line(_ query: Int, _ cost: String) -> String {
      "{\"query\":\(query),\"llm\":\"a\",\"score\":1\(cost)}\n"
    }
    #expect(try costs(load(line(1, ",\"cost\":2") + line(2, ""), as: "a.jsonl")) == [[2], [-1]])
    #expect(
      message(line(1, "") + line(2, ",\"cost\":2"), as: "a.jsonl")
        == "a.jsonl: line 2: \"cost\" is on no line before: give it on the first line too, empty where it is not known"
    )
  }

  @Test func wideTablesNameTheirCosts() throws {
    func wide(_ options: inout ImportOptions) {
      (options.wide, options.columns.costSuffix) = (.queries, "|c")
    }
    let some = try load("query,a,b|c,b\nq,1,2,0\nr,0,,1\n") { wide(&$0) }
    #expect(costs(some) == [[-1, 2], [-1, -1]] && some.llmNames(of: some.benchmarks[0]) == ["a", "b"])
    #expect(
      message("query,a,z|c\nq,1,2\n") { wide(&$0) }
        == "a.csv: line 1: column 'z|c' holds the costs of no LLM of the table: leave it out, or see --cost-suffix"
    )
    #expect(
      message("query,a,b\nq,1,0\n") { wide(&$0) }
        == "a.csv: line 1: no column ends in '|c', as --cost-suffix says")
    #expect(
      message("query,a,a|c,a|c\nq,1,0,0\n") { wide(&$0) } == "a.csv: line 1: there are two columns 'a|c'")
  }

  /// Costs take four bytes a cell, beside a quarter of one for grades that are bits.
  @Test func costsCountAsMemory() throws {
    func table(_ cost: String) -> String {
      "query,llm,score,cost\n" + (0..<500).map { "q\($0),m\($0),1,\(cost)\n" }.joined()
    }
    func limited(_ options: inout ImportOptions) { options.memoryLimit = 500_000 }
    #expect(try load(table("")) { limited(&$0) }.benchmarks[0].costs == nil)
    #expect(
      message(table("1")) { limited(&$0) }?.contains("500 answers of 500 queries × 500 LLMs are too sparse")
        == true)
    #expect(try load(table("1")).benchmarks[0].knownCostCount == 500)
  }

  @Test func aMergeTakesTheCosts() throws {
    let folder = scratch.file("data")
    try DatasetFolder.write(try load("query,llm,score\nq,a,1\nr,a,0\n"), to: folder)
    let more = try load("query,llm,score,cost\nr,a,0,3\ns,a,1,4\n")
    let merged = try DatasetFolder.merge(more, into: folder, rule: .error)
    #expect(costs(merged.dataset) == [[-1], [3], [4]])
    #expect(try DatasetFolder.merge(more, into: folder, rule: .error).summary.changesNothing(by: .error))
    #expect(try costs(DatasetFolder.open(folder)) == [[-1], [3], [4]])
    #expect(try DatasetFolder.verify(folder).problems.isEmpty)
  }
}
