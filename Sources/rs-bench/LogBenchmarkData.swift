import Baselines
import Debiasing
import FileFormats
import NumericKernels
import Routing
import RoutingData

extension LogBenchmark {
  /// A benchmark of 8,500 LLMs, loggers of all of them, and the logs they make.
  struct ManyLLMs {
    let benchmark: Benchmark
    let dataset: Dataset
    let llms: [Int]
    private let candidates: Candidates
    private let queries: QueryBatch
    private let rows: Int
    private let seed: UInt64

    /// A share of 24,000 queries, and logs of a number of rows.
    init(fraction: Double, rows: Int, seed: UInt64) throws {
      benchmark = try PoolBenchmark.data(fraction: 2 * fraction, seed: seed).benchmark
      llms = Array(benchmark.llms.indices)
      dataset = try Dataset(catalog: LLMCatalog(names: llms.map { "llm-\($0)" }), benchmarks: [benchmark])
      candidates = Candidates(
        dataset.catalog.names, trainMeans: benchmark.trainMeans(of: llms).values)
      let count = benchmark.queries.count
      queries = benchmark.batch(
        of: Array(0..<count), embeddings: Matrix(rows: count, columns: 1), encoder: nil)
      self.rows = rows
      self.seed = seed
    }

    /// A logger whose picks are the same for every query.
    func uniform() throws -> Logger {
      try Logger("uniform", router: RandomRouter(), policy: UniformPolicy(), among: candidates)
    }

    /// A logger that sends hard queries to strong LLMs.
    func difficulty() throws -> Logger {
      try Logger(
        "difficulty", router: DifficultyRouter(benchmark, pool: llms), policy: SoftmaxPolicy(temperature: 1),
        among: candidates)
    }

    /// What a logger sees.
    func log(by logger: Logger) throws -> Log {
      try LogSimulation(logger, rows: rows, seed: seed)
        .log(named: "log", of: benchmark, llms: llms, queries: queries)
    }
  }

  /// A benchmark of few LLMs whose answers depend on an embedding, all of its queries for training.
  struct FewLLMs {
    let benchmark: Benchmark
    let dataset: Dataset
    let embeddings: Matrix
    private let scores: Matrix
    private let seed: UInt64

    init(queries: Int, llms: Int, dimensions: Int, seed: UInt64) throws {
      let blocks = Parallel.blocks(of: queries, size: 1_024)
      let values = Parallel.map(blocks.count) { index -> [Float] in
        var generator = SeededGenerator(seed: seed, stream: "log-benchmark/embeddings", index)
        return (0..<blocks[index].count * dimensions).map { _ in generator.normal() }
      }
      embeddings = Matrix(rows: queries, columns: dimensions, storage: Array(values.joined()))
      var generator = SeededGenerator(seed: seed, stream: "log-benchmark/answers")
      let scale = 1 / Float(dimensions).squareRoot()
      let weights = Matrix(
        rows: dimensions, columns: llms,
        storage: (0..<dimensions * llms).map { _ in scale * generator.normal() })
      scores = BLAS.multiply(embeddings, weights)
      var answers = BitMatrix(rows: queries, columns: llms)
      for query in 0..<queries {
        for llm in 0..<llms { answers[query, llm] = generator.normal() < scores[query, llm] }
      }
      benchmark = try Benchmark(
        name: "made-up",
        queries: QuerySet(
          subscenarioNames: ["made-up"], subscenarios: Array(repeating: 0, count: queries),
          embeddings: ["made-up": NDArray(matrix: embeddings)]),
        llms: Array(0..<llms), responses: ResponseMatrix(GradedCells(.bits(answers))),
        split: Split(parts: Array(repeating: .train, count: queries)))
      dataset = try Dataset(
        catalog: LLMCatalog(names: (0..<llms).map { "llm-\($0)" }), benchmarks: [benchmark])
      self.seed = seed
    }

    /// The log of a logger that prefers good LLMs to a degree that depends on the query.
    func log(rows: Int) throws -> Log {
      let llms = Array(benchmark.llms.indices)
      let candidates = Candidates(
        dataset.catalog.names, trainMeans: benchmark.trainMeans(of: llms).values)
      let logger = try Logger(
        "difficulty", router: DifficultyRouter(benchmark, pool: llms), policy: SoftmaxPolicy(temperature: 1),
        among: candidates)
      let queries = Array(0..<benchmark.queries.count)
      return try LogSimulation(logger, rows: rows, seed: seed).log(
        named: "log", of: benchmark, llms: llms,
        queries: benchmark.batch(of: queries, embeddings: embeddings, encoder: "made-up"))
    }

    /// A target's probabilities for some queries, queries × m.
    func shares(_ queries: [Int], temperature: Float) -> Matrix {
      Elementwise.softmaxRows(scores.selecting(rows: queries), temperature: temperature)
    }
  }
}
