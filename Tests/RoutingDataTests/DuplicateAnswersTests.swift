import NumericKernels
import Testing

@testable import RoutingData

/// Several answers of one pair.
@Suite struct DuplicateAnswersTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func load(_ rows: String, _ duplicates: DuplicateAnswers) throws -> (
    responses: [[Float?]], notes: [String]
  ) {
    let path = try scratch.write("query,llm,score\n" + rows, "a.csv")
    let result = try CSVImporter.load(path, options: ImportOptions(duplicates: duplicates))
    let notes = result.notes.map { $0.replacing(scratch.path + "/", with: "") }
    return (try BenchmarkContents(result.dataset.benchmarks[0], in: result.dataset).responses, notes)
  }

  @Test(arguments: DuplicateAnswers.allCases)
  func equalOnesCountOnce(duplicates: DuplicateAnswers) throws {
    let (responses, notes) = try load("q,a,1\nr,a,0\nq,a,1.0\nq,a,True\nq,a,NA\n", duplicates)
    #expect(responses == [[1], [0]])
    #expect(notes == ["a.csv: 2 answers repeat an earlier one of the same pair and grade"])
  }

  @Test func theUserSaysWhichCounts() throws {
    let rows = "q,a,1\nr,a,0\nq,a,1\nq,a,0\nr,b,1\n"
    let mean = try load(rows, .mean)
    #expect(mean.responses == [[Float(2.0 / 3), nil], [0, 1]])
    #expect(mean.notes.last == "a.csv: 1 pairs have several grades that differ: their mean counts")
    let first = try load(rows, .first)
    #expect(first.responses == [[1, nil], [0, 1]])
    #expect(first.notes.last == "a.csv: 1 pairs have several grades that differ: the first one counts")
    #expect(
      failure { _ = try load(rows, .error) }?.hasSuffix(
        "line 5: query 'q' and LLM 'a' have the score 0 here and 1 on line 2: keep one, or say --duplicates mean or first"
      )
        == true)
  }

  @Test func aScaleDividesNumbersAlone() throws {
    let text = "query,llm,score\nq,a,50\nr,a,100\ns,a,20%\nt,a,yes\nu,a,33.3\n"
    let path = try scratch.write(text, "a.csv")
    let result = try CSVImporter.load(path, options: ImportOptions(scale: 100))
    let contents = try BenchmarkContents(result.dataset.benchmarks[0], in: result.dataset)
    #expect(contents.responses == [[0.5], [1], [0.2], [1], [0.333]] && result.notes.isEmpty)
    let small = try scratch.write("query,llm,score\nq,a,1\nr,a,0.5\n", "b.csv")
    let notes = try CSVImporter.load(small, options: ImportOptions(scale: 100)).notes
    #expect(notes.count == 1 && notes[0].contains("no grade is above 1, though --scale 100 was given"))
    #expect(
      failure { _ = try CSVImporter.load(path, options: ImportOptions(scale: 40)) }?.hasSuffix(
        "line 2: score '50' is not a number in [0, 40], a percentage, True or False, nor empty or NA for a missing answer"
      )
        == true)
  }
}
