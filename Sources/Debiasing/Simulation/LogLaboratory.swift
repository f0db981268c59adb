import Baselines
import Learning
import NumericKernels
import Regression
import Routing
import RoutingData

/// A pool of a benchmark whose responses are known, in which loggers can be let loose and the truth is at hand.
///
/// A base router, which softmax and ε-greedy loggers follow, learns from a share of the train queries, the warm-up, with
/// all responses of the pool. No log holds a query of the warm-up, whoever makes it: the scores of all logged queries are
/// functions of their embeddings alone, and logs of several loggers are about the same queries.
package struct LogLaboratory: Sendable {
  /// The benchmark with all responses.
  package let benchmark: Benchmark
  /// The candidates, as columns of the benchmark.
  package let llms: [Int]
  /// The candidates with their means over all train queries, and their costs where these are known.
  package let candidates: Candidates
  /// The train queries that the base router learns from, ascending.
  package let warmUp: [Int]
  /// The embeddings of all queries, queries × d.
  package let embeddings: Matrix
  /// Their encoder.
  package let encoder: String
  private let dataset: Dataset

  /// The share of the train queries that is the warm-up where nobody says otherwise.
  package static let standardWarmUp = 0.1

  /// A pool of a benchmark of a dataset, given as columns; `costs` are those of the pool's LLMs.
  ///
  /// - Throws: `DataError` for fewer than two LLMs, an unknown encoder, or a warm-up that leaves no train query.
  package init(
    _ dataset: Dataset, benchmark: Benchmark, llms: [Int], encoder: String? = nil, costs: [Double]? = nil,
    warmUp share: Double = Self.standardWarmUp, seed: UInt64
  ) throws {
    guard llms.count >= 2 else {
      throw DataError(
        "a logger of \(llms.count) LLMs of benchmark '\(benchmark.name)' has no choice: name two or more")
    }
    self.dataset = dataset
    self.benchmark = benchmark
    self.llms = llms
    self.encoder = try dataset.encoder(encoder, for: [benchmark])
    embeddings = try benchmark.embeddings(encoder: self.encoder)
    candidates = Candidates(
      llms.map { dataset.catalog.names[benchmark.llms[$0]] },
      trainMeans: benchmark.trainMeans(of: llms).values,
      costs: costs)
    var train = benchmark.split.queries(in: .train)
    let count = max(Int(share * Double(train.count)), 1)
    guard share >= 0, share < 1, count < train.count else {
      throw DataError(
        "benchmark '\(benchmark.name)': a warm-up of \(share) of \(train.count) train queries leaves none to log"
      )
    }
    var generator = SeededGenerator(seed: seed, stream: "warm-up/\(benchmark.name)")
    generator.shuffle(&train)
    warmUp = train.prefix(count).sorted()
  }

  /// The queries of some parts that a log may hold, ascending.
  package func queries(in parts: Set<SplitPart>) -> [Int] {
    let spent = Set(warmUp)
    return benchmark.split.parts.indices.filter {
      parts.contains(benchmark.split.parts[$0]) && !spent.contains($0)
    }
  }

  /// Some queries as routers and loggers get them.
  package func batch(_ queries: [Int]) -> QueryBatch {
    benchmark.batch(of: queries, embeddings: embeddings, encoder: encoder)
  }

  /// Kernel ridge regression of the pool's responses to the warm-up.
  ///
  /// - Throws: `DataError` for a warm-up that nothing can be learned from; `NumericalError`.
  package func baseRouter() throws -> any Router {
    let pool = TrainingData.Pool(benchmark: benchmark.name, llms: llms)
    let data = try TrainingData(dataset, encoder: encoder, pool: pool, empty: .keep)
    let known = Set(warmUp)
    let train = data.blocks[0].train.rows
    let places = train.indices.filter { known.contains(train[$0]) }
    return try TrainingRun(withoutValidation: KernelRidgeTrainer())
      .train(on: data.selecting(trainQueries: [places]).withoutValidation) { _ in }.router
  }

  /// The logger of a recipe, whose every propensity is at least `floor`.
  ///
  /// `router` is the one that softmax and ε-greedy follow; without it a base router is trained where one is needed.
  ///
  /// - Throws: `DataError` for a floor above 1/m, costs that are not known, or what the base router can't learn from.
  package func logger(
    _ recipe: LoggerRecipe, floor: Double = 0, router: (any Router)? = nil
  ) throws -> Logger {
    let parts: (router: any Router, policy: any Policy)
    switch recipe {
    case .uniform: parts = (RandomRouter(), UniformPolicy())
    case .popularity: parts = (RandomRouter(), RankedPolicy(by: .popularity))
    case .cost:
      guard candidates.costs != nil else {
        throw DataError(
          "policy 'cost' needs what the LLMs cost: name a column of llms.csv or a file with --costs")
      }
      parts = (RandomRouter(), RankedPolicy(by: .cost))
    case .bestExplore(let share): parts = (RandomRouter(), ExploringPolicy(BestSinglePolicy(), share: share))
    case .difficulty(let strength):
      parts =
        strength > 0
        ? (
          try DifficultyRouter(benchmark, pool: llms), SoftmaxPolicy(temperature: 1 / strength)
        ) : (RandomRouter(), UniformPolicy())
    case .softmax(let temperature):
      parts = (try router ?? baseRouter(), SoftmaxPolicy(temperature: temperature))
    case .epsilon(let share):
      parts = (try router ?? baseRouter(), ExploringPolicy(HighestScore(), share: share))
    }
    return try Logger(
      recipe.text, router: parts.router, policy: parts.policy, among: candidates, floor: floor)
  }
}
