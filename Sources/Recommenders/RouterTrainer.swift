import NumericKernels
import RoutingData

/// What a router learns from on one pool: the train queries and what its candidates answered.
public struct PoolTrainingSet: Sendable {
  /// The train queries and their embeddings, n × d.
  public let train: QueryBatch
  /// The names of the candidates, m of them, in the pool's order.
  public let llms: [String]
  /// The responses to the train queries, n × m, each in [0, 1]; NaN where one is missing.
  public let responses: Matrix
  /// The selection vectors, n × m, each 0 or 1; NaN where the response is missing.
  public let labels: Matrix

  /// The training set of some candidates, given as columns of the benchmark.
  ///
  /// `train` are train queries of the benchmark. Cost: one pass over n × m.
  public init(_ benchmark: Benchmark, train: QueryBatch, llmNames: [String], columns: [Int]) {
    precondition(train.benchmark == benchmark.name, "queries of '\(train.benchmark)'")
    precondition(llmNames.count == benchmark.responses.llmCount, "\(llmNames.count) names of LLMs")
    self.train = train
    llms = columns.map { llmNames[$0] }
    responses = benchmark.responses.selecting(queries: train.queries).selecting(llms: columns).dense()
    labels = SelectionVectors.labels(responses, isBinary: benchmark.responses.isBinary)
  }
}

/// Makes the router of a pool from what its candidates answered to the train queries.
public typealias PoolTrainer = @Sendable (PoolTrainingSet) throws -> any Router

/// Trains routers that belong to one pool, as RouterEval's baselines do.
///
/// Training has two steps, so that what depends on the queries alone is done once for all pools of a
/// benchmark.
public protocol RouterTrainer: Sendable {
  /// The name of its routers, as tables show it.
  var name: String { get }

  /// Learns from the train queries of a benchmark what does not depend on the pool.
  ///
  /// The trainer that it returns gets training sets of these queries only.
  ///
  /// - Throws: `DataError` for queries that nothing can be learned from.
  func prepare(_ train: QueryBatch) throws -> PoolTrainer
}
