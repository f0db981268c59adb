import RoutingData
import TestSupport
import Testing

@Suite struct PoolNamingTests {
  @Test func groupsAreReadByName() throws {
    #expect(try CandidateGroup.list(["all"]) == CandidateGroup.allCases)
    #expect(try CandidateGroup.list(["strong_to_weak", "all_weak"]) == [.strongToWeak, .allWeak])
    for (names, fault) in [
      (["all_weak", "all_weak"], "names 'all_weak' twice"),
      (["all", "all_weak"], "needs all or some of all_strong, all_weak, strong_to_weak, not 'all'"),
    ] {
      let error = #expect(throws: DataError.self) { try CandidateGroup.list(names) }
      #expect(error?.description == fault)
    }
  }

  @Test func aPoolIsTheOneThatItsBenchmarkHas() throws {
    let table = try TableBenchmark.random(queryCount: 60, llmCount: 6, seed: 1)
    let dataset = try table.dataset()
    let (benchmark, pool) = try dataset.pool(PoolName("random/3/all_strong"), from: .train, seed: 7)
    var pools = BenchmarkPools(table.benchmark, from: .train)
    #expect(benchmark.name == "random")
    #expect(pool == (try pools.pool(size: 3, group: .allStrong, seed: 7).pool))
    #expect(throws: DataError.self) { try dataset.pool(PoolName("other/3/all_strong"), from: .all, seed: 7) }
  }
}
