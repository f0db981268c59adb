import NumericKernels
import Testing

@testable import RoutingData

@Suite struct PoolConstructionTests {
  /// A benchmark whose LLM i answers exactly the queries in `right[i]`.
  private func benchmark(queries: Int, right: [Set<Int>]) throws -> Benchmark {
    let rows = (0..<queries).map { query in right.map { $0.contains(query) ? 1 : 0 as Float } }
    return try Benchmark(
      name: "x",
      queries: QuerySet(subscenarioNames: ["x"], subscenarios: Array(repeating: 0, count: queries)),
      llms: Array(right.indices), responses: SmallDataset.responses(rows),
      split: Split(parts: Array(repeating: .train, count: queries)))
  }

  /// Five LLMs in ascending accuracy; a fifth of five is one, so the window slides over m = 2 LLMs only.
  @Test func aPoolOfAllThatAreEligibleNeedsNoChoice() throws {
    let pools = try PoolConstruction(benchmark(queries: 10, right: [[0, 1], [0, 1, 2], [5, 6, 7, 8]]))
    #expect(try pools.pool(size: 2, group: .allWeak, seed: 0).llms == [0, 1])
    #expect(try pools.pool(size: 2, group: .allStrong, seed: 0).llms == [1, 2])
    #expect(try pools.pool(size: 3, group: .allStrong, seed: 0).llms == [0, 1, 2])
  }

  /// Twenty LLMs, so a fifth is four.
  ///
  /// The four weakest answer {0,1}, {0,1}, {2,3}, {0,1,2}: the windows of
  /// two cover 2, 4 and 4 queries, and the first of the best is taken.
  @Test func theFirstWindowThatCoversMostIsTaken() throws {
    var right: [Set<Int>] = [[0, 1], [0, 1], [2, 3], [0, 1, 2]]
    for llm in 4..<20 { right.append(Set(0..<(4 + llm / 4))) }
    let pools = try PoolConstruction(benchmark(queries: 20, right: right.map { $0.union([19]) }))
    #expect(Array(pools.eligible.prefix(4)) == [0, 1, 2, 3])
    #expect(try pools.pool(size: 2, group: .allWeak, seed: 0).llms == [1, 2])
  }

  /// Twenty LLMs of which ten are eligible: a fifth is four, not two, so the window of two may slide.
  @Test func aFifthIsOneOfAllLLMs() throws {
    let weak: [Set<Int>] = [[0, 1, 2], [0, 1, 2], [3, 4, 5], [0, 1, 2, 3]]
    let strong = (4..<10).map { Set(0..<(4 + $0)) }
    let pools = try PoolConstruction(
      benchmark(queries: 20, right: weak + strong + Array(repeating: [], count: 10)))
    #expect(pools.eligible == Array(0..<10))
    #expect(try pools.pool(size: 2, group: .allWeak, seed: 0).llms == [1, 2])
  }

  @Test func tooWeakAndTooStrongLLMsAreLeftOut() throws {
    let right: [Set<Int>] = [
      [0], Set(0..<10), Set(0..<9), [0, 1], [], Set(2..<8),
    ]
    let pools = try PoolConstruction(benchmark(queries: 10, right: right))
    #expect(pools.eligible == [3, 5, 2])
    #expect(
      failure { _ = try pools.pool(size: 4, group: .allWeak, seed: 0) }
        == "benchmark 'x': a pool of 4 needs as many LLMs with a mean response above 0.1 and at most 0.9; "
        + "there are 3 of 6")
  }

  /// The sliding maximum agrees with trying every window.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func windowsAgreeWithTryingAll(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let right = (0..<60).map { _ -> Set<Int> in
      let share = 0.2 + 0.6 * generator.uniform()
      return Set((0..<300).filter { _ in generator.uniform() < share })
    }
    let benchmark = try benchmark(queries: 300, right: right)
    let pools = PoolConstruction(benchmark)
    for size in [3, 5, 10] {
      for group in [CandidateGroup.allWeak, .allStrong] {
        let fifth =
          group == .allWeak ? pools.eligible.prefix(max(12, size)) : pools.eligible.suffix(max(12, size))
        let sorted = Array(fifth)
        let windows = (0...sorted.count - size).map { Array(sorted[$0..<$0 + size]) }
        let covered = windows.map { window in
          window.reduce(into: Set<Int>()) { $0.formUnion(right[$1]) }.count
        }
        let best = windows[covered.firstIndex(of: covered.max() ?? 0) ?? 0]
        #expect(try pools.pool(size: size, group: group, seed: 0).llms == best)
      }
    }
  }

  /// Continuous grades that happen to be 0 and 1 give the pools of packed bits.
  @Test func bitsAndGradesAgree() throws {
    var generator = SeededGenerator(seed: 4)
    var grades = Matrix(rows: 90, columns: 100)
    for index in grades.storage.indices { grades.storage[index] = generator.uniform() < 0.3 ? 1 : 0 }
    let binary = try benchmark(
      queries: 90, right: (0..<100).map { llm in Set((0..<90).filter { grades[$0, llm] == 1 }) })
    let graded = try Benchmark(
      name: "x", queries: binary.queries, llms: binary.llms,
      responses: ResponseMatrix(GradedCells(.floats(grades))), split: binary.split)
    #expect(binary.responses.isBinary && !graded.responses.isBinary)
    for size in [1, 2, 7, 20, 25] {
      for group in [CandidateGroup.allWeak, .allStrong] {
        #expect(
          try PoolConstruction(binary).pool(size: size, group: group, seed: 0)
            == PoolConstruction(graded).pool(size: size, group: group, seed: 0))
      }
    }
  }

  /// From the train queries, the first ten, LLM 0 is stronger than LLM 1; over all it is weaker.
  @Test func poolsFromTrainLookAtNoOtherQuery() throws {
    let right: [Set<Int>] = [Set(0..<6), Set(0..<4).union(10..<20), Set(0..<5)]
    let all = try benchmark(queries: 20, right: right)
    let parted = try Benchmark(
      name: "x", queries: all.queries, llms: all.llms, responses: all.responses,
      split: Split(parts: (0..<20).map { $0 < 10 ? .train : .test }))
    #expect(PoolConstruction(parted).eligible == [2, 0, 1])
    #expect(PoolConstruction(parted, from: .train).eligible == [1, 2, 0])
  }

  /// 23 eligible LLMs in five strata of 5, 5, 5, 4 and 4.
  @Test func strataGiveOneLLMEach() throws {
    let right = (0..<23).map { Set(0..<(10 + 2 * $0)) }
    let pools = try PoolConstruction(benchmark(queries: 70, right: right))
    #expect(pools.eligible == Array(0..<23))
    let strata = [0..<5, 5..<10, 10..<15, 15..<19, 19..<23]
    var drawn: Set<[Int]> = []
    for seed in 0..<20 as Range<UInt64> {
      let pool = try pools.pool(size: 5, group: .strongToWeak, seed: seed)
      #expect(zip(pool.llms, strata).allSatisfy { $1.contains($0) } && pool.llms.count == 5)
      #expect(try pools.pool(size: 5, group: .strongToWeak, seed: seed) == pool)
      drawn.insert(pool.llms)
    }
    #expect(drawn.count > 15)
  }
}
