import Baselines
import Evaluation
import FileFormats
import Metrics
import Reporting
import RoutingData
import TestSupport

/// A finished run on a benchmark small enough to compute by hand.
///
/// Four test queries: llm0 answers two of them, llm1 another one, llm2 all. One pool of two and one of
/// three for each group.
struct SampleRun {
  let scratch: TemporaryFolder
  let run: FinishedRun

  /// - Parameters:
  ///   - benchmark: its name; RouterEval's have a reference.
  ///   - router: the name of a third router, which always picks the last LLM.
  init(benchmark: String = "gsm8k", router: String = "last", sizes: [Int] = [2]) throws {
    scratch = try TemporaryFolder()
    var pools: [CandidatePool] = [
      CandidatePool(group: .allStrong, llms: [1, 2]), CandidatePool(group: .allWeak, llms: [1, 0]),
      CandidatePool(group: .strongToWeak, llms: [0, 2]),
    ]
    pools += CandidateGroup.allCases.map { CandidatePool(group: $0, llms: [0, 1, 2]) }
    let table = try TableBenchmark(
      name: benchmark,
      [[1, 0, 1], [1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 0, 1]], parts: [.train, .test, .test, .test, .test],
      pools: pools)
    let dataset = try table.dataset()
    let grid = EvaluationGrid(sizes: sizes, bootstrap: Bootstrap(resamples: 40))
    let names = ["oracle", "random", router]
    let folder = try ResultsFolder(
      scratch["run"],
      configuration: RunConfiguration(
        version: "1", datasetHash: "aaaa", benchmarks: [benchmark], encoder: nil,
        routers: names.map { RunConfiguration.RouterEntry(router: $0, sha256: nil) }, grid: grid))
    _ = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { pool in
          let last = pool.llms.last.map { table.llmNames[$0] }
          return [
            OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter(),
            ScriptedRouter(router) { _, llm in llm == last ? 1 : 0 },
          ]
        }
      }, saving: folder)
    run = try FinishedRun(scratch["run"])
  }
}
