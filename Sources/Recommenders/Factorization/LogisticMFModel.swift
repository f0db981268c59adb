import LinearAlgebra
import RoutingData

/// A trained logistic matrix factorization: LLM embeddings, train query embeddings, and the map that scores new queries.
///
/// P(LLM j answers query i well) = σ(vᵢ·uⱼ + bᵢ + cⱼ).
public struct LogisticMFModel: Sendable {
  /// The train queries of one benchmark that have factors.
  public struct Queries: Equatable, Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The queries, as rows of the benchmark.
    public let rows: [Int]
    /// Their factors v, n × k.
    public let factors: Matrix
    /// Their biases b.
    public let biases: [Float]
  }

  /// The LLMs that the model knows, in the order of the factors' rows.
  public let llmNames: [String]
  /// The LLM factors u, m × k.
  public let llmFactors: Matrix
  /// The LLM biases c.
  public let llmBiases: [Float]
  /// The train queries' factors, one entry for each benchmark.
  public let queries: [Queries]
  /// From embeddings to query factors and bias, p = k + 1 columns.
  public let map: EmbeddingMap
  /// How it was trained.
  public let training: TrainingRecord

  private let positions: [String: Int]
  /// (u, 1) and c of each LLM, divided by κ.
  private let scoringFactors: Matrix
  private let scoringBiases: [Float]

  /// A model from its parts, which must fit together.
  public init(
    llmNames: [String], llmFactors: Matrix, llmBiases: [Float], queries: [Queries], map: EmbeddingMap,
    training: TrainingRecord
  ) throws(DataError) {
    let k = llmFactors.columns
    guard llmFactors.rows == llmNames.count, llmBiases.count == llmNames.count, map.weights.columns == k + 1,
      queries.allSatisfy({ $0.factors.columns == k && $0.factors.rows == $0.rows.count })
    else { throw DataError("the parts of the model do not fit together") }
    self.llmNames = llmNames
    self.llmFactors = llmFactors
    self.llmBiases = llmBiases
    self.queries = queries
    self.map = map
    self.training = training
    positions = Dictionary(zip(llmNames, llmNames.indices), uniquingKeysWith: { first, _ in first })
    (scoringFactors, scoringBiases) = Self.scoring(llmFactors, llmBiases, map.residualCovariance)
  }

  /// Factors and biases divided by κⱼ = √(1 + π sⱼ²/8), sⱼ² = uⱼᵀ Σ uⱼ with uⱼ = (u, 1).
  ///
  /// The factors of an unseen query are known only up to the covariance Σ that the map leaves. The mean
  /// of σ(z) over a normal z is close to σ(z̄/κ) (MacKay 1992), so that scores stay calibrated and an LLM
  /// whose success hangs on what the embedding does not show is trusted less.
  static func scoring(_ factors: Matrix, _ biases: [Float], _ covariance: Matrix) -> (Matrix, [Float]) {
    let k = factors.columns
    var extended = Matrix(rows: factors.rows, columns: k + 1)
    for llm in 0..<factors.rows {
      for column in 0..<k { extended[llm, column] = factors[llm, column] }
      extended[llm, k] = 1
    }
    let spread = BLAS.multiply(extended, covariance)
    var scaledBiases = biases
    for llm in 0..<factors.rows {
      let variance = max(BLAS.dot(extended.row(llm), spread.row(llm)), 0)
      let kappa = (1 + Float.pi * variance / 8).squareRoot()
      for column in 0...k { extended[llm, column] /= kappa }
      scaledBiases[llm] /= kappa
    }
    return (extended, scaledBiases)
  }
}

extension LogisticMFModel: Router {
  /// The algorithm's name.
  public var name: String { LogisticMFTrainer.algorithm }

  /// The log-odds of a good answer, n × m; cost 2·n·(d·k + m·k) operations.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    var columns: [Int] = []
    for llm in llms {
      guard let position = positions[llm] else {
        throw DataError("the model does not know LLM '\(llm)': it was not among the LLMs trained on")
      }
      columns.append(position)
    }
    let queryFactors = try map.factors(of: batch.embeddings, benchmark: batch.benchmark)
    var scores = BLAS.multiply(
      queryFactors, .asStored, scoringFactors.selecting(rows: columns), .transposed)
    for row in 0..<scores.rows {
      for (index, column) in columns.enumerated() { scores[row, index] += scoringBiases[column] }
    }
    return scores
  }

  /// σ of the scores.
  public func predictedResponses(ofScores scores: Matrix) -> Matrix? { Elementwise.sigmoid(scores) }
}
