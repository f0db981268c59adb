import FileFormats
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// Folds of train queries, and predictions of each by a model that has not seen it.
@Suite struct OutOfFoldTests {
  /// A benchmark whose queries of one number in `identities` are twins: by prompt, or by embedding.
  private func benchmark(
    _ name: String, identities: [Int], byPrompt: Bool, llms: [Int] = [0, 1, 2], flipped: Bool = false
  ) throws -> Benchmark {
    let count = identities.count
    var builder = ResponseMatrixBuilder(queryCount: count, llmCount: llms.count)
    for query in 0..<count {
      try builder.setRow(query, llms.map { Float((query / 2 + $0 + (flipped ? 1 : 0)) % 2) }[...])
    }
    var embeddings = Matrix(rows: count, columns: 2)
    for (query, identity) in identities.enumerated() {
      // Prompts tell queries apart where there are any, whatever the embeddings.
      embeddings[query, 0] = byPrompt ? Float(query) : Float(identity) / 3
      embeddings[query, 1] = 1
    }
    return try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: ["s"], subscenarios: Array(repeating: 0, count: count),
        embeddings: ["encoder": NDArray(matrix: embeddings)]),
      llms: llms, responses: builder.build(),
      split: Split(parts: (0..<count).map { $0 % 5 < 3 ? .train : $0 % 5 == 3 ? .validation : .test }),
      prompts: byPrompt ? .memory(identities.map { "prompt \($0)" }) : .none)
  }

  private func data(_ benchmarks: [Benchmark], pool: TrainingData.Pool? = nil) throws -> TrainingData {
    try TrainingData(
      Dataset(catalog: LLMCatalog(names: ["a", "b", "c"]), benchmarks: benchmarks), pool: pool)
  }

  /// Twins of 1 to 4 queries, at random places.
  private func identities(_ count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: "twins")
    return (0..<count).map { _ in generator.below(count / 2) }
  }

  @Test(arguments: [2, 3, 7], [true, false])
  func eachQueryIsPredictedOnceByAModelThatHasSeenAllOthers(count: Int, byPrompt: Bool) throws {
    let data = try data([
      benchmark("one", identities: identities(60, seed: 1), byPrompt: byPrompt),
      benchmark("two", identities: identities(45, seed: 2), byPrompt: byPrompt, llms: [2, 0]),
    ])
    let folds = try QueryFolds(data, count: count, seed: 5)
    let scores = try OutOfFold.scores(MemorizingTrainer(), on: data, folds: folds)
    #expect(scores.map(\.values.shapeText) == ["36 × 3", "27 × 2"])
    for (block, own) in scores.enumerated() {
      for (place, fold) in folds.folds[block].enumerated() {
        let unseen = folds.folds.reduce(0) { sum, folds in sum + folds.count { $0 == fold } }
        let expected = Float(data.trainQueryCount - unseen)
        #expect(own.values.row(place).allSatisfy { $0 == expected }, "query \(place) of block \(block)")
        #expect(own.probabilities?.row(place).allSatisfy { $0 == 0.5 } == true)
      }
      #expect(own.standardErrors == nil)
    }
  }

  /// The answers that a model learns of are those of its queries.
  @Test func answersGoWithTheirQueries() throws {
    let data = try data([benchmark("one", identities: Array(0..<40), byPrompt: true)])
    // Answered otherwise than the first three queries.
    let places = [17, 3, 0]
    let part = try data.selecting(trainQueries: [places]).blocks[0]
    let whole = data.blocks[0].train
    #expect(part.train.rows == places.map { whole.rows[$0] })
    #expect(part.train.embeddings == whole.embeddings.selecting(rows: places))
    #expect(
      ResponseMatrix(part.train.cells).dense()
        == ResponseMatrix(whole.cells).dense().selecting(rows: places))
    #expect(part.validation.rows == data.blocks[0].validation.rows)
  }

  @Test(arguments: [true, false]) func twinsAreInOneFoldAndFoldsAreEven(byPrompt: Bool) throws {
    for seed: UInt64 in 0..<8 {
      let identities = identities(80, seed: seed)
      let data = try data([benchmark("one", identities: identities, byPrompt: byPrompt)])
      let rows = data.blocks[0].train.rows
      for count in [2, 5] {
        let folds = try QueryFolds(data, count: count, seed: seed).folds[0]
        var fold: [Int: Int] = [:]
        var twins: [Int: Int] = [:]
        var sizes = [Int](repeating: 0, count: count)
        for (place, row) in rows.enumerated() {
          #expect(fold[identities[row], default: folds[place]] == folds[place], "twins of query \(row)")
          fold[identities[row]] = folds[place]
          twins[identities[row], default: 0] += 1
          sizes[folds[place]] += 1
        }
        let largest = try #require(twins.values.max())
        #expect(largest > 1, "no twins")
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= largest, "\(sizes)")
      }
    }
  }

  /// A prompt that two benchmarks ask is in one fold of both, and no fold lacks a benchmark.
  @Test(arguments: [true, false]) func twinsOfOtherBenchmarksAreInTheSameFold(byPrompt: Bool) throws {
    for seed: UInt64 in 0..<6 {
      let first = identities(60, seed: seed)
      // Half of the small one's queries are the large one's.
      let second = (0..<15).map { $0 % 2 == 0 ? first[$0] : 500 + $0 }
      let data = try data([
        benchmark("one", identities: first, byPrompt: byPrompt),
        benchmark("two", identities: second, byPrompt: byPrompt),
      ])
      let folds = try QueryFolds(data, count: 3, seed: seed).folds
      var fold: [Int: Int] = [:]
      var shared = 0
      for (block, identities) in [first, second].enumerated() {
        for (place, row) in data.blocks[block].train.rows.enumerated() {
          let own = identities[row]
          if block == 1, fold[own] != nil { shared += 1 }
          #expect(fold[own, default: folds[block][place]] == folds[block][place], "query \(own)")
          fold[own] = folds[block][place]
        }
        #expect(Set(folds[block]).count == 3)
      }
      #expect(shared > 2)
    }
  }

  /// Pools to validate on are chosen on the answers at hand: others are held out.
  @Test func poolsDoNotKnowAnswersThatAreHeldOut() throws {
    let table = try TableBenchmark.random(queryCount: 200, llmCount: 40, seed: 3)
    func pools(flipping isFlipped: (Int) -> Bool) throws -> [CandidatePool] {
      var values = table.benchmark.responses.dense()
      for query in 0..<200 where isFlipped(query) {
        for llm in 0..<40 { values[query, llm] = 1 - values[query, llm] }
      }
      let data = try TrainingData(
        TrainingSample.dataset(table, responses: ResponseMatrix(GradedCells(.floats(values)))))
      let early = data.blocks[0].train.rows.indices.filter { data.blocks[0].train.rows[$0] < 100 }
      return try data.selecting(trainQueries: [early]).blocks[0].validationPools
    }
    let usual = try pools { _ in false }
    #expect(usual.count == 9)
    #expect(try pools { $0 >= 100 } == usual)
    #expect(try pools { $0 < 100 } != usual)
  }

  /// Texts that Swift calls equal but numpy doesn't are two prompts.
  @Test func promptsAreComparedByTheirBytes() throws {
    let plain = try benchmark("one", identities: Array(0..<5), byPrompt: true)
    let twins = try Benchmark(
      name: "one", queries: plain.queries, llms: plain.llms, responses: plain.responses, split: plain.split,
      prompts: .memory(["\u{2126}", "\u{3A9}", "x", "y", "z"]))
    #expect(try Set(QueryFolds(data([twins]), count: 3, seed: 0).folds[0]).count == 3)
  }

  @Test func theSeedDecidesAndTheLLMsDoNot() throws {
    let identities = identities(60, seed: 3)
    let one = try benchmark("one", identities: identities, byPrompt: true)
    let usual = try QueryFolds(data([one]), count: 4, seed: 1)
    #expect(try QueryFolds(data([one]), count: 4, seed: 1) == usual)
    let others = try (2..<6).map { try QueryFolds(data([one]), count: 4, seed: $0) }
    #expect(others.allSatisfy { $0 != usual })
    // Other LLMs, other answers, other benchmarks beside it.
    let fewer = try benchmark("one", identities: identities, byPrompt: true, llms: [2, 1])
    #expect(try QueryFolds(data([fewer]), count: 4, seed: 1) == usual)
    let flipped = try benchmark("one", identities: identities, byPrompt: true, flipped: true)
    #expect(try QueryFolds(data([flipped]), count: 4, seed: 1) == usual)
    let pool = try data([one], pool: .init(benchmark: "one", llms: [1, 0]))
    #expect(try QueryFolds(pool, count: 4, seed: 1) == usual)
    let two = try benchmark("two", identities: identities.map { $0 + 1_000 }, byPrompt: true)
    let both = try QueryFolds(data([two, one]), count: 4, seed: 1)
    #expect(both.folds[1] == usual.folds[0] && both.folds[0] != usual.folds[0])
  }

  @Test func impossibleFoldsAreRefused() throws {
    let data = try data([benchmark("one", identities: (0..<20).map { $0 % 2 }, byPrompt: true)])
    for count in [1, 0, -3] {
      #expect(throws: DataError("\(count) folds: expected at least 2")) {
        try QueryFolds(data, count: count, seed: 0)
      }
    }
    #expect(
      throws: DataError(
        "3 folds of 2 distinct train queries of benchmark 'one', told apart by their prompts or else their embeddings: 3 or "
          + "more are needed")
    ) {
      try QueryFolds(data, count: 3, seed: 0)
    }
    #expect(try Set(QueryFolds(data, count: 2, seed: 0).folds[0]) == [0, 1])
  }
}
