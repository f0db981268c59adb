import Baselines
import Evaluation
import Learning
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// The comparison with the numbers of RouterEval's own code.
@Suite struct ReferenceMetricsTests {
  let dataset: Dataset

  init() throws {
    // gsm8k's reference is 0.92; the oracle has μ = 2/3, V_R = 0.724638, V_B = (2/3)/(1/3) = 2,
    // E_p = (0 + 1 + 0) / 3: one LLM right, none right (both at 1/2), one right. Random: μ = 2/6.
    dataset = try TableBenchmark(
      name: "gsm8k", [[1, 1], [1, 0], [0, 0], [0, 1]], parts: [.train, .test, .test, .test],
      pools: [CandidatePool(group: .allWeak, llms: [0, 1])]
    ).dataset()
  }

  func disagreements(_ lines: String...) throws -> [String] {
    let header = "dataset,m,group,router,mu,vr,vb,ep"
    return try ReferenceMetrics(csv: ([header] + lines).joined(separator: "\n"))
      .disagreements(with: dataset.benchmarks[0], of: dataset)
  }

  @Test func agrees() throws {
    #expect(
      try disagreements(
        "gsm8k,2,all_weak,oracle,0.666667,0.724638,2.000000,0.333333",
        "gsm8k,2,all_weak,random,0.335000,0.364130,1.005000,1.000000",
        // Picked with 3/4 where one LLM is right: μ = (3/4 + 0 + 3/4) / 3; E_p = (2·0.811278 + 1) / 3.
        "gsm8k,2,all_weak,r_o_0.5,0.499000,0.543478,1.500000,0.874186",
        "gsm8k,2,all_weak,knn,0.1,0.1,0.1,0.1") == [])
  }

  @Test func tellsEveryDifference() throws {
    #expect(
      try disagreements(
        "gsm8k,2,all_weak,oracle,0.666667,0.724638,2.000000,0.333335",
        "gsm8k,2,all_weak,random,0.339,0.364130,1.005000,1.000000",
        "gsm8k,3,all_weak,random,0.335,0.364130,1.005000,1.000000",
        "gsm8k,2,all_weak,r_o_0.5,0.499000,0.543478,1.500000,0.874189"
      ).map { $0.prefix { $0 != "," } } == [
        "gsm8k m=2 all_weak oracle: E_p is 0.3333333333333333",
        "random: 2 lines for 1 published pools",
        "gsm8k m=2 all_weak random: μ is 0.3333333333333333",
        "gsm8k m=3 all_weak random: no published pool",
        "gsm8k m=2 all_weak r_o_0.5: E_p is 0.8741854163060885",
      ])
  }

  @Test func namesALineThatDoesNotRead() {
    #expect(throws: DataError("line 2 of the reference metrics does not read: gsm8k,2,all_weak")) {
      try ReferenceMetrics(csv: "dataset,m\ngsm8k,2,all_weak")
    }
  }

  @Test(
    .enabled(if: RealData.isPresent, "no real data in \(RealData.folder)"), arguments: ["gsm8k", "mmlu_pro"])
  func agreesOnThePublishedPools(name: String) throws {
    let dataset = try RouterDatasetImporter.load(
      RealData.file("router_dataset/\(name)_router_dataset.pkl")
    ).dataset
    let reference = try ReferenceMetrics(csv: String(contentsOfFile: ReferenceMetrics.path, encoding: .utf8))
    #expect(try reference.disagreements(with: dataset.benchmark(named: name), of: dataset) == [])
  }

  /// k-means depends on its seed: the reference has one, and 132 test queries of gsm8k give steps of 0.0076.
  @Test(
    .enabled(if: RealData.isPresent, "no real data in \(RealData.folder)"),
    arguments: [("gsm8k", 5, 0.02), ("mmlu_pro", 1, 0.002)])
  func clustersAgreeOnAverage(name: String, seeds: Int, tolerance: Double) throws {
    let dataset = try RouterDatasetImporter.load(
      RealData.file("router_dataset/\(name)_router_dataset.pkl")
    ).dataset
    let reference = try ReferenceMetrics(csv: String(contentsOfFile: ReferenceMetrics.path, encoding: .utf8))
    let benchmark = try dataset.benchmark(named: name)
    let names = dataset.llmNames(of: benchmark)
    let encoder = try #require(benchmark.queries.embeddings.keys.first)
    let embeddings = try benchmark.embeddings(encoder: encoder)
    let train = benchmark.batch(
      of: benchmark.split.queries(in: .train), embeddings: embeddings, encoder: encoder)
    let trainers = try (0..<seeds).map { seed in
      var trainer = ClusterTrainer<CentroidClusters>()
      trainer.seed = UInt64(seed)
      return try trainer.prepared(for: TrainQueries(train))
    }
    for row in reference.rows where row.benchmark == name && row.router == "cluster" {
      let pool = try #require(
        benchmark.publishedPools.first { $0.size == row.size && $0.group.rawValue == row.group })
      let responses = try PoolResponses(benchmark, llmNames: names, pool: pool)
      let evaluation = try PoolEvaluation(responses, of: benchmark, embeddings: embeddings)
      let data = TrainingData(
        TrainingData.Pool(benchmark: name, llms: pool.llms), of: benchmark, catalog: dataset.catalog,
        queries: TrainQueries(train))
      let mus = try trainers.map { trainer in
        let router = try TrainingRun(withoutValidation: trainer).train(on: data) { _ in }.router
        return RoutingMetrics(try evaluation.route(router, ties: .first), pool: responses).mu
      }
      let mean = mus.reduce(0, +) / Double(seeds)
      #expect(abs(mean - row.values[0]) <= tolerance, "m=\(row.size) \(row.group): \(mus)")
    }
  }
}
