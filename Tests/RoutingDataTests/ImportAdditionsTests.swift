import FileFormats
import Foundation
import Testing

@testable import RoutingData

/// What is given beside the answers: metadata of LLMs and reference accuracies.
@Suite struct ImportAdditionsTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func answers() throws -> ImportResult {
    try CSVImporter.load(scratch.write("query,llm,score\nq,a,1\nq,b,0\nr,c,1\n", "x.csv"))
  }

  private func applied(_ table: String, references: [String] = []) throws -> ImportResult {
    try ImportAdditions(llms: scratch.write(table, "llms.csv"), references: references).applied(to: answers())
  }

  @Test func metadataJoinByName() throws {
    let result = try applied(",size,model,arch\n0,7B,b,Llama\n1,1B,z,GPT\n2,,a,Mistral\n")
    let catalog = result.dataset.catalog
    #expect(catalog.names == ["a", "b", "c"] && catalog.fields == ["size", "arch"])
    #expect(catalog.metadata == [["", "Mistral"], ["7B", "Llama"], ["", ""]])
    let path = scratch.file("llms.csv")
    #expect(
      result.notes == [
        "\(path): not used: rows of 1 LLMs without an answer",
        "\(path): has no row for 1 of the 3 LLMs of the answers; the first is 'c'",
      ])
    let folder = scratch.file("data")
    try DatasetFolder.write(result.dataset, to: folder)
    #expect(try DatasetFolder.open(folder).catalog == catalog)
  }

  @Test func badTables() {
    for (table, expected) in [
      ("name,size\nx,1\n", "its column name has none of the 3 LLMs of the answers, such as 'a'"),
      ("name,size\na,1\na,2\n", "line 3: LLM 'a' stands on line 2 too"),
      ("name\n,\n", "line 2: 2 fields, expected 1"),
      ("name,s\n,1\n", "line 2: the LLM has no name"),
      ("name,s,s\na,1,2\n", "line 1: has two columns named \"s\""),
    ] {
      #expect(failure { _ = try applied(table) } == "\(scratch.file("llms.csv")): \(expected)")
    }
  }

  @Test func referencesAreKept() throws {
    let additions = try ImportAdditions(references: ["x=80%"])
    let result = try additions.applied(to: answers())
    #expect(result.dataset.benchmarks[0].referenceAccuracy == 0.8)
    let folder = scratch.file("data")
    try DatasetFolder.write(result.dataset, to: folder)
    let read = try DatasetFolder.open(folder)
    #expect(read.benchmarks[0].referenceAccuracy == 0.8)
    // Whatever becomes of the benchmark, it stays with it.
    #expect(try read.benchmarks[0].selecting(llms: [1]).referenceAccuracy == 0.8)
    #expect(try answers().dataset.benchmarks[0].referenceAccuracy == nil)
    let other = try CSVImporter.load(scratch.write("query,llm,score\nq,a,1\n", "gsm8k.csv")).dataset
    #expect(try other.adding(read).benchmarks.map(\.referenceAccuracy) == [0.92, 0.8])
    let own = try ImportAdditions(references: ["gsm8k=0.5"]).applied(
      to: ImportResult(dataset: other, notes: []))
    #expect(own.dataset.benchmarks[0].referenceAccuracy == 0.5)
  }

  @Test(arguments: ["x", "=1", "x=", "x=0", "x=1.1", "x=nan", "x=-1", "x=120%"])
  func badReferences(text: String) {
    #expect(throws: DataError.self) { _ = try ImportAdditions(references: [text]) }
    #expect(throws: DataError.self) { _ = try ImportAdditions(references: ["x=1", "x=0.5"]) }
    #expect(throws: DataError.self) { _ = try ImportAdditions(references: ["y=1"]).applied(to: answers()) }
  }
}
