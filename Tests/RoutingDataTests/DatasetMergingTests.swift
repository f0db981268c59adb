import FileFormats
import Foundation
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct DatasetMergingTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Answers by benchmark, query and LLM, whatever order they stand in.
  private static func answers(_ dataset: Dataset) throws -> [String: Float] {
    var result: [String: Float] = [:]
    for benchmark in dataset.benchmarks {
      let ids = try benchmark.loadIDs() ?? []
      let names = dataset.llmNames(of: benchmark)
      for query in ids.indices {
        for llm in names.indices {
          result["\(benchmark.name)/\(ids[query])/\(names[llm])"] = benchmark.responses[query, llm]
        }
      }
    }
    return result
  }

  private func dataset(_ csv: String, embeddings: String? = nil, seed: UInt64 = 3) throws -> Dataset {
    let path = try scratch.write("query,llm,score\(csv)", "b.csv")
    var file: EmbeddingsFile?
    if let embeddings { file = EmbeddingsFile(path: try scratch.write(embeddings, "e.csv")) }
    return try CSVImporter.load(
      path, embeddings: file, options: ImportOptions(encoder: "enc", splitSeed: seed)
    )
    .dataset
  }

  /// A line for each of some queries and LLMs; some pairs have none, and grades depend on the pair alone.
  private static func lines(_ queries: Range<Int>, _ llms: Range<Int>, graded: Bool = false) -> [String] {
    queries.flatMap { query in
      llms.compactMap { llm in
        let mark = (query &* 7 &+ llm &* 13) % 10
        guard mark != 9 else { return nil }
        return "q\(query),m\(llm),\(graded && mark == 5 ? "0.5" : mark > 4 ? "1" : "0")"
      }
    }
  }

  private static func csv(_ lines: [String]) -> String { "\n" + lines.joined(separator: "\n") + "\n" }

  /// Parts of queries, of LLMs and of single answers; with a grade that is no bit in one of them.
  @Test(arguments: 0..<6)
  func partsInAnyOrderGiveTheSameAnswers(seed: Int) throws {
    let all = Self.lines(0..<30, 0..<7, graded: seed % 2 == 1)
    var shuffled = all
    var generator = SeededGenerator(seed: UInt64(seed), stream: "parts")
    generator.shuffle(&shuffled)
    let whole = try dataset(Self.csv(all))
    let cuts = [0, 40, 41, 120, all.count]
    var parts = zip(cuts, cuts.dropFirst()).map { Array(shuffled[$0..<$1]) }
    // Answers that agree count once.
    parts[1] += parts[0].prefix(10)
    let expected = try Self.answers(whole)
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
      var merged = try dataset(Self.csv(parts[order[0]]))
      for part in order.dropFirst() {
        merged = try merged.merging(dataset(Self.csv(parts[part])), rule: .error).dataset
      }
      #expect(try Self.answers(merged) == expected)
      #expect(merged.benchmarks[0].responses.isBinary == whole.benchmarks[0].responses.isBinary)
    }
  }

  @Test func oldOrderAndSplitStayAndTheNewFollow() throws {
    let old = try dataset(Self.csv(Self.lines(0..<50, 0..<3)))
    let new = try dataset(Self.csv(Self.lines(40..<100, 2..<6)), seed: 9)
    let (merged, summary) = try old.merging(new, rule: .error)
    #expect(merged.catalog.names == ["m0", "m1", "m2", "m4", "m5", "m3"])
    let benchmark = merged.benchmarks[0]
    #expect(try benchmark.loadIDs() == (0..<100).map { "q\($0)" })
    #expect(Array(benchmark.split.parts.prefix(50)) == old.benchmarks[0].split.parts)
    #expect(benchmark.split.origin == .seeded(3))
    // The whole comes to 80/10/10.
    #expect(SplitPart.allCases.map { benchmark.split.queries(in: $0).count } == [80, 10, 10])
    #expect(summary.llms == 3 && summary.queries == 50 && summary.benchmarks == 0)
    let (before, after) = (try Self.answers(old), try Self.answers(merged))
    #expect(summary.answers == after.count - before.count && summary.contradicting == 0)
    #expect(summary.agreeing == before.count + Self.lines(40..<100, 2..<6).count - after.count)
  }

  /// Queries that come one by one do not all end in one part.
  @Test func queriesOneByOneAreSplitAsTheWhole() throws {
    var grown = try dataset(Self.csv(Self.lines(0..<10, 0..<4)))
    for query in 10..<40 {
      grown = try grown.merging(dataset(Self.csv(Self.lines(query..<query + 1, 0..<4))), rule: .error).dataset
    }
    let counts = SplitPart.allCases.map { grown.benchmarks[0].split.queries(in: $0).count }
    #expect(counts == [32, 4, 4])
  }

  @Test func whatIsNotNewChangesNoByte() throws {
    let folder = scratch.file("data")
    let hash = try DatasetFolder.write(try dataset(Self.csv(Self.lines(0..<20, 0..<5))), to: folder)
    let before = try scratch.bytes("data/dataset.json")
    let merged = try DatasetFolder.merge(
      try dataset(Self.csv(Self.lines(5..<9, 1..<3))), into: folder, rule: .error)
    #expect(merged.dataset.hash == hash && merged.oldHash == hash)
    #expect(merged.summary.changesNothing(by: .error) && merged.summary.agreeing > 0)
    #expect(try scratch.bytes("data/dataset.json") == before)
  }

  @Test func contradictionsAreNamedOrDecided() throws {
    let folder = scratch.file("data")
    let old = try dataset("\nq0,a,1\nq1,a,0\nq1,b,1\n")
    let hash = try DatasetFolder.write(old, to: folder)
    let new = try dataset("\nq1,a,1\nq0,a,0.25\nq2,a,1\n")
    #expect(
      failure { _ = try DatasetFolder.merge(new, into: folder, rule: .error) }
        == "\(folder): can't be merged into: 2 answers contradict what is there, the first: benchmark 'b', query 'q0', "
        + "LLM 'a': 1.0 there, 0.25 here; say with --on-conflict keep or replace which count")
    #expect(try DatasetFolder.open(folder).hash == hash)
    let kept = try old.merging(new, rule: .keep)
    #expect(kept.summary.contradicting == 2 && kept.summary.answers == 1)
    #expect(try Self.answers(kept.dataset) == ["b/q0/a": 1, "b/q1/a": 0, "b/q1/b": 1, "b/q2/a": 1])
    let replaced = try old.merging(new, rule: .replace)
    #expect(try Self.answers(replaced.dataset) == ["b/q0/a": 0.25, "b/q1/a": 1, "b/q1/b": 1, "b/q2/a": 1])
    // Nothing but answers that are replaced is something new.
    let only = try dataset("\nq1,a,1\n")
    #expect(try !old.merging(only, rule: .replace).summary.changesNothing(by: .replace))
    #expect(try old.merging(only, rule: .keep).summary.changesNothing(by: .keep))
  }

  @Test func embeddingsGrowWithTheQueries() throws {
    let old = try dataset("\nq0,a,1\nq1,a,0\n", embeddings: "query,x,y\nq0,1,2\nq1,3,4\n")
    let new = try dataset("\nq2,a,1\nq1,b,0\n", embeddings: "query,x,y\nq1,3,4\nq2,5,6\n")
    let merged = try old.merging(new, rule: .error).dataset.benchmarks[0]
    #expect(try merged.embeddings(encoder: "enc").storage == [1, 2, 3, 4, 5, 6])
    // Answers of known queries need none.
    let answers = try dataset("\nq0,b,1\n")
    #expect(
      try old.merging(answers, rule: .error).dataset.benchmarks[0].embeddings(encoder: "enc").storage
        == [1, 2, 3, 4])
    for (csv, embeddings, reason) in [
      ("\nq2,a,1\n", nil, "1 new queries, the first 'q2', have no embeddings of encoder 'enc'"),
      (
        "\nq2,a,1\n", "query,x\nq2,1\n",
        "embeddings of 1 numbers, those of encoder 'enc' in the dataset have 2"
      ),
      ("\nq1,b,1\n", "query,x,y\nq1,9,9\n", "query 'q1' has another embedding of encoder 'enc'"),
    ] as [(String, String?, String)] {
      let other = try dataset(csv, embeddings: embeddings)
      #expect(failure { _ = try old.merging(other, rule: .error) }?.contains(reason) == true)
    }
    // An encoder that is new must have all queries.
    let bare = try dataset("\nq0,a,1\nq1,a,0\n")
    let all = try dataset("\nq1,a,0\nq0,a,1\n", embeddings: "query,x\nq1,2\nq0,1\n")
    #expect(
      try bare.merging(all, rule: .error).dataset.benchmarks[0].embeddings(encoder: "enc").storage == [1, 2])
    let some = try dataset("\nq0,a,1\n", embeddings: "query,x\nq0,1\n")
    #expect(failure { _ = try bare.merging(some, rule: .error) }?.contains("for 1 of its 2 queries") == true)
  }

  @Test func textsAndSubscenariosMustNotContradict() throws {
    let old = try dataset(",subscenario,prompt\nq0,a,1,s,What?\nq1,a,1,t,\n")
    let more = try dataset(",prompt\nq1,a,1,Why?\nq2,a,1,How?\n")
    let merged = try old.merging(more, rule: .error).dataset.benchmarks[0]
    #expect(try merged.loadPrompts() == ["What?", "Why?", "How?"])
    #expect(merged.queries.subscenarioNames(of: [0, 1, 2]) == ["s", "t", "b"])
    let another = try dataset(",prompt\nq0,b,1,Which?\n")
    #expect(failure { _ = try old.merging(another, rule: .keep) }?.contains("another prompt") == true)
    let moved = try dataset(",subscenario\nq0,b,1,t\n")
    #expect(
      failure { _ = try old.merging(moved, rule: .keep) }?.contains("sub-scenario 't', 's' in the dataset")
        == true)
  }

  /// Benchmarks without ids can't grow; those with everything else keep pools, texts and numbers.
  @Test func whatStandsInTheFolderStays() throws {
    let folder = scratch.file("data")
    let whole = try SmallDataset.whole()
    try DatasetFolder.write(whole, to: folder)
    let path = try scratch.write(
      "query,llm,score,benchmark\nq0,a,1,alpha\nq1,e,1,alpha\nx,e,1,gamma\n", "more.csv")
    let more = try CSVImporter.load(path).dataset
    let merged = try DatasetFolder.merge(more, into: folder, rule: .keep)
    #expect(merged.summary.benchmarks == 1 && merged.summary.llms == 1 && merged.summary.answers == 2)
    let before = try BenchmarkContents(whole.benchmarks[0], in: whole)
    let after = try BenchmarkContents(merged.dataset.benchmarks[0], in: merged.dataset)
    #expect(after.pools == before.pools && after.prompts == before.prompts && after.split == before.split)
    #expect(after.embeddings == before.embeddings && after.llms == before.llms + ["e"])
    #expect(merged.dataset.truth.isEmpty && merged.summary.notes.count == 1)
    #expect(try DatasetFolder.verify(folder).problems.isEmpty)
    let graded = try scratch.write("query,llm,score,benchmark\nq0,a,1,beta\n", "beta.csv")
    #expect(
      failure { _ = try DatasetFolder.merge(CSVImporter.load(graded).dataset, into: folder, rule: .keep) }?
        .contains("the dataset's queries have no ids") == true)
  }

  /// The cost goes with the answer that counts; where nobody says one, it is not known.
  @Test func costsGrowWithTheAnswers() throws {
    func dataset(_ csv: String, costs: [[Float]]?) throws -> Dataset {
      let bare = try self.dataset(csv)
      return try bare.with(benchmarks: [bare.benchmarks[0].with(costs: .some(costs.map { Matrix($0) }))])
    }
    func costs(_ dataset: Dataset) -> [[Float]]? {
      dataset.benchmarks[0].costs.map { costs in
        (0..<costs.rows).map { costs.row($0).map { $0.isNaN ? -1 : $0 } }
      }
    }
    let old = try dataset("\nq0,a,1\nq1,a,0\n", costs: [[1], [.nan]])
    let new = try dataset("\nq1,a,0\nq1,b,1\nq2,a,1\n", costs: [[2, 3], [4, .nan]])
    let merged = try old.merging(new, rule: .error).dataset
    #expect(costs(merged) == [[1, -1], [2, 3], [4, -1]])
    let bare = try dataset("\nq1,b,1\nq2,a,1\n", costs: nil)
    #expect(try costs(old.merging(bare, rule: .error).dataset) == [[1, -1], [-1, -1], [-1, -1]])
    #expect(try costs(bare.merging(old, rule: .error).dataset) == [[-1, -1], [-1, -1], [-1, 1]])
    #expect(try costs(bare.merging(bare, rule: .error).dataset) == nil)
    // A cost alone is something new; the same one is not.
    let known = try dataset("\nq0,a,1\n", costs: [[1]])
    #expect(try old.merging(known, rule: .error).summary.changesNothing(by: .error))
    let more = try dataset("\nq1,a,0\n", costs: [[5]])
    #expect(try costs(old.merging(more, rule: .error).dataset) == [[1], [5]])
    let other = try dataset("\nq0,a,1\n", costs: [[7]])
    #expect(
      failure { _ = try old.merging(other, rule: .error) }
        == "1 answer contradicts what is there, the first: benchmark 'b', query 'q0', LLM 'a': cost 1.0 there, cost 7.0 "
        + "here; say with --on-conflict keep or replace which count")
    #expect(try costs(old.merging(other, rule: .keep).dataset) == [[1], [-1]])
    #expect(try costs(old.merging(other, rule: .replace).dataset) == [[7], [-1]])
    // The cost of an answer that was replaced is that of no answer.
    let replaced = try old.merging(dataset("\nq0,a,0.5\n", costs: nil), rule: .replace)
    #expect(costs(replaced.dataset) == [[-1], [-1]])
    #expect(
      try costs(old.merging(dataset("\nq0,a,0.5\n", costs: [[9]]), rule: .keep).dataset) == [[1], [-1]])
  }

  /// A split that the file gives holds for new queries, and moves no old one.
  @Test func aGivenSplitHoldsForNewQueries() throws {
    let old = try dataset(",split\nq0,a,1,train\nq1,a,0,test\n")
    let new = try dataset(",split\nq1,b,1,train\nq2,b,1,validation\n")
    let (merged, summary) = try old.merging(new, rule: .error)
    #expect(merged.benchmarks[0].split.parts == [.train, .test, .validation])
    #expect(summary.notes.contains { $0.contains("1 queries keep their part") })
  }
}
