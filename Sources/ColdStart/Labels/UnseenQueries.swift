import Factorization
import Learning
import NumericKernels
import Regression
import Routing
import RoutingData

/// What is predicted of queries without any answer, from queries that all LLMs answered: by a map from embeddings to the
/// queries' factors, by kernel ridge regression, by the nearest queries and by the nearest sub-scenarios.
struct UnseenQueries {
  /// How a query without answers is predicted, by the names that tables show.
  enum Method: String, CaseIterable, Codable, Sendable {
    /// Each LLM's mean: no query is told from another.
    case means
    /// The factors that the embedding maps to.
    case map
    /// Kernel ridge regression on embeddings.
    case kernel
    /// The mean responses of the nearest queries.
    case neighbours
    /// The mean responses of the nearest sub-scenarios.
    case subscenarios
    /// The mean of `map`, `kernel` and `subscenarios`.
    case average
  }

  /// The ridge of the map for queries like the answered ones, and the most for others.
  private static let ridges: ClosedRange<Float> = 10...100
  private static let neighbours = 60
  private static let nearestSubscenarios = 2
  private static let benchmark = "source"

  private let standard: FeatureStandard
  private let features: Matrix
  private let responses: Matrix
  private let means: [Float]
  private let model: FactorModel
  private let kernel: KernelSmoother
  private let centres: Matrix
  private let centreMeans: Matrix

  /// Learns from answered queries: their embeddings, n × d, all responses, n × m, and their sub-scenarios.
  ///
  /// Where the unseen queries come from other sub-scenarios, regressions are made stiffer, see `KernelSmoother`.
  /// Cost a training, n³/3 for the kernel and a few n·d².
  ///
  /// - Throws: `DataError` for embeddings that are all equal; `NumericalError`.
  init(
    embeddings: Matrix, responses: Matrix, subscenarios: [Int], othersAreUnlike: Bool, families: [Int],
    factors: Int, seed: UInt64
  ) throws {
    let train = TrainFeatures([embeddings])
    standard = train.standard
    features = train.blocks[0]
    self.responses = responses
    means = (0..<responses.columns).map {
      responses.column($0).reduce(0, +) / Float(max(responses.rows, 1))
    }
    let near = try KernelSmoother.choice(features, targets: responses, seed: seed)
    let choice =
      othersAreUnlike
      ? try KernelSmoother.choice(features, targets: responses, groups: subscenarios, seed: seed) : near
    kernel = try KernelSmoother(features, choice)
    let ridge = min(Self.ridges.lowerBound * Float(choice.l2 / near.l2), Self.ridges.upperBound)
    let items = try ItemResponseModel.estimated(
      GradedCells(.floats(responses)), rows: Array(0..<responses.rows), benchmark: Self.benchmark,
      llms: (0..<responses.columns).map { "\($0)" }, families: families, factors: factors, seed: seed)
    let regression = EmbeddingRegression(benchmarks: [Self.benchmark], features: [features])
    let map = regression.map(
      to: [items.queries[0].factors], by: try regression.system(ridge: ridge))
    model = try FactorModel(
      RouterIdentity(name: "map", encoder: nil, llms: items.identity.llms), llmFactors: items.llmFactors,
      llmBiases: items.llmBiases, queryEncoder: map)
    let groups = Dictionary(grouping: subscenarios.indices) { subscenarios[$0] }
    let order = groups.keys.sorted().compactMap { groups[$0] }
    centres = Self.means(of: features, order)
    centreMeans = Self.means(of: responses, order)
  }

  private static func means(of rows: Matrix, _ groups: [[Int]]) -> Matrix {
    Matrix(
      groups.map { group in
        let own = rows.selecting(rows: group)
        return (0..<own.columns).map { own.column($0).reduce(0, +) / Float(own.rows) }
      })
  }

  /// Embeddings as the features of these queries.
  func features(of embeddings: Matrix) -> Matrix { standard.features(of: embeddings) }

  /// The probabilities of good answers to some queries by every method, each q × m.
  ///
  /// - Throws: `DataError` for embeddings that are not finite.
  func predictions(of embeddings: Matrix) throws -> [Method: Matrix] {
    let own = features(of: embeddings)
    var result: [Method: Matrix] = [:]
    var constant = Matrix(rows: own.rows, columns: means.count)
    constant.addToRows(means)
    result[.means] = constant
    let mapped = try model.scores(
      for: QueryBatch(embeddings: own), among: Candidates(model.identity.llms))
    result[.map] = mapped.probabilities ?? Elementwise.sigmoid(mapped.values)
    var smooth = BLAS.multiply(kernel.weights(of: own), responses)
    smooth.update { $0 = min(max($0, 0.005), 0.995) }
    result[.kernel] = smooth
    result[.neighbours] = nearest(own, features, responses, count: Self.neighbours)
    result[.subscenarios] = nearest(own, centres, centreMeans, count: Self.nearestSubscenarios)
    var sum = Matrix(rows: own.rows, columns: means.count)
    let parts: [Method] = [.map, .kernel, .subscenarios]
    for part in parts.compactMap({ result[$0] }) { sum += part }
    result[.average] = sum.scaled(by: 1 / Float(parts.count))
    return result
  }

  /// The mean of the rows of values whose points are nearest, shrunk a little towards each LLM's mean.
  private func nearest(_ own: Matrix, _ points: Matrix, _ values: Matrix, count: Int) -> Matrix {
    let count = min(count, points.rows)
    // The nearest has the largest x·y − ‖y‖²/2.
    let ones = Matrix(rows: own.rows, columns: 1, repeating: 1)
    let norms = points.rowDots(points).map { -$0 / 2 }
    let extended = points.appending(
      columns: Matrix(rows: points.rows, columns: 1, storage: norms))
    let rows = LargestProducts.rows(of: own.appending(columns: ones), in: extended, count: count)
    var result = Matrix(rows: own.rows, columns: values.columns)
    for (query, nearest) in rows.enumerated() {
      for row in nearest { result.addRows(of: values.selecting(rows: [row]), at: [query]) }
    }
    var shrunk = result.scaled(by: 1 / Float(count + 1))
    shrunk.addToRows(means.map { $0 / Float(count + 1) })
    return shrunk
  }
}
