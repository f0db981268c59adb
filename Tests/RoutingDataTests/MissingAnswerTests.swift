import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// A missing answer is missing in every form, and never wrong.
@Suite struct MissingAnswerTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test(arguments: [
    "", "nan", "NaN", "NAN", "NA", "na", "n/a", "N/A", "null", "NULL", "None", "<NA>", "\"\"",
  ])
  func spellingsOfNothing(word: String) throws {
    let path = try scratch.write("query,llm,score\nq,a,1\nq,b,\(word)\nr,b,0\nr,a,1\n", "a.csv")
    let responses = try CSVImporter.load(path).dataset.benchmarks[0].responses
    #expect(responses.isBinary && responses.observedCount == 3 && responses[0, 1] == nil)
    #expect(responses.llmMeans() == [1, 0])
  }

  /// The same table as CSV with a word, without the line, and as NPZ with NaN is the same dataset.
  @Test(arguments: [false, true])
  func everyFormGivesTheSame(isBinary: Bool) throws {
    var generator = SeededGenerator(seed: isBinary ? 1 : 2, stream: "missing")
    let (queries, llms) = (9, 5)
    let values: [Double] = (0..<queries * llms).map { _ in
      guard generator.uniform() < 0.7 else { return .nan }
      return isBinary ? Double(generator.below(2)) : Double(generator.below(5)) / 4
    }
    func line(_ query: Int, _ llm: Int, _ score: String) -> String { "q\(query),m\(llm),\(score)\n" }
    var (words, gaps) = ("query,llm,score\n", "query,llm,score\n")
    for query in 0..<queries {
      for llm in 0..<llms {
        let value = values[query * llms + llm]
        words += line(query, llm, value.isNaN ? "NA" : "\(value)")
        if !value.isNaN { gaps += line(query, llm, "\(value)") }
      }
    }
    let turned = (0..<llms).flatMap { llm in (0..<queries).map { values[$0 * llms + llm] } }
    try NPZ.write(
      [
        ("scores", NDArray(doubles: turned, shape: [llms, queries])),
        ("models", NDArray(strings: (0..<llms).map { "m\($0)" })),
      ], to: scratch.file("a.npz"), compressed: false)
    let expected = (0..<queries).map { query in
      (0..<llms).map { llm -> Float? in
        let value = values[query * llms + llm]
        return value.isNaN ? nil : Float(value)
      }
    }
    let fromWords = try CSVImporter.load(scratch.write(words, "a.csv")).dataset
    #expect(try BenchmarkContents(fromWords.benchmarks[0], in: fromWords).responses == expected)
    let archive = try NPZImporter.load(scratch.file("a.npz")).dataset
    #expect(try BenchmarkContents(archive.benchmarks[0], in: archive).responses == expected)
    #expect(archive.benchmarks[0].responses.isBinary == isBinary)
    let fromGaps = try CSVImporter.load(scratch.write(gaps, "b.csv")).dataset
    let own = fromGaps.benchmarks[0]
    for (row, id) in (own.queries.ids ?? []).enumerated() {
      for (column, name) in fromGaps.llmNames(of: own).enumerated() {
        let (query, llm) = (Int(id.dropFirst()) ?? 0, Int(name.dropFirst()) ?? 0)
        #expect(own.responses[row, column] == expected[query][llm])
      }
    }
  }

  @Test func aMissingAnswerIsNoEarlierScore() throws {
    let lines = ["q,a,NA\n", "q,a,1\n"]
    for order in [lines, lines.reversed()] {
      let path = try scratch.write("query,llm,score\n" + order.joined(), "a.csv")
      #expect(try CSVImporter.load(path).dataset.benchmarks[0].responses[0, 0] == 1)
    }
  }
}
