import NumericKernels
import RoutingData
import TestSupport
import Testing

/// Which pool a name stands for.
@Suite struct BenchmarkPoolsTests {
  @Test(arguments: [
    ("gsm8k/5/all_strong", "gsm8k", 5, CandidateGroup.allStrong),
    ("a/b/c/10/strong_to_weak", "a/b/c", 10, .strongToWeak), ("3/3/all_weak", "3", 3, .allWeak),
    ("x/5/all_weak/7/all_strong", "x/5/all_weak", 7, .allStrong),
    ("with space/1/all_weak", "with space", 1, .allWeak),
  ])
  func namesAreRead(text: String, benchmark: String, size: Int, group: CandidateGroup) throws {
    let name = try PoolName(text)
    #expect(name == PoolName(benchmark: benchmark, size: size, group: group))
    #expect("\(name)" == text)
  }

  @Test(arguments: [
    "", "gsm8k", "gsm8k/5", "5/all_strong", "gsm8k/all_strong/5", "gsm8k/0/all_strong", "gsm8k/-3/all_weak",
    "gsm8k/five/all_weak", "gsm8k/5/strong", "gsm8k/5/all_strong/", "gsm8k//all_strong", "gsm8k/5/ALL_STRONG",
    "gsm8k/99999999999999999999/all_weak",
  ])
  func otherTextsAreRefused(_ text: String) {
    #expect(
      throws: DataError("a pool is named BENCHMARK/M/GROUP, as in 'gsm8k/5/all_strong', not '\(text)'")
    ) { try PoolName(text) }
  }

  /// LLM j is right on test alone or on train alone, so that pools chosen on either differ.
  private func benchmark(published: Bool = true) throws -> Benchmark {
    let random = try TableBenchmark.random(queryCount: 300, llmCount: 20, seed: 2)
    let parts = random.benchmark.split.parts
    let rows = (0..<300).map { query in
      (0..<20).map { random.benchmark.responses[query, parts[query] == .train ? 19 - $0 : $0] }
    }
    return try TableBenchmark(
      rows, parts: parts, pools: published ? [CandidatePool(group: .allWeak, llms: [11, 3, 7])] : []
    ).benchmark
  }

  @Test func publishedPoolsComeFirst() throws {
    let benchmark = try benchmark()
    var pools = BenchmarkPools(benchmark, from: .all)
    let published = try pools.pool(size: 3, group: .allWeak, seed: 0)
    #expect(published.isPublished && published.pool.llms == [11, 3, 7])
    // Another size or group is constructed.
    for (size, group) in [(4, CandidateGroup.allWeak), (3, .allStrong), (3, .strongToWeak)] {
      let made = try pools.pool(size: size, group: group, seed: 5)
      #expect(!made.isPublished)
      #expect(try made.pool == PoolConstruction(benchmark).pool(size: size, group: group, seed: 5))
    }
  }

  @Test func poolsFromTrainAreNeverThePublishedOnes() throws {
    let benchmark = try benchmark()
    var pools = BenchmarkPools(benchmark, from: .train)
    for group in CandidateGroup.allCases {
      let made = try pools.pool(size: 3, group: group, seed: 1)
      #expect(!made.isPublished)
      #expect(
        try made.pool == PoolConstruction(benchmark, from: .train).pool(size: 3, group: group, seed: 1))
      #expect(
        try made.pool != PoolConstruction(benchmark, from: .all).pool(size: 3, group: group, seed: 1))
    }
  }

  @Test func theSeedDrawsTheStrata() throws {
    var pools = BenchmarkPools(try benchmark(published: false), from: .all)
    let drawn = try (0..<6).map { try pools.pool(size: 4, group: .strongToWeak, seed: $0).pool.llms }
    #expect(Set(drawn).count > 1)
    #expect(try pools.pool(size: 4, group: .strongToWeak, seed: 0).pool.llms == drawn[0])
  }

  @Test func tooManyCandidatesAreRefused() throws {
    var pools = BenchmarkPools(try benchmark(), from: .train)
    #expect {
      try pools.pool(size: 21, group: .allWeak, seed: 0)
    } throws: { "\($0)".contains("benchmark 'table': a pool of 21 needs") }
  }
}
