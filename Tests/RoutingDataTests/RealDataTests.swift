import FileFormats
import NumericKernels
import TestSupport
import Testing

@testable import RoutingData

/// Expected values were read with Python 3.11 and numpy 2.4.6.
@Suite(.enabled(if: RealData.isPresent, "set ROUTEREC_DATA to the folder of RouterEval files"))
struct RealDataTests {
  private static func triple(_ name: String, routerDataset: Bool = false) -> RouterEvalFiles {
    RouterEvalFiles(
      scores: RealData.file("leaderboard_score/leaderboard_\(name).pkl"),
      embeddings: [
        .init(path: RealData.file("leaderboard_embed/leaderboard_\(name)_embed/sentence_bert_result.pkl"))
      ],
      prompts: RealData.file("leaderboard_prompt/leaderboard_\(name)_prompt.pkl"),
      routerDatasets: routerDataset ? [RealData.file("router_dataset/\(name)_router_dataset.pkl")] : [],
      scenarios: name == "gsm8k"
        ? ScenarioList([.init(benchmark: "gsm8k", subscenarios: ["harness_gsm8k_5"])]) : nil)
  }

  @Test func mmluProFromItsTriple() throws {
    let benchmark = try RouterEvalImporter.load(Self.triple("mmlu_pro")).dataset.benchmark(named: "mmlu_pro")
    #expect(benchmark.responses.queryCount == 11_954 && benchmark.responses.llmCount == 28)
    #expect(benchmark.responses.isBinary)
    #expect(benchmark.responses.llmMeans().reduce(0) { $0 + ($1 ?? 0) * 11_954 }.rounded() == 132_526)
    #expect(benchmark.queries.embeddings["sentence_bert"]?.shape == [11_954, 384])
    #expect(try benchmark.loadPrompts()?[0].hasPrefix("Typical advertising regulatory bodies") == true)
    #expect(benchmark.split.queries(in: .test).count == 1_196 && benchmark.split.origin == .seeded(0))
  }

  @Test(arguments: ["gsm8k", "mmlu_pro"])
  func allImportersAgree(name: String) throws {
    let whole = try RouterEvalImporter.load(Self.triple(name, routerDataset: true)).dataset
    let benchmark = try whole.benchmark(named: name)
    let contents = try BenchmarkContents(benchmark, in: whole)
    #expect(benchmark.split.origin == .published && benchmark.publishedPools.count == 9)

    let npz = try NPZImporter.load(RealData.file("\(name).npz")).dataset
    let plain = try BenchmarkContents(npz.benchmarks[0], in: npz)
    #expect(plain.llms == contents.llms && plain.responses == contents.responses)
    #expect(plain.prompts == contents.prompts && plain.ids?.count == contents.responses.count)
    #expect(npz.benchmarks[0].queries.subscenarioNames.count == (name == "gsm8k" ? 1 : 14))

    let alone = try RouterDatasetImporter.load(
      RealData.file("router_dataset/\(name)_router_dataset.pkl")
    ).dataset
    let pooled = alone.benchmarks[0]
    #expect(pooled.split == benchmark.split)
    #expect(try pooled.loadPrompts() == contents.prompts)
    #expect(try pooled.embeddings(encoder: "router_dataset") == contents.embeddings["sentence_bert"])
    let names = alone.llmNames(of: pooled)
    for (column, llm) in names.enumerated() {
      let own = try #require(contents.llms.firstIndex(of: llm))
      #expect(
        (0..<pooled.queries.count).allSatisfy { pooled.responses[$0, column] == contents.responses[$0][own] })
    }
    for (mine, theirs) in zip(pooled.publishedPools, benchmark.publishedPools) {
      #expect(
        mine.group == theirs.group && mine.llms.map { names[$0] } == theirs.llms.map { contents.llms[$0] })
    }
  }

  @Test(arguments: ["gsm8k", "mmlu_pro"])
  func windowsAreThePublishedOnes(name: String) throws {
    let dataset = try RouterEvalImporter.load(Self.triple(name, routerDataset: true)).dataset
    let benchmark = try dataset.benchmark(named: name)
    let construction = PoolConstruction(benchmark)
    let published = benchmark.publishedPools.filter { $0.group != .strongToWeak }
    #expect(published.map(\.size) == [3, 3, 5, 5, 10, 10])
    for pool in published {
      #expect(try construction.pool(size: pool.size, group: pool.group, seed: 0) == pool)
    }
  }

  @Test func aRouterDatasetOfAnotherBenchmarkIsRefused() throws {
    var files = Self.triple("gsm8k")
    files.scenarios = nil
    #expect(failure { _ = try RouterEvalImporter.load(files) } == nil)
    files.routerDatasets = [RealData.file("router_dataset/mmlu_pro_router_dataset.pkl")]
    #expect(failure { _ = try RouterEvalImporter.load(files) }?.contains("benchmark 'mmlu_pro'") == true)
    #expect(
      failure {
        _ = try RouterEvalImporter.load(files, options: ImportOptions(benchmark: "gsm8k"))
      }?.contains("splits 11954 queries, benchmark 'gsm8k' has 1319") == true)
  }
}
